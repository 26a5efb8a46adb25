//! Brings the store's tables up to date, and lets the program's own role in.

use crate::store::{Store, StoreError};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgExecutor};
use sqlx::{Connection, Executor};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What `migrate` did.
#[derive(Debug, PartialEq, Eq)]
pub struct Migrated {
    pub applied: usize,
    pub known: usize,
}

/// Runs what the store has not seen yet, as the owner of its schema, and grants the program's role (`app_role`) what it
/// needs: to read all of it, to change what may change, and to add to the record, never to alter it.
pub async fn run(owner: &PgConnectOptions, app_role: &str) -> Result<Migrated, MigrationError> {
    let mut connection = PgConnection::connect_with(owner).await.map_err(StoreError::from)?;
    let migrator = migrator();
    let before = applied(&mut connection).await?;
    let ahead = unknown(&migrator, &before);
    if ahead > 0 {
        return Err(MigrationError::Ahead(ahead));
    }
    let before = before.len();
    migrator.run_direct(None, &mut connection, false).await?;
    grant(&mut connection, app_role).await.map_err(MigrationError::Grant)?;
    let known = migrator.iter().count();
    connection.close().await.map_err(StoreError::from)?;
    Ok(Migrated { applied: known.saturating_sub(before), known })
}

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "the store is {0} migration(s) ahead of this program: leave it to the newer one that brought it there"
    )]
    Ahead(usize),
    #[error("a migration failed: {0}")]
    Migration(#[from] MigrateError),
    #[error("the store's tables stand, but the program's role could not be let in: {0}")]
    Grant(#[source] sqlx::Error),
}

/// How many migrations the store still lacks.
pub async fn pending(store: &Store) -> Result<usize, StoreError> {
    let mut transaction = store.begin().await?;
    let seen = applied(&mut transaction).await?;
    Ok(migrator().iter().filter(|migration| !seen.contains(&migration.version)).count())
}

/// How many migrations the store has that this program does not know: a newer one runs, or ran.
pub async fn ahead(store: &Store) -> Result<usize, StoreError> {
    let mut transaction = store.begin().await?;
    let seen = applied(&mut transaction).await?;
    Ok(unknown(&migrator(), &seen))
}

fn unknown(migrator: &Migrator, seen: &BTreeSet<i64>) -> usize {
    let known: BTreeSet<i64> = migrator.iter().map(|migration| migration.version).collect();
    seen.difference(&known).count()
}

fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("../migrations");
    migrator.create_schema("portcullis");
    // Our tables live in a schema of our own, this one among them.
    migrator.dangerous_set_table_name(Cow::Borrowed("portcullis.migrations"));
    migrator
}

async fn applied<S>(session: &mut S) -> Result<BTreeSet<i64>, StoreError>
where
    for<'s> &'s mut S: PgExecutor<'s>,
{
    let exists: bool = sqlx::query_scalar(include_str!("../../../sql/store/is_migrated.sql"))
        .fetch_one(&mut *session)
        .await?;
    if !exists {
        return Ok(BTreeSet::new());
    }
    let versions: Vec<i64> =
        sqlx::query_scalar(include_str!("../../../sql/store/version.sql")).fetch_all(session).await?;
    Ok(versions.into_iter().collect())
}

async fn grant(connection: &mut PgConnection, app_role: &str) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::query("select set_config('portcullis.app_role', $1, true)")
        .bind(app_role)
        .execute(&mut *transaction)
        .await?;
    transaction.execute(include_str!("../../../sql/roles/store_grants.sql")).await?;
    transaction.commit().await
}
