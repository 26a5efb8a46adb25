//! Brings the store up to date.

use crate::flow::Portcullis;
use crate::store::StoreError;
use crate::store::migrations::{self, Migrated, MigrationError};
use sqlx::postgres::PgConnectOptions;

/// Runs as the owner of the store's tables, and lets the program's own role in.
pub async fn migrate(owner: &PgConnectOptions, app_role: &str) -> Result<Migrated, MigrationError> {
    migrations::run(owner, app_role).await
}

/// How many migrations the store still lacks.
pub async fn pending(portcullis: &Portcullis) -> Result<usize, StoreError> {
    migrations::pending(portcullis.store()).await
}

/// How many migrations the store has that this program does not know.
pub async fn ahead(portcullis: &Portcullis) -> Result<usize, StoreError> {
    migrations::ahead(portcullis.store()).await
}
