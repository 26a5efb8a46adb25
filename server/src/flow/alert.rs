//! Raises alerts, and puts them away once somebody has looked at them.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::alert::{Alert, AlertKind};
use crate::model::event::EventKind;
use crate::model::measure;
use crate::store::{Transaction, alerts, deliveries};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

/// Alerts of one list at most.
const MOST: i64 = 200;

/// Something worth an alert.
pub(super) struct Occasion<'a> {
    pub kind: AlertKind,
    /// Makes it one of its kind: the same key gives rise to no second alert.
    pub key: String,
    pub person_id: Option<Uuid>,
    pub subject: &'a str,
    pub detail: Value,
}

/// An alert that is kept, and still to be told once what gave rise to it is certain.
#[must_use = "an alert that nobody tells helps nobody"]
pub(super) struct Raised(Option<Alert>);

impl Raised {
    /// Tells it to whoever watches the log.
    pub(super) fn tell(self) {
        if let Some(alert) = self.0 {
            metrics::counter!(measure::ALERTS, "kind" => alert.kind.code()).increment(1);
            tracing::error!(target: "portcullis::alert", kind = alert.kind.code(), id = %alert.id, "{}", alert.message());
        }
    }
}

/// Keeps an alert within the caller's transaction.
pub(super) async fn raise(
    portcullis: &Portcullis,
    store: &mut Transaction,
    at: OffsetDateTime,
    occasion: Occasion<'_>,
) -> Result<Raised, Failure> {
    let Occasion { kind, key, person_id, subject, detail } = occasion;
    let id = portcullis.rng().uuid_at(at)?;
    let alert = Alert { id, at, kind, person_id, subject: subject.to_owned(), detail, acknowledged: None };
    let key = format!("{}/{key}", kind.code());
    let is_new = alerts::insert(&mut *store, &alert, &key).await?;
    if is_new && portcullis.webhook().is_some() {
        deliveries::insert(store, id, at).await?;
    }
    Ok(Raised(is_new.then_some(alert)))
}

/// What there is to look at, and what was looked at last.
#[derive(Debug)]
pub struct Board {
    pub open: Vec<Alert>,
    pub acknowledged: Vec<Alert>,
}

pub async fn board(portcullis: &Portcullis) -> Result<Board, Failure> {
    let store = portcullis.store();
    Ok(Board {
        open: alerts::newest_open(store, MOST).await?,
        acknowledged: alerts::newest_acknowledged(store, MOST).await?,
    })
}

/// The newest that nobody has looked at.
pub async fn newest_open(portcullis: &Portcullis, most: i64) -> Result<Vec<Alert>, Failure> {
    Ok(alerts::newest_open(portcullis.store(), most).await?)
}

/// How many nobody has looked at; a hundred stands for more.
pub async fn count_open(portcullis: &Portcullis) -> Result<u32, Failure> {
    Ok(u32::try_from(alerts::count_open(portcullis.store()).await?).unwrap_or(u32::MAX))
}

/// Somebody has looked at it; `false` where there is none, or somebody had before.
pub async fn acknowledge(portcullis: &Portcullis, id: Uuid, actor: &str) -> Result<bool, Failure> {
    let at = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let Some(alert) = alerts::acknowledge(&mut transaction, id, actor, at).await? else { return Ok(false) };
    let event = Happened {
        kind: EventKind::AlertAcknowledged,
        actor,
        person_id: alert.person_id,
        subject: alert.subject,
        detail: json!({ "alert": id, "kind": alert.kind }),
    };
    happened::record(portcullis, &mut transaction, at, event).await?;
    happened::commit(transaction).await?;
    Ok(true)
}
