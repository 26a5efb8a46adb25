//! What the two roles of a profile can really do, whoever let them. All of it stands in catalogues that everybody may
//! read, so the profile's own login can tell, and it tells without entering the role, which may be missing.

mod relations;
mod roles;
mod views;

use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use std::time::Duration;
use tokio::time::timeout;

use super::fault::Fault;
use super::gateway::Gateway;
use super::guard::ROLLBACK;
use super::pool;
use crate::model::profile::Declared;
use crate::model::reach::Reach;
use crate::model::view::Views;

/// Reading the catalogue of a large warehouse takes a while, and nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(30);
const BEGIN: &str = "begin isolation level repeatable read, read only";
/// Inside of a transaction of somebody's own as well.
const SETTINGS: &str =
    "set local search_path = pg_catalog; set local statement_timeout = '25s'; set local jit = off";

pub(super) use views::stand;

/// Whose reach it is.
#[derive(Debug, Clone, Copy)]
pub struct Roles<'a> {
    pub role: &'a str,
    pub login: &'a str,
}

impl Roles<'_> {
    fn names(self) -> [String; 2] {
        [self.role.to_owned(), self.login.to_owned()]
    }
}

/// What a profile's role and login can do, as its login sees it.
pub async fn reach(gateway: &Gateway, declared: &[Declared], views: &Views) -> Result<Reach, Fault> {
    let roles = gateway.roles();
    let pool = &gateway.0.servers.home.pool;
    let mut berth = pool.take().await?;
    let read = async {
        sqlx::raw_sql(BEGIN).execute(&mut berth.connection).await?;
        let reach = within(&mut berth.connection, roles, declared, views).await?;
        sqlx::raw_sql(ROLLBACK).execute(&mut berth.connection).await?;
        Ok::<Reach, sqlx::Error>(reach)
    };
    let reach = in_time(read).await?;
    pool.rest(berth.connection);
    Ok(reach)
}

/// The same as an administrator sees it, for a profile that cannot get in itself.
pub async fn reach_by(
    admin: &PgConnectOptions,
    roles: Roles<'_>,
    declared: &[Declared],
    views: &Views,
) -> Result<Reach, Fault> {
    let mut connection = pool::connect(admin, PATIENCE).await?;
    let read = async {
        sqlx::raw_sql(BEGIN).execute(&mut connection).await?;
        within(&mut connection, roles, declared, views).await
    };
    in_time(read).await
}

/// Reads within a transaction that is open already.
pub(super) async fn within(
    connection: &mut PgConnection,
    roles: Roles<'_>,
    declared: &[Declared],
    views: &Views,
) -> sqlx::Result<Reach> {
    sqlx::raw_sql(SETTINGS).execute(&mut *connection).await?;
    let names = roles.names();
    let mut reach = roles::read(connection, &names).await?;
    reach.relations = relations::read(connection, &names, declared).await?;
    reach.views = Some(Box::new(views::read(connection, views).await?));
    Ok(reach)
}

async fn in_time(read: impl Future<Output = sqlx::Result<Reach>>) -> Result<Reach, Fault> {
    match timeout(PATIENCE, read).await {
        Ok(Ok(reach)) => Ok(reach),
        Ok(Err(error)) => Err(Fault::entering(&error)),
        Err(_elapsed) => Err(Fault::unavailable("it did not answer")),
    }
}
