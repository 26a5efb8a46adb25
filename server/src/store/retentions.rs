//! What was dropped of the record on purpose. Rows are only ever added, by the owner of the store alone.

use crate::model::chain::Retained;
use crate::store::StoreError;
use crate::store::checkpoints::{parts, signature};
use sqlx::PgConnection;
use sqlx::postgres::PgExecutor;
use uuid::Uuid;

/// Written by the owner of the store, in the transaction that drops.
pub async fn insert(owner: &mut PgConnection, retained: &Retained) -> Result<(), StoreError> {
    let (key_id, bytes) = parts(retained.signature.as_ref());
    sqlx::query_file!(
        "../sql/retentions/insert.sql",
        retained.id,
        retained.at,
        retained.actor,
        retained.since,
        retained.until,
        retained.rows,
        key_id,
        bytes,
    )
    .execute(owner)
    .await?;
    Ok(())
}

/// Deletes calls of a stretch from the index, and no more than `most`; tells how many.
pub async fn forget_calls(
    owner: &mut PgConnection,
    (since, until): (Uuid, Uuid),
    most: i64,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/retentions/index.sql", since, until, most).fetch_one(owner).await?)
}

/// All statements, from the oldest stretch on.
pub async fn all(store: impl PgExecutor<'_>) -> Result<Vec<Retained>, StoreError> {
    let rows = sqlx::query_file!("../sql/retentions/all.sql").fetch_all(store).await?;
    let statements = rows.into_iter().map(|row| Retained {
        id: row.id,
        at: row.at,
        actor: row.actor,
        since: row.since,
        until: row.until,
        rows: row.rows,
        signature: signature(row.key_id, row.signature),
    });
    Ok(statements.collect())
}
