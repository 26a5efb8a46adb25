//! What an operator does about clients.

use crate::flow::Portcullis;
use crate::model::client::{Client, ClientKind, ClientName, Redirects};
use crate::model::event::{Event, EventKind};
use crate::model::redirect::RedirectUri;
use crate::model::rng::NoEntropy;
use crate::store::clients::ClientFilter;
use crate::store::tokens::ClientTokenLine;

use crate::store::Transaction;
use crate::store::{StoreError, clients, events, tokens};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use crate::store::clients::ClientLine;

/// Clients of one list at most.
const MOST: i64 = 1_000;
/// Clients on a page.
const PAGE: i64 = 50;
const PAGE_LENGTH: usize = 50;
/// Tokens in a list, at most.
const TOKENS: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum NotManaged {
    #[error("there is a client `{0}` already")]
    Taken(String),
    #[error("`{0}` would send codes over the network for everybody to read: use https")]
    InTheOpen(RedirectUri),
    #[error("there is no client `{0}`, or it is so already")]
    Unchanged(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Makes a client known by an operator's word.
pub async fn add(
    portcullis: &Portcullis,
    id: &ClientName,
    name: &str,
    redirects: Redirects,
    actor: &str,
) -> Result<Client, NotManaged> {
    let taken = || NotManaged::Taken(id.to_string());
    if let Some(open) = redirects.registered.iter().find(|uri| uri.is_in_the_open()) {
        return Err(NotManaged::InTheOpen(open.clone()));
    }
    if portcullis.authorization().configured(id.as_str()).is_some() {
        return Err(taken());
    }
    let now = portcullis.now();
    let client = Client {
        id: portcullis.rng().uuid()?,
        identifier: id.to_string(),
        kind: ClientKind::Registered,
        name: name.to_owned(),
        redirects,
        registered_by: Some(actor.to_owned()),
        registered_from: None,
        created_at: now,
        disabled_at: None,
        fresh_until: None,
        used_at: None,
    };
    let mut transaction = portcullis.store().begin().await?;
    match clients::insert(&mut transaction, &client, None).await {
        Err(StoreError::Conflict { constraint }) if constraint == "client_id_is_taken" => return Err(taken()),
        other => other?,
    }
    record(portcullis, &mut transaction, EventKind::ClientRegistered, &client.identifier, actor).await?;
    transaction.commit().await?;
    Ok(client)
}

/// The clients made known last.
pub async fn list(portcullis: &Portcullis) -> Result<Vec<Client>, StoreError> {
    clients::newest(portcullis.store(), MOST).await
}

/// A page of clients, those made known last first, and whether there are more.
pub async fn page(
    portcullis: &Portcullis,
    words: &str,
    before: Option<(OffsetDateTime, Uuid)>,
) -> Result<(Vec<ClientLine>, bool), StoreError> {
    let before = before.unwrap_or((portcullis.now() + Duration::days(1), Uuid::max()));
    let filter = ClientFilter { words: words.to_lowercase(), before };
    let mut lines = clients::page(portcullis.store(), &filter, portcullis.now(), PAGE + 1).await?;
    let has_more = lines.len() > PAGE_LENGTH;
    lines.truncate(PAGE_LENGTH);
    Ok((lines, has_more))
}

/// The tokens of a client that still live.
pub async fn tokens(portcullis: &Portcullis, client: &Client) -> Result<Vec<ClientTokenLine>, StoreError> {
    tokens::living_of_client(portcullis.store(), client.id, portcullis.now(), TOKENS).await
}

/// The client with this number of ours.
pub async fn by_id(portcullis: &Portcullis, id: Uuid) -> Result<Option<Client>, StoreError> {
    clients::by_id(portcullis.store(), id).await
}

pub async fn show(portcullis: &Portcullis, identifier: &str) -> Result<Option<Client>, StoreError> {
    clients::by_identifier(portcullis.store(), identifier).await
}

/// Closes the door to a client, for its tokens too, from the next request on.
pub async fn disable(portcullis: &Portcullis, identifier: &str, actor: &str) -> Result<(), NotManaged> {
    let mut transaction = portcullis.store().begin().await?;
    let disabled = clients::disable(&mut transaction, identifier, portcullis.now(), actor).await?;
    disabled.ok_or_else(|| NotManaged::Unchanged(identifier.to_owned()))?;
    record(portcullis, &mut transaction, EventKind::ClientDisabled, identifier, actor).await?;
    Ok(transaction.commit().await?)
}

/// Opens it again.
pub async fn enable(portcullis: &Portcullis, identifier: &str, actor: &str) -> Result<(), NotManaged> {
    let mut transaction = portcullis.store().begin().await?;
    let enabled = clients::enable(&mut transaction, identifier).await?;
    enabled.ok_or_else(|| NotManaged::Unchanged(identifier.to_owned()))?;
    record(portcullis, &mut transaction, EventKind::ClientEnabled, identifier, actor).await?;
    Ok(transaction.commit().await?)
}

async fn record(
    portcullis: &Portcullis,
    transaction: &mut Transaction,
    kind: EventKind,
    identifier: &str,
    actor: &str,
) -> Result<(), NotManaged> {
    let at = portcullis.now();
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind,
        actor: actor.to_owned(),
        person_id: None,
        subject: identifier.to_owned(),
        detail: json!({}),
    };
    Ok(events::insert(transaction, &event).await?)
}
