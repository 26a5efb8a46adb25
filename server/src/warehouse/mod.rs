//! The warehouse: the operator's own database, read through a profile and never written.
//!
//! A [`Gateway`] is one profile's way in. [`run`] takes a statement that the gate has admitted and brings back its rows;
//! [`catalog()`] tells what the profile can see, [`probe()`] whether the way in is sound.
//!
//! Invariant: knows no configuration, no store, no flow; the only statement of an agent that gets here is one that the
//! gate printed. The built-in attacks of a self-test come without the gate ([`assault()`]), and nothing else can.

mod assault;
mod catalog;
mod cautions;
mod collect;
mod early;
mod explain;
mod fault;
mod form;
mod gateway;
mod grants;
mod guard;
mod json;
mod lease;
mod pool;
mod probe;
mod reach;
mod run;
mod servers;
mod shape;
mod standing;
mod stop;
mod summary;
mod transcript;
mod trial;
mod values;
mod views;
mod wrap;

#[cfg(test)]
mod tests;

pub use assault::assault;
pub use catalog::catalog;
pub use cautions::{Caution, cautions};
pub use early::{Early, begin_early};
pub use explain::explain;
pub use fault::{Fault, Overrun};
pub use gateway::{Gateway, GatewayOptions, Misfit, Timeouts};
pub use grants::{Administrator, Changes, NotSaid};
pub use probe::{Flaw, probe};
pub use reach::{Roles, reach, reach_by};
pub use run::{Failure, Order, run};
pub use trial::{Attempted, Setting, Trial, read_the_store, trial};
pub use views::MarkFailed;
