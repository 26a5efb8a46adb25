//! The record cannot be changed quietly: it is sealed, it verifies, and whatever is done to it is named.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod file;
#[path = "../support/relay.rs"]
mod relay;
mod retention;
mod sealing;
mod silence;
#[path = "../support/mod.rs"]
mod support;
mod tampering;
mod tidying;
mod upgrade;
mod world;
