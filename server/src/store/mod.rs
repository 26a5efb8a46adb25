//! Our own database: people, what they hold, and the record.
//!
//! Invariant: this is the only place that says a statement to the store, each from a file of its own under `sql/`, and
//! every name in them is qualified, so that no setting of a session matters and a transaction pooler may stand between.

pub mod alerts;
pub mod assignments;
pub mod attempts;
pub mod budgets;
pub mod call_terms;
pub mod calls;
pub mod checkpoint_delivery;
pub mod checkpoints;
pub mod clients;
mod connections;
pub mod counters;
pub mod deliveries;
pub mod denials;
pub mod door;
pub mod events;
pub mod expired;
pub mod factors;
pub mod grants;
pub mod guesses;
pub mod health;
mod held;
pub mod indexing;
pub mod journal;
pub mod migrations;
pub mod outcomes;
pub mod partitions;
pub mod pauses;
pub mod people;
pub mod record;
pub mod refresh_tokens;
pub mod retentions;
pub mod rollups;
pub mod seals;
pub mod self_tests;
pub mod sessions;
pub mod setup_links;
mod together;
pub mod tokens;
mod transaction;

use crate::model::pooler::Pooler;
use crate::store::connections::Connections;
use futures_util::FutureExt;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
pub use transaction::{Store, Transaction};

/// How to reach the store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    pub connect: PgConnectOptions,
    /// What stands between us and the store.
    pub pooler: Pooler,
    /// Connections at most.
    pub pool: u32,
    /// How long a request waits for a free connection before it is turned away.
    pub wait: Duration,
}

/// A connection that rested for so long may have died unnoticed.
const RESTED: Duration = Duration::from_secs(1);

/// How long a connection may take to say that it still lives, and a statement on the way of a call to end. A network that
/// goes away without a word would hold both for a quarter of an hour.
const GLANCE: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(4);

/// How long, in milliseconds, a statement of a chore may take: less than its answer is waited for.
pub const STATEMENT_MS: u32 = 25_000;

/// Opens the store without waiting for it: the program starts although its database is still away, and says so to each
/// request until it is back.
#[must_use]
pub fn open(options: StoreOptions) -> Store {
    let connect = match options.pooler {
        Pooler::None => options.connect,
        // It refuses to begin with what it does not know how to hand on.
        Pooler::Transaction => options.connect.extra_float_digits(None),
    };
    let pool = PgPoolOptions::new()
        .max_connections(options.pool)
        .acquire_timeout(options.wait)
        // A ping before each use would be a round trip of its own: only a connection that rested is asked whether it
        // still lives. One that died at work shows itself, and the statement is said again on another.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    in_time(GLANCE, connection.ping()).await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(connect.application_name("portcullis"));
    Store { connections: Connections::new(pool, options.pooler) }
}

/// Why the store gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or has no connection to spare. Trying again later helps.
    #[error("the store cannot be reached: {0}")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// A rule of the data was broken; the name is that of the constraint, a word of the domain.
    #[error("the store refuses it: {constraint}")]
    Conflict { constraint: String },
    /// The session changed between two statements, or did not begin as it should.
    #[error("a pooler seems to stand before the store, so say `store.pooler = \"transaction\"`: {0}")]
    Pooled(#[source] Arc<sqlx::Error>),
    /// A fault of ours.
    #[error("the store does not understand us: {0}")]
    Broken(#[source] Arc<sqlx::Error>),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            if let Some(constraint) = database.constraint() {
                return Self::Conflict { constraint: constraint.to_owned() };
            }
            let code = database.code().unwrap_or_default();
            // invalid_sql_statement_name, duplicate_prepared_statement.
            if matches!(&*code, "26000" | "42P05") || database.message().contains("startup parameter") {
                return Self::Pooled(Arc::new(error));
            }
            // Class 08 connection exception, 53 insufficient resources, 57P operator intervention, 28 authorization,
            // 3D000 no such database (PostgreSQL manual, appendix A).
            let away = ["08", "53", "57P", "28", "3D"].iter().any(|class| code.starts_with(class));
            return if away { Self::Unavailable(Arc::new(error)) } else { Self::Broken(Arc::new(error)) };
        }
        match error {
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::Encode(_)
            | sqlx::Error::TypeNotFound { .. }
            | sqlx::Error::RowNotFound => Self::Broken(Arc::new(error)),
            _ => Self::Unavailable(Arc::new(error)),
        }
    }
}

/// Says a statement that may safely be said twice, and says it again where the connection turned out to be dead: the
/// price of not asking each connection whether it still lives.
async fn twice<T, S>(say: impl Fn() -> S) -> Result<T, StoreError>
where
    S: Future<Output = Result<T, sqlx::Error>>,
{
    let mut may_be_dead = true;
    loop {
        match in_time(PATIENCE, say()).await {
            Err(error) if may_be_dead && is_lost_connection(&error) => may_be_dead = false,
            result => return Ok(result?),
        }
    }
}

fn in_time<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> impl Future<Output = Result<T, sqlx::Error>> {
    // Not a lost connection: whatever is slow would be just as slow again.
    timeout(patience, work).map(|said| said.unwrap_or(Err(sqlx::Error::PoolTimedOut)))
}

fn is_lost_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        // admin_shutdown, crash_shutdown: the connection was ended from the other side.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02")),
        _ => false,
    }
}
