//! What the roles of a profile can do, against a warehouse of a test's own on a real PostgreSQL.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod drift;
mod grants;
mod reach;
mod serve;
mod world;
