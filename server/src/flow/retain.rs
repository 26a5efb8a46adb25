//! Drops what need not be kept any longer: whole months, as the owner of the store, stated in the chain and on record.
//!
//! What is dropped was sealed before, and its seals stay. The statement says which stretch of the record is gone, and is
//! signed like a checkpoint; so a drop that nobody stated, or that somebody states without the key, is found.

use crate::flow::{Failure, Portcullis};
use crate::model::call::first_id_at;
use crate::model::chain::Retained;
use crate::model::event::{Event, EventKind};
use crate::store::partitions::{self, Partition};
use crate::store::{StoreError, events, retentions, seals};
use serde_json::json;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use time::Duration;
use uuid::Uuid;

/// Calls that go from the index at once.
const BATCH: i64 = 5_000;

/// What could be dropped.
#[derive(Debug)]
pub struct Old {
    /// Everything before it.
    pub border: Uuid,
    pub partitions: Vec<Partition>,
}

#[derive(Debug, thiserror::Error)]
pub enum NotRetained {
    #[error("some of it is not sealed yet: is the program running?")]
    NotSealed,
    #[error("an instance is sealing just now; try again")]
    Busy,
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for NotRetained {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// The months that ended so long ago; `None` where there are none.
pub async fn old(portcullis: &Portcullis, keep: Duration) -> Result<Option<Old>, StoreError> {
    let partitions =
        partitions::old(portcullis.store(), first_id_at(portcullis.now().saturating_sub(keep))).await?;
    Ok(partitions.last().map(|last| last.until).map(|border| Old { border, partitions }))
}

/// Drops them, and states it.
pub async fn drop_old(
    portcullis: &Portcullis,
    owner: &PgConnectOptions,
    old: &Old,
    actor: &str,
) -> Result<Retained, NotRetained> {
    let mut owner = PgConnection::connect_with(owner).await.map_err(StoreError::from)?;
    let since = retentions::all(&mut owner).await?.iter().map(|one| one.until).max().unwrap_or(Uuid::nil());
    let stretch = (since, old.border);
    // It only ever moves on.
    let horizon = seals::ground(&mut owner).await?.last.map(|last| last.horizon);
    if horizon.is_none_or(|horizon| horizon < old.border) {
        return Err(NotRetained::NotSealed);
    }
    // The index first: whatever breaks off here is made good by doing it again.
    while retentions::forget_calls(&mut owner, stretch, BATCH).await? >= BATCH {}
    let mut transaction = owner.begin().await.map_err(StoreError::from)?;
    if !seals::try_lock(&mut *transaction).await? {
        return Err(NotRetained::Busy);
    }
    let at = portcullis.now();
    let rows = seals::counts(&mut *transaction, since, old.border).await?.iter().sum();
    let id = portcullis.rng().uuid_at(at).map_err(Failure::from)?;
    let retained =
        Retained { id, at, actor: actor.to_owned(), since, until: old.border, rows, signature: None };
    let retained = retained.signed(portcullis.record_keys());
    retentions::insert(&mut transaction, &retained).await?;
    events::insert(&mut *transaction, &event(&retained, old)).await?;
    partitions::drop(&mut transaction, old.border).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(retained)
}

fn event(retained: &Retained, old: &Old) -> Event {
    let names: Vec<&str> = old.partitions.iter().map(|partition| partition.name.as_str()).collect();
    Event {
        id: retained.id,
        at: retained.at,
        kind: EventKind::RetentionApplied,
        actor: retained.actor.clone(),
        person_id: None,
        subject: "record".to_owned(),
        detail: json!({
            "since": retained.since,
            "until": retained.until,
            "rows": retained.rows,
            "partitions": names,
        }),
    }
}
