//! Which client a `client_id` means: one of the configuration, one that is known, or one that describes itself in a
//! document at that address.

use crate::fetch::NotFetched;
use crate::flow::{Portcullis, strangers};
use crate::model::caller::Caller;
use crate::model::client::{Client, ClientKind};
use crate::model::document::{BadDocument, Document, DocumentUrl, freshness};
use crate::model::redirect::RedirectUri;
use crate::model::registration::UNUSED;
use crate::model::rng::NoEntropy;
use crate::model::throttle::{Counted, Throttle};
use crate::store::{StoreError, clients};
use std::time::Duration;
use time::OffsetDateTime;

/// Documents that one network may have us fetch. Only hosts that the operator believes are asked, so this is a courtesy
/// to them.
const FETCHES: Throttle = Throttle { attempts: 30, window: Duration::from_mins(10) };

#[derive(Debug, thiserror::Error)]
pub(super) enum NoClient {
    #[error("no client of this id is known here")]
    Unknown,
    #[error("metadata documents of `{0}` are not believed here")]
    NotBelieved(String),
    #[error("its metadata document cannot be fetched: {0}")]
    NotFetched(#[from] NotFetched),
    #[error("its metadata document cannot be used: {0}")]
    BadDocument(#[from] BadDocument),
    #[error("too many metadata documents were asked for")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// The client as it stands now. A document is fetched where it is not known, or no longer fresh.
pub(super) async fn find_client(
    portcullis: &Portcullis,
    caller: &Caller,
    identifier: &str,
) -> Result<Client, NoClient> {
    let now = portcullis.now();
    let authorization = portcullis.authorization();
    let known = clients::by_identifier(portcullis.store(), identifier).await?;
    if let Some(configured) = authorization.configured(identifier) {
        let client = Client {
            id: portcullis.rng().uuid()?,
            identifier: identifier.to_owned(),
            kind: ClientKind::Configured,
            name: configured.name.clone(),
            redirects: configured.redirects.clone(),
            registered_by: Some("configuration".to_owned()),
            registered_from: None,
            created_at: now,
            disabled_at: None,
            fresh_until: None,
            used_at: None,
        };
        return match known {
            Some(known) if is_same(&known, &client) => Ok(known),
            _ => clients::keep(portcullis.store(), &client).await?.ok_or(NoClient::Unknown),
        };
    }
    match known {
        // It may sign in nobody, and answers to no address of its own.
        Some(known) if known.kind.is_our_own() => return Err(NoClient::Unknown),
        Some(known) if is_forgotten(&known, now) => return Err(NoClient::Unknown),
        Some(known) if !is_stale(portcullis, &known, now) => return Ok(known),
        _ => {}
    }
    let url: DocumentUrl = identifier.parse().map_err(|_| NoClient::Unknown)?;
    from_document(portcullis, caller, &url).await
}

async fn from_document(
    portcullis: &Portcullis,
    caller: &Caller,
    url: &DocumentUrl,
) -> Result<Client, NoClient> {
    let authorization = portcullis.authorization();
    if !authorization.believes(url) {
        return Err(NoClient::NotBelieved(url.host().to_owned()));
    }
    if !strangers::within(portcullis, Counted::Document, caller, FETCHES).await? {
        return Err(NoClient::TooMany);
    }
    let fetched = portcullis.fetch().get(url.clone()).await?;
    let document = Document::read(url, &fetched.body, &authorization.redirect_uris)?;
    let now = portcullis.now();
    let client = Client {
        id: portcullis.rng().uuid()?,
        identifier: url.as_str().to_owned(),
        kind: ClientKind::MetadataDocument,
        name: document.name,
        redirects: document.redirects,
        registered_by: None,
        registered_from: None,
        created_at: now,
        disabled_at: None,
        fresh_until: Some(now + freshness(fetched.cache_control.as_deref())),
        used_at: None,
    };
    clients::keep(portcullis.store(), &client).await?.ok_or(NoClient::Unknown)
}

/// A client that registered itself, and took too long to come back.
fn is_forgotten(known: &Client, now: OffsetDateTime) -> bool {
    known.kind == ClientKind::Dynamic && known.used_at.is_none() && known.created_at + UNUSED <= now
}

/// What its document said is too old, or no longer believed.
fn is_stale(portcullis: &Portcullis, known: &Client, now: OffsetDateTime) -> bool {
    known.kind == ClientKind::MetadataDocument
        && !(known.fresh_until.is_some_and(|until| until > now)
            && portcullis.authorization().recognises(known.kind, &known.identifier))
}

fn is_same(known: &Client, configured: &Client) -> bool {
    let texts =
        |client: &Client| client.redirects.registered.iter().map(RedirectUri::to_string).collect::<Vec<_>>();
    known.kind == configured.kind
        && known.name == configured.name
        && known.redirects.by == configured.redirects.by
        && texts(known) == texts(configured)
}
