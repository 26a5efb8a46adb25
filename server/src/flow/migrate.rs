//! Brings the store up to date.

use crate::store::migrations::{self, Migrated, MigrationError};
use sqlx::postgres::PgConnectOptions;

/// Runs as the owner of the store's tables, and lets the program's own role in.
pub async fn migrate(owner: &PgConnectOptions, app_role: &str) -> Result<Migrated, MigrationError> {
    migrations::run(owner, app_role).await
}
