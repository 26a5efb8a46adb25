//! Sums of the record by the hour.

use crate::store::StoreError;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// When the first denial since then was.
pub async fn first_denial(
    store: &mut PgConnection,
    since: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/rollups/first_denial.sql", since).fetch_one(store).await?)
}

/// Sums up the denials between the two, whole hours, anew.
pub async fn sum_denials(
    store: &mut PgConnection,
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/rollups/sum_denials.sql", since, until).execute(store).await?;
    Ok(())
}
