//! Looking through the record, on a real PostgreSQL and by a clock that the test sets.
#![allow(
    clippy::cast_possible_wrap,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod filters;
mod indexing;
mod pages;
#[path = "../support/mod.rs"]
mod support;
mod world;
