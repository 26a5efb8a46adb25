//! The connections of one gateway, most recently used first.
//!
//! The pool of sqlx asks the server whether a connection still lives on every return, and keeps knocking on a closed door
//! until the caller's patience ends, which makes a stopped warehouse look like a busy one. This one asks nothing: a
//! connection that died in its sleep shows at `begin`, before anything ran, and a new one takes its place.
//!
//! Invariant: only [`Pool::rest`] puts a connection back. A berth that is dropped closes its connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::fault::Fault;

/// A connection that nobody needed for so long is given back to the server.
const LONGEST_REST: Duration = Duration::from_mins(5);

#[derive(Debug)]
pub(super) struct Pool {
    connect: PgConnectOptions,
    pub(super) patience: Duration,
    size: usize,
    permits: Arc<Semaphore>,
    resting: Mutex<Vec<Resting>>,
}

#[derive(Debug)]
struct Resting {
    connection: PgConnection,
    since: Instant,
}

/// A connection in use, and the right to use it.
#[derive(Debug)]
pub(super) struct Berth {
    pub(super) connection: PgConnection,
    pub(super) permit: OwnedSemaphorePermit,
    /// Whether it was used before, and may have died since.
    pub(super) rested: bool,
}

impl Pool {
    pub(super) fn new(connect: PgConnectOptions, size: usize, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(size.min(Semaphore::MAX_PERMITS)));
        Self { connect, patience, size, permits, resting: Mutex::default() }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn connect_options(&self) -> &PgConnectOptions {
        &self.connect
    }

    pub(super) fn login(&self) -> &str {
        self.connect.get_username()
    }

    pub(super) async fn take(&self) -> Result<Berth, Fault> {
        let permit = match timeout(self.patience, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_closed)) => return Err(Fault::unavailable("the program is stopping")),
            Err(_elapsed) => return Err(Fault::Busy { waited: self.patience }),
        };
        let rested = self.resting().pop();
        match rested {
            Some(rested) => Ok(Berth { connection: rested.connection, permit, rested: true }),
            None => self.open(permit).await,
        }
    }

    /// A connection that rests, where more than half of them are free; nobody waits for it.
    pub(super) fn take_rested(&self) -> Option<Berth> {
        if self.permits.available_permits() * 2 <= self.size {
            return None;
        }
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let rested = self.resting().pop()?;
        Some(Berth { connection: rested.connection, permit, rested: true })
    }

    /// A new connection in the place of one that died at rest. What killed it has often killed the others as well.
    pub(super) async fn replace(&self, dead: Berth) -> Result<Berth, Fault> {
        self.resting().clear();
        self.open(dead.permit).await
    }

    /// Puts a connection back that is fit for the next one, and closes those that nobody needed for long.
    pub(super) fn rest(&self, connection: PgConnection) {
        let now = Instant::now();
        let mut resting = self.resting();
        let stale = resting.partition_point(|resting| now.duration_since(resting.since) > LONGEST_REST);
        resting.drain(..stale);
        resting.push(Resting { connection, since: now });
    }

    async fn open(&self, permit: OwnedSemaphorePermit) -> Result<Berth, Fault> {
        let connection = connect(&self.connect, self.patience).await?;
        Ok(Berth { connection, permit, rested: false })
    }

    /// Nothing that holds this lock can stop half-way, so the list is whole even if the lock is poisoned.
    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a connection within `patience`.
pub(super) async fn connect(options: &PgConnectOptions, patience: Duration) -> Result<PgConnection, Fault> {
    // A log-in is a long story and a rare one: whoever waits for a connection need not carry it along.
    match timeout(patience, Box::pin(options.connect())).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(Fault::connecting(&error)),
        Err(_elapsed) => {
            Err(Fault::unavailable(format!("no connection came about within {} ms", patience.as_millis())))
        }
    }
}
