//! Whether a server is a standby, and how far it is behind its primary. It is asked for with the guard, in the same message.
//!
//! A standby knows when the transaction was committed that it replayed last, by its primary's clock. While nobody writes
//! that moment grows old although nothing is missing, so a standby that has replayed all that it received, and is still
//! connected, counts as current. A role without any right sees whether it is connected: the function behind
//! `pg_stat_wal_receiver` tells it the receiver's process, if nothing more, and is planned sooner than the view. A
//! connection that swallows everything counts as one until `wal_receiver_timeout` ends it, so a standby may be older than
//! it says by that much.

use std::time::Duration;

use sqlx::Row;
use sqlx::postgres::PgRow;

/// Two columns for the guard: whether it is a standby, and its lag in seconds.
pub(super) const STANDING: &str = ", pg_catalog.pg_is_in_recovery(), (case when pg_catalog.pg_is_in_recovery() then case \
     when pg_catalog.pg_last_wal_receive_lsn() operator(pg_catalog.=) pg_catalog.pg_last_wal_replay_lsn() \
     and (pg_catalog.pg_stat_get_wal_receiver()).pid is not null then 0 \
     else extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) \
     pg_catalog.pg_last_xact_replay_timestamp()) end end)::pg_catalog.float8";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Primary,
    /// `None`: it has replayed nothing since it started, and cannot tell.
    Standby {
        lag: Option<Duration>,
    },
}

impl Standing {
    /// Reads the two columns, the first of which is `column`.
    pub(super) fn read(row: &PgRow, column: usize) -> sqlx::Result<Self> {
        if !row.try_get::<bool, _>(column)? {
            return Ok(Self::Primary);
        }
        // Where the clocks of the two servers differ, it may be less than nothing.
        let seconds = row.try_get::<Option<f64>, _>(column + 1)?;
        let lag =
            seconds.map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX));
        Ok(Self::Standby { lag })
    }
}
