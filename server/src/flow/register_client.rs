//! Lets a client make itself known (RFC 7591).

use crate::flow::{Portcullis, strangers};
use crate::model::authorization::SelfRegistration;
use crate::model::caller::Caller;
use crate::model::client::{Client, ClientKind, Match, Redirects};
use crate::model::event::{Event, EventKind};
use crate::model::registration::{BadRegistration, Registration, TWICE, UNUSED};
use crate::model::rng::NoEntropy;
use crate::model::throttle::Counted;
use crate::store::{StoreError, clients, events};
use serde_json::{Value, json};

#[derive(Debug, thiserror::Error)]
pub enum NotRegistered {
    #[error("clients cannot register themselves here; ask an operator")]
    Closed,
    #[error(transparent)]
    Bad(#[from] BadRegistration),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Makes a client known, and tells it what of its words counts. Whoever registers too many gets an answer like any other,
/// for a client that nobody will ever know: a threshold that can be felt can be measured.
pub async fn register_client(
    portcullis: &Portcullis,
    caller: &Caller,
    metadata: &Value,
) -> Result<(Client, Registration), NotRegistered> {
    let authorization = portcullis.authorization();
    if authorization.registration == SelfRegistration::Closed {
        return Err(NotRegistered::Closed);
    }
    let registration = Registration::read(metadata, &authorization.redirect_uris)?;
    let now = portcullis.now();
    let id = portcullis.rng().uuid()?;
    let client = Client {
        id,
        identifier: id.to_string(),
        kind: ClientKind::Dynamic,
        name: registration.name.clone(),
        redirects: Redirects { registered: registration.redirect_uris.clone(), by: Match::Exact },
        registered_by: None,
        registered_from: caller.ip,
        created_at: now,
        disabled_at: None,
        fresh_until: None,
        used_at: None,
    };
    let fingerprint = registration.fingerprint();
    if let Some(twin) = clients::twin(portcullis.store(), &fingerprint, now - TWICE).await? {
        return Ok((twin, registration));
    }
    if !strangers::within(portcullis, Counted::Registration, caller, authorization.registrations).await? {
        tracing::warn!(ip = ?caller.ip, "a client was not registered: there were too many from there");
        return Ok((client, registration));
    }
    let mut transaction = portcullis.store().begin().await?;
    clients::expire(&mut transaction, now - UNUSED).await?;
    clients::insert(&mut transaction, &client, Some(&fingerprint)).await?;
    let event = Event {
        id: portcullis.rng().uuid_at(now)?,
        at: now,
        kind: EventKind::ClientRegistered,
        actor: caller.ip.map_or_else(|| "stranger".to_owned(), |ip| format!("stranger:{ip}")),
        person_id: None,
        subject: client.identifier.clone(),
        detail: json!({ "name": client.name, "kind": client.kind.code() }),
    };
    events::insert(&mut transaction, &event).await?;
    transaction.commit().await?;
    Ok((client, registration))
}
