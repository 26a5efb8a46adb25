//! The MCP endpoint from outside: the whole router on a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod answers;
mod door;
mod messages;
#[path = "../support/relay.rs"]
mod relay;
#[path = "../support/mod.rs"]
mod support;
mod tools;
mod trips;
mod trouble;
