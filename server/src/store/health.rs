//! Whether the store is there, and whether the record is safe from ourselves.

use crate::store::StoreError;
use sqlx::postgres::PgExecutor;

/// Relations of the record that the program's own role could alter; there should be none.
pub async fn alterable_record(store: impl PgExecutor<'_>) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query_file!("../sql/store/app_rights.sql").fetch_all(store).await?;
    Ok(rows.into_iter().filter(|row| row.can_alter).map(|row| row.relation).collect())
}
