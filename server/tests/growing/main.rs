//! The program as it is run for years: real processes, several of them, behind real poolers, before real replicas.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/authority.rs"]
mod authority;

mod database_tls;
mod drain;
mod instances;
mod pgbouncer;
mod pooler;
mod process;
mod reload;
mod replicas;
#[path = "../support/standby.rs"]
mod standby;
mod tls;
mod upgrade;
mod web;
mod world;
