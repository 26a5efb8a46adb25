//! The authorization server from outside: whole flows through the router on a real PostgreSQL, with an independent client.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::type_complexity,
    reason = "a test fails by panicking"
)]

mod authorize;
mod described;
mod documents;
mod exchange;
mod flow;
mod gates;
mod pages;
mod refresh;
mod registration;
#[path = "../support/mod.rs"]
mod support;
mod world;
