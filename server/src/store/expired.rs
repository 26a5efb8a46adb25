//! What expired: so many rows at once, so that nobody waits for long.

use crate::store::StoreError;
use crate::store::Transaction;
use time::OffsetDateTime;

/// What can expire, in an order in which nothing is named by what comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiring {
    RefreshTokens,
    Tokens,
    /// With the codes that they began with.
    Grants,
    Sessions,
    Counters,
    Guesses,
    SetupLinks,
    /// That registered themselves, and never came back.
    UnusedClients,
}

impl Expiring {
    pub const ALL: [Self; 8] = [
        Self::RefreshTokens,
        Self::Tokens,
        Self::Grants,
        Self::Sessions,
        Self::Counters,
        Self::Guesses,
        Self::SetupLinks,
        Self::UnusedClients,
    ];
}

/// Takes the right to tidy up until the end of the transaction; `false` where somebody else has it.
pub async fn try_lock(store: &mut Transaction) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/expired/try_lock.sql").fetch_one(store).await?)
}

/// Deletes what was over before a moment, and no more than `most` rows; tells how many.
pub async fn delete(
    store: &mut Transaction,
    what: Expiring,
    before: OffsetDateTime,
    most: i64,
) -> Result<u64, StoreError> {
    macro_rules! say {
        ($file:literal) => {
            sqlx::query_file!($file, before, most).execute(store).await?.rows_affected()
        };
    }
    Ok(match what {
        Expiring::RefreshTokens => say!("../sql/expired/refresh_tokens.sql"),
        Expiring::Tokens => say!("../sql/expired/tokens.sql"),
        Expiring::Grants => say!("../sql/expired/grants.sql"),
        Expiring::Sessions => say!("../sql/expired/sessions.sql"),
        Expiring::Counters => say!("../sql/expired/counters.sql"),
        Expiring::Guesses => say!("../sql/expired/guesses.sql"),
        Expiring::SetupLinks => say!("../sql/expired/setup_links.sql"),
        Expiring::UnusedClients => say!("../sql/expired/clients.sql"),
    })
}
