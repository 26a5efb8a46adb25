//! The warehouse: the operator's own database, read through a profile and never written.
//!
//! A [`Gateway`] is one profile's way in. [`run`] takes a statement that the gate has admitted and brings back its rows;
//! [`catalog::read`] tells what the profile can see, [`probe::probe`] whether the way in is sound.
//!
//! Invariant: knows no configuration, no store, no flow; the only statement of an agent that gets here is one that the
//! gate printed.

pub mod catalog;
mod fault;
mod form;
mod gateway;
mod guard;
mod json;
mod lease;
mod pool;
pub mod probe;
mod run;
mod stop;
mod wrap;

#[cfg(test)]
mod tests;

pub use fault::{Fault, Overrun};
pub use gateway::{Gateway, GatewayOptions, Misfit, Timeouts};
pub use run::{Failure, Order, run};
