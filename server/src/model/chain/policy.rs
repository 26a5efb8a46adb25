//! When a checkpoint is due.

use time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointPolicy {
    /// After so many rows.
    pub rows: i64,
    /// After so much time, if anything was added.
    pub every: Duration,
}

impl Default for CheckpointPolicy {
    fn default() -> Self {
        Self { rows: 100_000, every: Duration::hours(1) }
    }
}
