//! The chain: why the record cannot be changed quietly.
//!
//! Every row of the record has a digest. A [`Seal`] lists rows of one table with their digests, and its link is a digest
//! over all of that and the link before. So a row that is changed, removed, put in or moved no longer fits its seal, a seal
//! that is changed no longer fits the next one, and a chain that was made anew no longer fits the [`Checkpoint`]s that were
//! signed, or kept elsewhere, while it grew.
//!
//! Invariant: pure; who reads the rows, and from where (the store, a file), is not known here.

mod canonical;
pub mod checkpoint;
pub mod finding;
pub mod follow;
pub mod keys;
pub mod line;
pub mod policy;
pub mod retained;
pub mod row;
pub mod seal;

pub use canonical::Digest;
pub use checkpoint::Checkpoint;
pub use finding::Finding;
pub use follow::Follow;
pub use keys::{PublicKey, RecordKeys, Signature};
pub use policy::CheckpointPolicy;
pub use retained::Retained;
pub use row::{Relation, Row};
pub use seal::{Entry, Seal};
