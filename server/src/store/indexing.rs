//! How far the record was worked through, and who is at it.

use crate::store::{StoreError, Transaction};
use time::OffsetDateTime;

/// How far the record was worked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indexing {
    /// Attempts before it are worked through, but for those that came late.
    pub horizon: OffsetDateTime,
    /// How far those that came late were looked for; `None` while nobody looks.
    pub sweep_at: Option<OffsetDateTime>,
    /// When looking through the last minutes again began.
    pub checked_at: OffsetDateTime,
    /// When looking through the last day again began.
    pub swept_at: OffsetDateTime,
    /// Denials are summed up to this hour.
    pub denials_to: OffsetDateTime,
}

impl Indexing {
    /// Nothing was done yet.
    pub const START: Self = Self {
        horizon: OffsetDateTime::UNIX_EPOCH,
        sweep_at: None,
        checked_at: OffsetDateTime::UNIX_EPOCH,
        swept_at: OffsetDateTime::UNIX_EPOCH,
        denials_to: OffsetDateTime::UNIX_EPOCH,
    };
}

/// Takes the right to fill the index until the end of the transaction; `false` where somebody else has it.
pub async fn try_lock(store: &mut Transaction) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/indexing/try_lock.sql").fetch_one(store).await?)
}

pub async fn state(store: &mut Transaction) -> Result<Indexing, StoreError> {
    let state = sqlx::query_file_as!(Indexing, "../sql/indexing/state.sql").fetch_optional(store).await?;
    Ok(state.unwrap_or(Indexing::START))
}

pub async fn keep(store: &mut Transaction, state: &Indexing) -> Result<(), StoreError> {
    let Indexing { horizon, sweep_at, checked_at, swept_at, denials_to } = *state;
    sqlx::query_file!("../sql/indexing/keep.sql", horizon, sweep_at, checked_at, swept_at, denials_to)
        .execute(store)
        .await?;
    Ok(())
}
