//! How statements reach the store, whoever stands between.
//!
//! The driver prepares each statement in one exchange and says it in the next. A session of our own keeps it prepared for
//! the next time, which saves the first exchange. A pooler in transaction mode may change the session between the two, so
//! behind one a statement has no name that outlives it, and one that is said outside of a transaction gets a transaction of
//! its own.

use crate::model::pooler::Pooler;
use crate::store::{StoreError, in_time};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, PgConnection, PgTransaction, Postgres, SqlStr};
use std::sync::Arc;
use std::time::Duration;

/// How long one statement outside of a transaction may take, whoever waits for it: a network that goes away without a word
/// would hold the reader of a page, and the connection, for a quarter of an hour.
const LONGEST: Duration = Duration::from_secs(30);

type Said = Either<PgQueryResult, PgRow>;

/// The store, from which each statement takes a connection for as long as it lasts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) pool: PgPool,
    pub(super) pooler: Pooler,
}

/// Statements that are done all together or not at all. Dropping it undoes them.
#[derive(Debug)]
pub struct Transaction {
    inner: PgTransaction<'static>,
    pooler: Pooler,
}

impl Store {
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(self.transaction().await?)
    }

    async fn transaction(&self) -> Result<Transaction, Error> {
        Ok(Transaction { inner: self.pool.begin().await?, pooler: self.pooler })
    }

    /// A place for one statement: a connection, or behind a pooler a transaction of its own.
    async fn place(&self) -> Result<Place, Error> {
        Ok(if self.pooler.keeps_statements() {
            Place::Connection(Held(Some(self.pool.acquire().await?)))
        } else {
            Place::Transaction(self.pool.begin().await?)
        })
    }

    fn spoken<E>(&self, query: E) -> Spoken<E> {
        Spoken { query, pooler: self.pooler }
    }

    /// Connections that are open, and those of them that nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    #[must_use]
    pub fn connect_options(&self) -> Arc<PgConnectOptions> {
        self.pool.connect_options()
    }
}

impl Transaction {
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }

    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}

/// Where a statement is said that belongs to no transaction.
enum Place {
    Connection(Held),
    Transaction(PgTransaction<'static>),
}

impl Place {
    fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        match self {
            Self::Connection(held) => held.connection(),
            Self::Transaction(transaction) => Ok(transaction),
        }
    }

    /// The statement has ended, in whatever way.
    async fn settle<T>(self, said: Result<T, Error>) -> Result<T, Error> {
        match self {
            Self::Connection(held) => held.settle(said),
            Self::Transaction(transaction) => {
                let said = said?;
                transaction.commit().await?;
                Ok(said)
            }
        }
    }
}

/// A connection at work for one statement. The pool asks each that comes back to it whether it still lives, and would wait
/// for one that was let go of in the middle for as long as the network does; so only one that is settled goes back, and
/// any other is closed.
struct Held(Option<PoolConnection<Postgres>>);

impl Held {
    fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        self.0.as_deref_mut().ok_or(Error::PoolClosed)
    }

    /// The statement has ended, well or with a word of the server's.
    fn settle<T>(mut self, said: Result<T, Error>) -> Result<T, Error> {
        if matches!(said, Ok(_) | Err(Error::Database(_))) {
            drop(self.0.take());
        }
        said
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// A statement, and whether it may stay prepared.
struct Spoken<E> {
    query: E,
    pooler: Pooler,
}

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Spoken<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&PgStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.pooler.keeps_statements() && self.query.persistent()
    }
}

impl<'c> Executor<'c> for &'c mut Transaction {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Said, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.inner.fetch_many(Spoken { query, pooler: self.pooler })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        self.inner.fetch_optional(Spoken { query, pooler: self.pooler })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        self.inner.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.inner.describe(sql)
    }
}

impl<'c> Executor<'c> for &'c Store {
    type Database = Postgres;

    fn execute<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<PgQueryResult, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let done = async move {
            let mut place = self.place().await?;
            let said = place.connection()?.execute(self.spoken(query)).await;
            place.settle(said).await
        };
        in_time(LONGEST, done).boxed()
    }

    /// As long as whoever takes the rows takes them: this is for what is read bit by bit.
    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Said, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        if self.pooler.keeps_statements() {
            return self.pool.fetch_many(query);
        }
        let all = async move {
            let mut transaction = self.transaction().await?;
            let said: Vec<Said> = transaction.fetch_many(query).try_collect().await?;
            transaction.inner.commit().await?;
            Ok::<_, Error>(stream::iter(said.into_iter().map(Ok)))
        };
        stream::once(all).try_flatten().boxed()
    }

    fn fetch_all<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Vec<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let all = async move {
            let mut place = self.place().await?;
            let said = place.connection()?.fetch_all(self.spoken(query)).await;
            place.settle(said).await
        };
        in_time(LONGEST, all).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let one = async move {
            let mut place = self.place().await?;
            let said = place.connection()?.fetch_optional(self.spoken(query)).await;
            place.settle(said).await
        };
        in_time(LONGEST, one).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        self.pool.describe(sql)
    }
}
