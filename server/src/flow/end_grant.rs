//! Ends a grant and everything that descends from it; it holds at the very next request.

use crate::flow::Portcullis;
use crate::flow::exchange::NoTokens;
use crate::model::event::{Event, EventKind};
use crate::model::rng::NoEntropy;
use crate::model::token::{Bearer, Refresh};
use crate::store::{StoreError, clients, events, grants, refresh_tokens, tokens};
use serde_json::json;
use uuid::Uuid;

/// Why a revocation was not done (RFC 7009, section 2.2.1).
#[derive(Debug, thiserror::Error)]
pub enum NotEnded {
    #[error("the token was issued to another client")]
    OtherClient,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl From<NotEnded> for NoTokens {
    fn from(error: NotEnded) -> Self {
        match error {
            NotEnded::OtherClient => Self::InvalidClient,
            NotEnded::Store(error) => Self::Store(error),
            NotEnded::NoEntropy(error) => Self::NoEntropy(error),
        }
    }
}

/// Ends what a client carries no longer (RFC 7009): the token, its grant, and with it the other tokens of that. An
/// unknown token is as good as ended.
pub async fn end_token(portcullis: &Portcullis, client: Option<&str>, token: &str) -> Result<(), NotEnded> {
    let mut found = None;
    if let Some(bearer) = Bearer::presented(token) {
        found = tokens::find(portcullis.store(), None, Some(bearer.hash())).await?;
    }
    let grant_id = match &found {
        Some(found) => found.grant_id,
        None => match Refresh::presented(token) {
            Some(refresh) => {
                refresh_tokens::find(portcullis.store(), &refresh.hash()).await?.map(|kept| kept.grant_id)
            }
            None => None,
        },
    };
    let holder = match (&found, grant_id) {
        (Some(found), _) => Some(found.client_id),
        (None, Some(grant_id)) => {
            grants::by_id(portcullis.store(), grant_id).await?.map(|grant| grant.client_id)
        }
        (None, None) => None,
    };
    if let (Some(client), Some(holder)) = (client, holder) {
        let client = clients::by_identifier(portcullis.store(), client).await?;
        if client.is_none_or(|client| client.id != holder) {
            return Err(NotEnded::OtherClient);
        }
    }
    match (grant_id, found) {
        (Some(grant_id), _) => end(portcullis, grant_id, EventKind::GrantRevoked, "client").await,
        (None, Some(found)) => {
            let at = portcullis.now();
            let mut transaction = portcullis.store().begin().await?;
            let Some(revoked) = tokens::revoke(&mut transaction, found.id, at, "client").await? else {
                return Ok(());
            };
            let event = Event {
                id: portcullis.rng().uuid_at(at)?,
                at,
                kind: EventKind::TokenRevoked,
                actor: "client".to_owned(),
                person_id: Some(revoked.person_id),
                subject: found.id.to_string(),
                detail: json!({ "profile": revoked.profile }),
            };
            events::insert(&mut transaction, &event).await?;
            Ok(transaction.commit().await?)
        }
        (None, None) => Ok(()),
    }
}

/// Ends a grant, and writes down why; what was ended before stays as it is.
pub(super) async fn end(portcullis: &Portcullis, id: Uuid, why: EventKind, by: &str) -> Result<(), NotEnded> {
    let at = portcullis.now();
    let mut transaction = portcullis.store().begin().await?;
    let Some(ended) = grants::revoke(&mut transaction, id, at, by).await? else { return Ok(()) };
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind: why,
        actor: by.to_owned(),
        person_id: Some(ended.person_id),
        subject: id.to_string(),
        detail: json!({ "client": ended.client_id, "profile": ended.profile }),
    };
    events::insert(&mut transaction, &event).await?;
    Ok(transaction.commit().await?)
}
