//! What the program tells of its own work to those who watch it.
//!
//! Invariant: knows no flow and no database, so that every floor may speak of itself here; and tells no secret, no statement
//! and no row.

mod layer;

pub use layer::{Layer, begin_counting};
