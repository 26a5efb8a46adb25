//! What the program tells of itself to those who watch it, from outside and on a real PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod budgets;
mod checkpoints;
#[path = "../support/listening.rs"]
mod listening;
mod metrics;
mod receiver;
mod sentry;
#[path = "../support/mod.rs"]
mod support;
mod traces;
mod webhook;
