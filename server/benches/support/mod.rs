//! A release build of the program beside a PostgreSQL of its own, store and warehouse in one database, so that the floor
//! can be measured on the very same tables.

pub mod floor;
pub mod http;
pub mod program;
pub mod report;

use std::time::Duration;

/// What a load gave.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub p50: Duration,
    pub p99: Duration,
    pub per_second: f64,
    /// Answers other than the expected one.
    pub errors: usize,
}

impl Figures {
    /// From the length of each call, and of the whole.
    pub fn of(mut calls: Vec<Duration>, whole: Duration, errors: usize) -> Self {
        assert!(!calls.is_empty(), "nothing was measured");
        calls.sort_unstable();
        let at = |share: usize| calls[(calls.len() - 1) * share / 100];
        #[expect(clippy::cast_precision_loss, reason = "a count of calls")]
        let per_second = calls.len() as f64 / whole.as_secs_f64();
        Self { p50: at(50), p99: at(99), per_second, errors }
    }
}

/// The figure in the middle of three rounds, by throughput, with the errors of all.
pub fn median(mut rounds: Vec<Figures>) -> Figures {
    rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    let errors = rounds.iter().map(|round| round.errors).sum();
    Figures { errors, ..rounds[rounds.len() / 2] }
}
