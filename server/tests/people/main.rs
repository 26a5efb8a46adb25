//! People, from outside: through the whole router, on a real PostgreSQL, by a clock that the test sets.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod attributes;
mod browser;
mod cli;
mod enrolment;
mod forms;
#[path = "../support/listening.rs"]
mod listening;
mod logs;
mod second_factor;
mod sessions;
mod set_up;
mod sign_in;
mod throttle;
mod world;
