//! The one way to change what is granted: an administrator's connection, one transaction, one at a time.
//!
//! Invariant: no statement of an agent comes near it, and it is opened for this purpose alone.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::time::Duration;

use super::fault::Fault;
use super::pool;
use super::reach::{Roles, reach_by, within};
use crate::model::profile::Declared;
use crate::model::reach::Reach;
use crate::model::view::Views;

const PATIENCE: Duration = Duration::from_secs(10);
/// Read committed, so that what was changed is seen when it is looked at again. Whoever holds a lock on a table for long
/// makes us give up rather than make everybody else wait behind us.
const BEGIN: &str = "begin isolation level read committed, read write; set local lock_timeout = '5s'; \
                     set local standard_conforming_strings = on";
/// A number of our own, for everybody who changes grants in this database.
const ONE_AT_A_TIME: &str = "select pg_catalog.pg_advisory_xact_lock(7382043512990911)";

/// Whoever may grant and revoke in the warehouse.
#[derive(Clone)]
pub struct Administrator(PgConnectOptions);

impl std::fmt::Debug for Administrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Administrator").field(&self.0.get_username()).finish()
    }
}

/// A statement that the warehouse refused; everything before it is undone as well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{statement}` failed: {why}")]
pub struct NotSaid {
    pub statement: String,
    pub why: String,
}

/// An open transaction. Dropping it undoes everything.
#[derive(Debug)]
pub struct Changes(pub(super) PgConnection);

impl Administrator {
    #[must_use]
    pub fn new(connect: PgConnectOptions) -> Self {
        Self(connect.application_name("portcullis grants").disable_statement_logging())
    }

    pub async fn reach(
        &self,
        roles: Roles<'_>,
        declared: &[Declared],
        views: &Views,
    ) -> Result<Reach, Fault> {
        reach_by(&self.0, roles, declared, views).await
    }

    /// Who it is.
    #[must_use]
    pub fn login(&self) -> &str {
        self.0.get_username()
    }

    /// Begins, once nobody else is at it.
    pub async fn begin(&self) -> Result<Changes, Fault> {
        let mut connection = pool::connect(&self.0, PATIENCE).await?;
        let begun = async {
            sqlx::raw_sql(BEGIN).execute(&mut connection).await?;
            sqlx::raw_sql(ONE_AT_A_TIME).execute(&mut connection).await
        };
        begun.await.map_err(|error| Fault::entering(&error))?;
        Ok(Changes(connection))
    }
}

impl Changes {
    pub async fn reach(
        &mut self,
        roles: Roles<'_>,
        declared: &[Declared],
        views: &Views,
    ) -> Result<Reach, Fault> {
        within(&mut self.0, roles, declared, views).await.map_err(|error| Fault::entering(&error))
    }

    /// Says one statement: the extended protocol takes no second one, whatever the text.
    pub async fn say(&mut self, statement: &str) -> Result<(), NotSaid> {
        let said =
            sqlx::query(AssertSqlSafe(statement.to_owned())).persistent(false).execute(&mut self.0).await;
        let why = |error: sqlx::Error| NotSaid { statement: statement.to_owned(), why: error.to_string() };
        said.map(drop).map_err(why)
    }

    pub async fn commit(mut self) -> Result<(), Fault> {
        let committed = sqlx::raw_sql("commit").execute(&mut self.0).await;
        committed.map_err(|error| Fault::entering(&error))?;
        // What was committed stays so, whatever becomes of the connection.
        let _ = self.0.close().await;
        Ok(())
    }
}
