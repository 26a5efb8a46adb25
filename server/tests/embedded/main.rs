//! The private PostgreSQL of the demo and of the tests, from outside: real servers, real processes, real crashes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cluster;
mod deaths;
mod home;
mod shop;
