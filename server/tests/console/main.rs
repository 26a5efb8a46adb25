//! The pages of the record and of the usage, from outside: through the whole router, on a real PostgreSQL, by a clock that
//! the test sets.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "another test crate uses the rest")]
#[path = "../people/browser.rs"]
mod browser;
mod budgets;
mod detail;
mod empty;
mod export;
mod filters;
mod hostile;
mod pages;
mod record;
mod roles;
mod usage;
#[allow(dead_code, reason = "another test crate uses the rest")]
#[path = "../people/world.rs"]
mod world;
