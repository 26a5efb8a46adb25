//! Stopping a statement on the server, over a connection of its own: a pool that is exhausted must not stand in the way.
//! It speaks in transactions, so that a pooler may stand between.
//!
//! Invariant: a session is stopped only while it bears the name of the entry that is to be stopped, so a signal that
//! comes late cannot hit the next reader. The name is local to the transaction and gone with it.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

use super::fault::Fault;
use super::guard::Backend;
use super::pool::connect;

const PATIENCE: Duration = Duration::from_secs(2);
/// How long a cancelled session may take to end; together a second.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(5),
    Duration::from_millis(15),
    Duration::from_millis(40),
    Duration::from_millis(140),
    Duration::from_millis(300),
    Duration::from_millis(500),
];

const CANCEL: &str = "select pg_catalog.pg_cancel_backend(pid) \
     from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2";
const TERMINATE: &str = "select pg_catalog.pg_terminate_backend(pid) \
     from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2";
const STILL_THERE: &str = "select true \
     from pg_catalog.pg_stat_activity where pid = $1 and application_name = $2";

#[derive(Debug)]
pub(super) struct Stopper {
    connect: PgConnectOptions,
    line: Mutex<Option<PgConnection>>,
}

impl Stopper {
    pub(super) fn new(connect: PgConnectOptions) -> Self {
        Self { connect, line: Mutex::default() }
    }

    /// Cancels what the session does, and ends the session if it does not obey. Our end of it closes meanwhile, so a
    /// server that cannot be told notices by itself, if later.
    pub(super) async fn stop(&self, backend: &Backend) {
        if let Err(fault) = self.stop_within_patience(backend).await {
            tracing::warn!(
                pid = backend.pid,
                fault = format_args!("{fault:#}"),
                "a statement in the warehouse could not be stopped"
            );
        }
    }

    async fn stop_within_patience(&self, backend: &Backend) -> Result<(), Fault> {
        if !self.tell(CANCEL, backend).await? {
            return Ok(());
        }
        for pause in PAUSES {
            sleep(pause).await;
            if !self.tell(STILL_THERE, backend).await? {
                return Ok(());
            }
        }
        tracing::warn!(
            pid = backend.pid,
            "a session in the warehouse ignored its cancellation and is terminated"
        );
        self.tell(TERMINATE, backend).await.map(|_| ())
    }

    /// Answers whether the session is still at it.
    async fn tell(&self, what: &'static str, backend: &Backend) -> Result<bool, Fault> {
        let mut line = self.line.lock().await;
        if let Some(mut open) = line.take()
            && let Ok(Ok(found)) = timeout(PATIENCE, say(&mut open, what, backend)).await
        {
            *line = Some(open);
            return Ok(found);
        }
        let mut open = connect(&self.connect, PATIENCE).await?;
        match timeout(PATIENCE, say(&mut open, what, backend)).await {
            Ok(Ok(found)) => {
                *line = Some(open);
                Ok(found)
            }
            Ok(Err(error)) => Err(Fault::connecting(&error)),
            Err(_elapsed) => Err(Fault::unavailable("it did not answer")),
        }
    }
}

async fn say(line: &mut PgConnection, what: &'static str, backend: &Backend) -> sqlx::Result<bool> {
    sqlx::raw_sql("begin read only").execute(&mut *line).await?;
    let query = sqlx::query(what).bind(backend.pid).bind(&backend.name).persistent(false);
    let found = query.fetch_optional(&mut *line).await?;
    sqlx::raw_sql("rollback").execute(line).await?;
    Ok(found.is_some())
}
