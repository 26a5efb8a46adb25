//! What the roles of a profile can do, against a warehouse of a test's own on a real PostgreSQL.
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
mod cookbook;
mod demo;
mod drift;
mod grants;
mod page;
mod reach;
mod serve;
mod setup;
mod several;
mod smoke;
mod surface;
mod views;
mod world;
