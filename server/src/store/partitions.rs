//! The record by the month.

use crate::store::StoreError;
use sqlx::PgConnection;
use sqlx::postgres::PgExecutor;
use uuid::Uuid;

/// Makes the partitions of this month and of those to come that are missing; tells how many.
pub async fn make(store: impl PgExecutor<'_>) -> Result<i32, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/partitions/make.sql").fetch_one(store).await?)
}

/// One partition of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    pub name: String,
    /// All its rows are before this identifier.
    pub until: Uuid,
    /// About.
    pub rows: i64,
}

/// Those that end at an identifier or before.
pub async fn old(store: impl PgExecutor<'_>, border: Uuid) -> Result<Vec<Partition>, StoreError> {
    Ok(sqlx::query_file_as!(Partition, "../sql/partitions/old.sql", border).fetch_all(store).await?)
}

/// Drops those that end at an identifier or before. Only the owner of the store may.
pub async fn drop(owner: &mut PgConnection, border: Uuid) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/partitions/drop.sql", border).execute(owner).await?;
    Ok(())
}
