//! How far checkpoints have gone to the webhook: one row, which whoever sends holds for their turn.

use crate::model::chain::Checkpoint;
use crate::store::StoreError;
use crate::store::checkpoints::signature;
use crate::store::seals::digest;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;

/// The checkpoint whose turn it is.
#[derive(Debug)]
pub struct Taken {
    pub checkpoint: Checkpoint,
    /// This one included.
    pub attempts: u32,
}

/// Takes the first one that has not arrived, if it is due at `now`; nobody else takes it until `until`.
pub async fn take(
    store: impl PgExecutor<'_>,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Option<Taken>, StoreError> {
    let row = sqlx::query_file!("../sql/checkpoint_delivery/take.sql", now, until);
    let Some(row) = row.fetch_optional(store).await? else { return Ok(None) };
    let checkpoint = Checkpoint {
        position: row.position,
        link: digest(&row.link)?,
        at: row.at,
        rows: row.rows,
        signature: signature(row.key_id, row.signature),
    };
    Ok(Some(Taken { checkpoint, attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX) }))
}

/// The checkpoint at this seal arrived.
pub async fn arrived(
    store: impl PgExecutor<'_>,
    position: i64,
    at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/checkpoint_delivery/arrived.sql", position, at).execute(store).await?;
    Ok(())
}

/// The one at this seal is tried again at `next_at`.
pub async fn postpone(
    store: impl PgExecutor<'_>,
    position: i64,
    next_at: OffsetDateTime,
    fault: &str,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/checkpoint_delivery/postpone.sql", position, next_at, fault)
        .execute(store)
        .await?;
    Ok(())
}
