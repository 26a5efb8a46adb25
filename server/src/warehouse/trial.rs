//! Tries on the live warehouse what must hold there: the role, the guards, and that nothing can be written.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::time::timeout;

use super::catalog::enter;
use super::fault::Fault;
use super::gateway::{GRACE, Gateway};
use super::pool;
use crate::model::profile::Declared;
use gate::sql_name;

/// What was seen after the role was entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    pub role: String,
    pub login: String,
    /// Name, what it should be, what it is.
    pub settings: Vec<Setting>,
    pub write: Attempted,
    /// Reading the record where it would be, were the store in this database.
    pub record: Attempted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub name: &'static str,
    pub wanted: String,
    pub found: String,
}

/// What became of a statement that must fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    /// As it should be; with its SQLSTATE.
    Refused(String),
    Done,
}

const READ_THE_RECORD: &str = "select from portcullis.attempts limit 0";
const SETTINGS: &str = "select current_user::text as role, session_user::text as login, array(
    select coalesce(pg_settings.setting, '')
    from unnest($1::text[]) with ordinality as wanted (name, place)
    left join pg_catalog.pg_settings on pg_settings.name = wanted.name
    order by wanted.place
) as found";

/// Enters the role as for a statement of an agent, looks, and tries what must not work.
pub async fn trial(gateway: &Gateway, declared: &[Declared]) -> Result<Trial, Fault> {
    let gateway = &gateway.0;
    let wanted = gateway.guard.settings();
    let mut lease = enter(gateway, "portcullis smoke").await?;
    let tried = timeout(gateway.patience.statement + GRACE, look(&mut lease.connection, wanted, declared));
    match tried.await {
        Ok(Ok(trial)) => {
            lease.settle();
            Ok(trial)
        }
        Ok(Err(error)) => Err(Fault::entering(&error)),
        Err(_elapsed) => Err(Fault::unavailable("it did not answer")),
    }
}

async fn look(
    connection: &mut PgConnection,
    wanted: Vec<(&'static str, String)>,
    declared: &[Declared],
) -> sqlx::Result<Trial> {
    let names: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let row = sqlx::query(SETTINGS).bind(names).persistent(false).fetch_one(&mut *connection).await?;
    let found: Vec<String> = row.try_get("found")?;
    let settings = wanted
        .into_iter()
        .zip(found)
        .map(|((name, wanted), found)| Setting { name, wanted, found })
        .collect();
    // It would hit no row, should it be let through against all expectation.
    let write = match declared.first() {
        Some(Declared { schema, name, .. }) => {
            format!("delete from {}.{} where false", sql_name(schema), sql_name(name))
        }
        None => "create temporary table portcullis_smoke (id integer)".to_owned(),
    };
    Ok(Trial {
        role: row.try_get("role")?,
        login: row.try_get("login")?,
        settings,
        write: attempt(connection, &write).await?,
        record: attempt(connection, READ_THE_RECORD).await?,
    })
}

async fn attempt(connection: &mut PgConnection, statement: &str) -> sqlx::Result<Attempted> {
    sqlx::raw_sql("savepoint trial").execute(&mut *connection).await?;
    let said = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *connection).await;
    sqlx::raw_sql("rollback to savepoint trial").execute(&mut *connection).await?;
    match said {
        Ok(_) => Ok(Attempted::Done),
        Err(sqlx::Error::Database(refusal)) => {
            Ok(Attempted::Refused(refusal.code().unwrap_or_default().into_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Tries to read the record with the profile's login, where the store is another database of the same server; `None`
/// where it is none, so that the login means nothing there.
pub async fn read_the_store(gateway: &Gateway, store: &PgConnectOptions) -> Option<Attempted> {
    let gateway = &gateway.0;
    let warehouse = gateway.servers.home.pool.connect_options();
    let place = |options: &PgConnectOptions| {
        (options.get_host().to_owned(), options.get_port(), options.get_socket().cloned())
    };
    if place(warehouse) != place(store) {
        return None;
    }
    let database = store.get_database().unwrap_or(store.get_username());
    let login = warehouse.clone().database(database);
    let mut connection = match pool::connect(&login, gateway.servers.home.pool.patience).await {
        Ok(connection) => connection,
        // Not let in at all.
        Err(fault) => return Some(Attempted::Refused(format!("{fault:#}"))),
    };
    let enter = format!("set role {}", sql_name(gateway.guard.role()));
    for statement in [READ_THE_RECORD.to_owned(), format!("{enter}; {READ_THE_RECORD}")] {
        if sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.is_ok() {
            return Some(Attempted::Done);
        }
    }
    Some(Attempted::Refused("42501".to_owned()))
}
