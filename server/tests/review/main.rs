//! Looking through the record, on a real PostgreSQL and by a clock that the test sets.
#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod export;
mod filters;
mod indexing;
mod lists;
mod pages;
#[path = "../support/mod.rs"]
mod support;
mod usage;
mod world;
