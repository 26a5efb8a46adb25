//! How statements reach the store, whoever stands between.
//!
//! The driver prepares each statement in one exchange and says it in the next. A session of our own keeps it prepared for
//! the next time, which saves the first exchange. A pooler in transaction mode may change the session between the two, so
//! behind one a statement has no name that outlives it, and one that is said outside of a transaction gets a transaction of
//! its own.

use crate::store::connections::Connections;
use crate::store::held::{Held, Said};
use crate::store::{StoreError, is_lost_connection};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use sqlx::postgres::{PgConnectOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, Postgres, SqlStr};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Rows that were read, and not taken yet.
const AHEAD: usize = 64;

/// The store, from which each statement takes a connection for as long as it lasts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) connections: Connections,
}

/// Statements that are done all together or not at all. Dropping it undoes them.
#[derive(Debug)]
pub struct Transaction {
    /// `None` once it is over.
    held: Option<Held>,
}

impl Store {
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(self.transaction().await?)
    }

    async fn transaction(&self) -> Result<Transaction, Error> {
        let begin = || async {
            let mut transaction = Transaction { held: Some(self.connections.take().await?) };
            transaction.held()?.say(include_str!("../../../sql/store/begin.sql")).await?;
            Ok(transaction)
        };
        match begin().await {
            // Nothing was said on it yet.
            Err(error) if is_lost_connection(&error) => begin().await,
            result => result,
        }
    }

    /// A place for one statement: a connection, or behind a pooler a transaction of its own.
    async fn place(&self) -> Result<Place, Error> {
        Ok(if self.connections.pooler().keeps_statements() {
            Place::Connection(self.connections.take().await?)
        } else {
            Place::Transaction(self.transaction().await?)
        })
    }

    /// All that is said in answer to one statement.
    async fn hear<'q, E>(&self, query: E) -> Result<Vec<Said>, Error>
    where
        E: 'q + Execute<'q, Postgres>,
    {
        let mut place = self.place().await?;
        let said = place.held()?.rows(query).try_collect().await?;
        place.end().await?;
        Ok(said)
    }

    /// Connections that are open, and those of them that nobody uses.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        (self.connections.pool().size(), self.connections.idle())
    }

    #[must_use]
    pub fn connect_options(&self) -> Arc<PgConnectOptions> {
        self.connections.pool().connect_options()
    }
}

impl Transaction {
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.end("commit").await?)
    }

    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.end("rollback").await?)
    }

    /// If it cannot be said how it ended, the connection is closed, and the server undoes what it did not commit.
    async fn end(mut self, word: &'static str) -> Result<(), Error> {
        match self.held.take() {
            Some(mut held) => held.say(word).await,
            None => Ok(()),
        }
    }

    fn held(&mut self) -> Result<&mut Held, Error> {
        self.held.as_mut().ok_or(Error::PoolClosed)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(mut held) = self.held.take_if(|held| held.is_at_rest()) {
            tokio::spawn(async move { held.say("rollback").await });
        }
    }
}

/// Where a statement is said that belongs to no transaction.
enum Place {
    Connection(Held),
    Transaction(Transaction),
}

impl Place {
    fn held(&mut self) -> Result<&mut Held, Error> {
        match self {
            Self::Connection(held) => Ok(held),
            Self::Transaction(transaction) => transaction.held(),
        }
    }

    /// The statement went well.
    async fn end(self) -> Result<(), Error> {
        match self {
            Self::Connection(_) => Ok(()),
            Self::Transaction(transaction) => transaction.end("commit").await,
        }
    }
}

impl<'c> Executor<'c> for &'c mut Transaction {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Said, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        match self.held() {
            Ok(held) => held.rows(query),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        async move { self.held()?.row(query).await }.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        async move { self.held()?.prepare(sql, parameters).await }.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        async move { self.held()?.describe(sql).await }.boxed()
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
            let mut result = PgQueryResult::default();
            result.extend(self.hear(query).await?.into_iter().filter_map(Either::left));
            Ok(result)
        };
        done.boxed()
    }

    fn fetch_all<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Vec<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let all = async move { Ok(self.hear(query).await?.into_iter().filter_map(Either::right).collect()) };
        all.boxed()
    }

    /// As long as whoever takes the rows takes them: this is for what is read bit by bit.
    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Said, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (reader, mut read) = mpsc::channel(AHEAD);
        let reading = async move {
            let mut place = self.place().await?;
            let mut rows = place.held()?.rows(query);
            while let Some(said) = rows.next().await {
                // Whoever took them is gone only together with this.
                let _ = reader.send(said?).await;
            }
            drop(rows);
            place.end().await
        };
        let failed = stream::once(reading).filter_map(async |done| done.err().map(Err));
        let taken = stream::poll_fn(move |context| read.poll_recv(context)).map(Ok);
        stream::select(taken, failed).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let one = async move {
            let mut place = self.place().await?;
            let row = place.held()?.row(query).await?;
            place.end().await?;
            Ok(row)
        };
        one.boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'c: 'e,
    {
        async move { self.connections.take().await?.prepare(sql, parameters).await }.boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'c: 'e,
    {
        async move { self.connections.take().await?.describe(sql).await }.boxed()
    }
}
