//! What was changed goes on record, in the transaction that changes it.

use crate::flow::{Failure, Portcullis};
use crate::model::event::{Event, EventKind};
use crate::model::person::Person;
use crate::store::Transaction;
use crate::store::events;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

/// One change, about to be recorded.
pub(super) struct Happened<'a> {
    pub kind: EventKind,
    pub actor: &'a str,
    pub person_id: Option<Uuid>,
    pub subject: String,
    pub detail: Value,
}

impl<'a> Happened<'a> {
    /// Something that a person did to what is theirs.
    pub(super) fn by_themselves(kind: EventKind, person: &'a Person, detail: Value) -> Self {
        Self::by(person.username.as_str(), kind, person, detail)
    }

    /// Something that was done to a person.
    pub(super) fn by(actor: &'a str, kind: EventKind, person: &Person, detail: Value) -> Self {
        Self { kind, actor, person_id: Some(person.id), subject: person.username.to_string(), detail }
    }
}

pub(super) async fn record(
    portcullis: &Portcullis,
    store: &mut Transaction,
    at: OffsetDateTime,
    happened: Happened<'_>,
) -> Result<(), Failure> {
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind: happened.kind,
        actor: happened.actor.to_owned(),
        person_id: happened.person_id,
        subject: happened.subject,
        detail: happened.detail,
    };
    Ok(events::insert(store, &event).await?)
}

pub(super) async fn begin(portcullis: &Portcullis) -> Result<Transaction, Failure> {
    Ok(portcullis.store().begin().await?)
}

pub(super) async fn commit(transaction: Transaction) -> Result<(), Failure> {
    Ok(transaction.commit().await?)
}
