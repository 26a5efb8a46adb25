//! Tidies up in the background: makes the partitions of the months to come, and deletes what expired long ago and nothing
//! of the record needs. The record itself is never touched here.

use crate::flow::{Failure, Portcullis, happened};
use crate::model::registration::UNUSED;
use crate::store::expired::{self, Expiring};
use crate::store::{StoreError, partitions};
use time::{Duration, OffsetDateTime};

/// How long what expired is kept, so that whoever still comes with it is told that it expired, and not that it never was.
const KEPT: Duration = Duration::days(30);
/// Counters and guesses mean nothing after this time.
const COUNTED: Duration = Duration::days(2);
/// Rows that are deleted in one transaction.
const BATCH: i64 = 1_000;
/// How often all of it is looked at.
const PAUSE: std::time::Duration = std::time::Duration::from_hours(1);
/// How long it rests between two batches.
const REST: std::time::Duration = std::time::Duration::from_millis(200);

/// What one batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tidied {
    pub deleted: u64,
    /// Whether there is more to do right away.
    pub more: bool,
}

/// Tidies up for as long as the program runs.
pub async fn keep_tidy(portcullis: Portcullis) {
    loop {
        if let Err(error) = look_ahead(&portcullis).await {
            tracing::error!(%error, "the partitions of the months to come could not be made");
        }
        loop {
            match tidy_up(&portcullis).await {
                Ok(Some(Tidied { more: true, .. })) => tokio::time::sleep(REST).await,
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "what expired could not be deleted");
                    break;
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Makes partitions ahead; tells how many.
pub async fn look_ahead(portcullis: &Portcullis) -> Result<i32, StoreError> {
    partitions::make(portcullis.store()).await
}

/// Deletes a batch of each kind; `None` where another instance is at it.
pub async fn tidy_up(portcullis: &Portcullis) -> Result<Option<Tidied>, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !expired::try_lock(&mut transaction).await? {
        return Ok(None);
    }
    let mut tidied = Tidied { deleted: 0, more: false };
    for what in Expiring::ALL {
        let deleted = expired::delete(&mut transaction, what, border(portcullis, what, now), BATCH).await?;
        tidied.deleted += deleted;
        tidied.more |= i64::try_from(deleted).is_ok_and(|deleted| deleted >= BATCH);
    }
    happened::commit(transaction).await?;
    Ok(Some(tidied))
}

/// What was over before this moment is deleted.
fn border(portcullis: &Portcullis, what: Expiring, now: OffsetDateTime) -> OffsetDateTime {
    match what {
        Expiring::RefreshTokens | Expiring::Tokens | Expiring::Grants | Expiring::SetupLinks => now - KEPT,
        Expiring::Sessions => now - portcullis.session_life().absolute - KEPT,
        Expiring::Counters => now - COUNTED,
        Expiring::Guesses => now - COUNTED.max(portcullis.throttle().window.try_into().unwrap_or(COUNTED)),
        Expiring::UnusedClients => now - UNUSED,
    }
}
