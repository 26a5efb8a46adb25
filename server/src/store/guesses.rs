//! Counters of guesses, shared by all instances.

use crate::model::throttle::{Guess, SignInThrottle};
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;

/// SHA-256 of what is guessed at.
pub type GuessKey = [u8; 32];

/// Counts a guess; `false` where it comes too early, and then it is not counted.
pub async fn take(
    store: impl PgExecutor<'_>,
    guess: Guess,
    key: &GuessKey,
    now: OffsetDateTime,
    throttle: SignInThrottle,
) -> Result<bool, StoreError> {
    let free = if guess == Guess::Address { throttle.address_attempts } else { throttle.attempts };
    let taken = sqlx::query_file!(
        "../sql/guesses/take.sql",
        guess.code(),
        key.as_slice(),
        now,
        now - throttle.window,
        free,
        throttle.longest_delay.as_secs_f64(),
    )
    .fetch_optional(store)
    .await?;
    Ok(taken.is_some())
}

/// When the next guess is free.
pub async fn free_at(
    store: impl PgExecutor<'_>,
    guess: Guess,
    key: &GuessKey,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/guesses/free_at.sql", guess.code(), key.as_slice())
        .fetch_optional(store)
        .await?)
}

/// A guess was right: those before it no longer count. Of an address, only the right one is forgiven.
pub async fn forgive(
    store: impl PgExecutor<'_>,
    guess: Guess,
    key: &GuessKey,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    if guess == Guess::Address {
        sqlx::query_file!("../sql/guesses/give_back.sql", guess.code(), key.as_slice(), now)
            .execute(store)
            .await?;
    } else {
        sqlx::query_file!("../sql/guesses/forget.sql", guess.code(), key.as_slice()).execute(store).await?;
    }
    Ok(())
}

/// Throws away counters that would begin anew.
pub async fn purge(
    store: impl PgExecutor<'_>,
    horizon: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/guesses/purge.sql", horizon, now).execute(store).await?;
    Ok(())
}
