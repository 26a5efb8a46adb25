//! The program attacks itself, and notices who touches what nobody should touch.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/authority.rs"]
mod authority;
#[path = "../support/mod.rs"]
mod support;

mod canaries;
mod self_test;
