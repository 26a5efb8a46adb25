//! Refresh tokens at rest.

use crate::model::token::TokenHash;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

pub async fn insert(
    store: impl PgExecutor<'_>,
    id: Uuid,
    hash: &TokenHash,
    grant_id: Uuid,
    issued_at: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/refresh_tokens/insert.sql",
        id,
        hash.as_bytes(),
        grant_id,
        issued_at,
        expires_at
    )
    .execute(store)
    .await?;
    Ok(())
}

/// Uses a token up and tells its grant; `None` where it is not there, too old, or used before.
pub async fn rotate(
    store: impl PgExecutor<'_>,
    hash: &TokenHash,
    at: OffsetDateTime,
    salt: &[u8; 32],
) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/refresh_tokens/rotate.sql", hash.as_bytes(), at, salt.as_slice())
        .fetch_optional(store)
        .await?)
}

/// A refresh token as the store knows it.
#[derive(Debug)]
pub struct Kept {
    pub grant_id: Uuid,
    pub expires_at: OffsetDateTime,
    pub rotated_at: Option<OffsetDateTime>,
    pub salt: Option<Vec<u8>>,
}

pub async fn find(store: impl PgExecutor<'_>, hash: &TokenHash) -> Result<Option<Kept>, StoreError> {
    Ok(sqlx::query_file_as!(Kept, "../sql/refresh_tokens/find.sql", hash.as_bytes())
        .fetch_optional(store)
        .await?)
}
