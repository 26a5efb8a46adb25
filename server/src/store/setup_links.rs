//! The way in for the first administrator.

use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;

/// Makes all earlier links worthless.
pub async fn retire(store: impl PgExecutor<'_>, now: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/setup_links/retire.sql", now).execute(store).await?;
    Ok(())
}

pub async fn insert(
    store: impl PgExecutor<'_>,
    hash: &[u8],
    now: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/setup_links/insert.sql", hash, now, expires_at).execute(store).await?;
    Ok(())
}

pub async fn is_good(
    store: impl PgExecutor<'_>,
    hash: &[u8],
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/setup_links/is_good.sql", hash, now).fetch_one(store).await?)
}

/// Uses a link up; `false` where it is not good, or somebody is known already.
pub async fn use_up(
    store: impl PgExecutor<'_>,
    hash: &[u8],
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    let used = sqlx::query_file!("../sql/setup_links/use.sql", hash, now).fetch_optional(store).await?;
    Ok(used.is_some())
}
