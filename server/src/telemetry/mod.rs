//! What the program tells of its own work to those who watch it: the log, what is counted, and traces.
//!
//! Invariant: knows no flow and no database, so that every floor may speak of itself here; and tells no secret, no statement
//! and no row.

mod interest;
mod layer;
mod log;
mod sentry;
pub mod span;
mod traces;

pub use layer::{Layer, begin_counting};
pub use log::{Listeners, Log, begin, without_secrets};
pub use sentry::Reporter;
pub use traces::{Destination, Exporter};
