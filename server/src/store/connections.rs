//! The connections to the store: the driver's pool, and before it those that have just said a statement.
//!
//! The pool asks whoever comes back whether it still lives, which is a round trip after each statement. A connection whose
//! statement has ended need not be asked; it rests here for a moment, and the next statement takes it as it is. Only one that
//! rested for longer is asked. Now and then each goes back to the pool, which closes what is too old or one too many.
//!
//! Invariant: nobody waits for the pool while a connection rests here.

use crate::model::pooler::Pooler;
use crate::store::held::Held;
use crate::store::{GLANCE, PATIENCE, RESTED, in_time};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection, Error, Postgres};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long one stays out of the pool, however busy it is.
const OUT: Duration = Duration::from_mins(1);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pool: PgPool,
    pooler: Pooler,
    rest: Mutex<Rest>,
}

#[derive(Debug, Default)]
struct Rest {
    /// The last is the one that was used last.
    ready: Vec<Ready>,
    /// How many wait for the pool.
    waiting: usize,
}

#[derive(Debug)]
struct Ready {
    connection: Out,
    since: Instant,
}

/// A connection, and when it left the pool.
#[derive(Debug)]
pub(super) struct Out {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Out {
    pub(super) fn session(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// It cannot be used again.
    pub(super) fn close(mut self) {
        self.connection.close_on_drop();
    }

    /// The pool would wait for the answer of a connection for as long as the network does; the place of one that is late is
    /// free again.
    fn go_back(mut self) {
        tokio::spawn(timeout(PATIENCE, self.connection.return_to_pool()));
    }
}

impl Connections {
    pub(super) fn new(pool: PgPool, pooler: Pooler) -> Self {
        Self(Arc::new(Shared { pool, pooler, rest: Mutex::default() }))
    }

    /// What stands between us and the store.
    pub(super) fn pooler(&self) -> Pooler {
        self.0.pooler
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// How many nobody uses.
    pub(super) fn idle(&self) -> usize {
        self.0.pool.num_idle() + self.0.rest().ready.len()
    }

    /// Waits for a free one as long as the pool does.
    pub(super) async fn take(&self) -> Result<Held, Error> {
        loop {
            let connection = match self.ready() {
                Ok(Ready { connection, since }) if since.elapsed() <= RESTED => connection,
                Ok(Ready { mut connection, .. }) => {
                    if in_time(GLANCE, connection.session().ping()).await.is_err() {
                        connection.close();
                        continue;
                    }
                    connection
                }
                Err(_waiting) => Out { connection: self.0.pool.acquire().await?, since: Instant::now() },
            };
            return Ok(Held::of(connection, self.clone()));
        }
    }

    fn ready(&self) -> Result<Ready, Waiting> {
        let mut rest = self.0.rest();
        rest.ready.pop().ok_or_else(|| {
            rest.waiting += 1;
            Waiting(self.clone())
        })
    }

    /// Takes one back whose last statement has ended.
    pub(super) fn give_back(&self, connection: Out) {
        let mut rest = self.0.rest();
        if rest.waiting > 0 || connection.since.elapsed() > OUT {
            drop(rest);
            return connection.go_back();
        }
        let tired = rest.ready.iter().take_while(|ready| ready.since.elapsed() > RESTED).count();
        let tired: Vec<_> = rest.ready.drain(..tired).collect();
        rest.ready.push(Ready { connection, since: Instant::now() });
        drop(rest);
        for Ready { connection, .. } in tired {
            connection.go_back();
        }
    }

    /// Where one died, the others may have: none is taken again without being asked.
    pub(super) fn doubt(&self) {
        let ready = std::mem::take(&mut self.0.rest().ready);
        for Ready { connection, .. } in ready {
            connection.go_back();
        }
    }
}

impl Shared {
    /// Nothing that holds this lock can stop half-way, so what it guards is whole even if it is poisoned.
    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who waits for the pool.
struct Waiting(Connections);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.rest().waiting -= 1;
    }
}
