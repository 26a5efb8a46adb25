//! A connection of the pool at work, which no silent network keeps.
//!
//! A network that goes away without a word would hold whoever waits, and the connection, for a quarter of an hour. So each
//! answer of the server has its time, and a connection is used again only if what was said last has ended; any other is closed.

use crate::model::pooler::Pooler;
use crate::store::connections::{Connections, Out};
use crate::store::in_time;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Describe, Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr};
use std::time::Duration;
use tokio::time::timeout;

/// How long the server may say nothing while somebody waits.
const LONGEST: Duration = Duration::from_secs(30);

pub(super) type Said = Either<PgQueryResult, PgRow>;

#[derive(Debug)]
pub(super) struct Held {
    /// `None` once it was given back.
    connection: Option<Out>,
    is_at_rest: bool,
    home: Connections,
}

impl Held {
    pub(super) const fn of(connection: Out, home: Connections) -> Self {
        Self { connection: Some(connection), is_at_rest: true, home }
    }

    /// Whether what was said last has ended, well or with a word of the server's.
    pub(super) const fn is_at_rest(&self) -> bool {
        self.is_at_rest
    }

    /// Says statements that have neither parameters nor rows, in one message.
    pub(super) async fn say(&mut self, words: &'static str) -> Result<(), Error> {
        let said = in_time(LONGEST, self.connection()?.execute(words)).await;
        self.settle(said).map(drop)
    }

    pub(super) fn rows<'e, 'q: 'e, E>(&'e mut self, query: E) -> BoxStream<'e, Result<Said, Error>>
    where
        E: 'q + Execute<'q, Postgres>,
    {
        let Self { connection: Some(connection), is_at_rest, home } = self else {
            return stream::iter([Err(Error::PoolClosed)]).boxed();
        };
        *is_at_rest = false;
        let rows = connection.session().fetch_many(Spoken { query, pooler: home.pooler() });
        let bounded = stream::unfold(Some((rows, is_at_rest)), |reading| async {
            let (mut rows, is_at_rest) = reading?;
            match timeout(LONGEST, rows.next()).await.unwrap_or(Some(Err(Error::PoolTimedOut))) {
                Some(Ok(said)) => Some((Ok(said), Some((rows, is_at_rest)))),
                Some(Err(error)) => {
                    *is_at_rest = is_of_the_server(&error);
                    Some((Err(error), None))
                }
                None => {
                    *is_at_rest = true;
                    None
                }
            }
        });
        bounded.boxed()
    }

    pub(super) async fn row<'q, E>(&mut self, query: E) -> Result<Option<PgRow>, Error>
    where
        E: 'q + Execute<'q, Postgres>,
    {
        let query = Spoken { query, pooler: self.home.pooler() };
        let said = in_time(LONGEST, self.connection()?.fetch_optional(query)).await;
        self.settle(said)
    }

    pub(super) async fn prepare(
        &mut self,
        sql: SqlStr,
        parameters: &[PgTypeInfo],
    ) -> Result<PgStatement, Error> {
        let said = in_time(LONGEST, self.connection()?.prepare_with(sql, parameters)).await;
        self.settle(said)
    }

    pub(super) async fn describe(&mut self, sql: SqlStr) -> Result<Describe<Postgres>, Error> {
        let said = in_time(LONGEST, self.connection()?.describe(sql)).await;
        self.settle(said)
    }

    /// Something is about to be said.
    fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        self.is_at_rest = false;
        self.connection.as_mut().map(Out::session).ok_or(Error::PoolClosed)
    }

    fn settle<T>(&mut self, said: Result<T, Error>) -> Result<T, Error> {
        self.is_at_rest = said.as_ref().map_or_else(is_of_the_server, |_| true);
        said
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

const fn is_of_the_server(error: &Error) -> bool {
    matches!(error, Error::Database(_))
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.is_at_rest {
            self.home.give_back(connection);
        } else {
            connection.close();
            self.home.doubt();
        }
    }
}
