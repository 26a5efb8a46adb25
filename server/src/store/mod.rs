//! Our own database: people, what they hold, and the record.
//!
//! Invariant: this is the only place that says a statement to the store, each from a file of its own under `sql/`, and
//! every name in them is qualified, so that no setting of a session matters and a transaction pooler may stand between.

pub mod alerts;
pub mod assignments;
pub mod attempts;
pub mod call_terms;
pub mod calls;
pub mod clients;
pub mod counters;
pub mod denials;
pub mod door;
pub mod events;
pub mod factors;
pub mod grants;
pub mod guesses;
pub mod health;
pub mod indexing;
pub mod journal;
pub mod migrations;
pub mod outcomes;
pub mod pauses;
pub mod people;
pub mod record;
pub mod refresh_tokens;
pub mod rollups;
pub mod sessions;
pub mod setup_links;
mod together;
pub mod tokens;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::sync::Arc;
use std::time::Duration;

/// How to reach the store.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    pub connect: PgConnectOptions,
    /// Connections at most.
    pub pool: u32,
    /// How long a request waits for a free connection before it is turned away.
    pub wait: Duration,
}

/// A connection that rested for so long may have died unnoticed.
const RESTED: Duration = Duration::from_secs(1);

/// Opens the store without waiting for it: the program starts although its database is still away, and says so to each
/// request until it is back.
#[must_use]
pub fn open(options: StoreOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(options.pool)
        .acquire_timeout(options.wait)
        // A ping before each use would be a round trip of its own: only a connection that rested is asked whether it
        // still lives. One that died at work shows itself, and the statement is said again on another.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options.connect.application_name("portcullis"))
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
    match say().await {
        Err(error) if is_lost_connection(&error) => Ok(say().await?),
        result => Ok(result?),
    }
}

fn is_lost_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        // admin_shutdown, crash_shutdown: the connection was ended from the other side.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| matches!(&*code, "57P01" | "57P02")),
        _ => false,
    }
}
