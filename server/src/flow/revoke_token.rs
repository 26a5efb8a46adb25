//! Ends a bearer token; it holds at the very next request.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::event::{Event, EventKind};
use crate::model::person::Person;
use crate::model::rng::NoEntropy;
use crate::model::token::Bearer;
use crate::store::{StoreError, events, tokens};
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum NotRevoked {
    #[error("there is no such token; give its id, or the token itself")]
    NoSuchToken,
    #[error("the token {0} was revoked before")]
    RevokedBefore(Uuid),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Ends the token that `name` names, by its id or by being it, and tells its id.
pub async fn revoke_token(portcullis: &Portcullis, name: &str, actor: &str) -> Result<Uuid, NotRevoked> {
    let hash = Bearer::presented(name).map(|bearer| bearer.hash());
    let id = Uuid::try_parse(name).ok();
    if hash.is_none() && id.is_none() {
        return Err(NotRevoked::NoSuchToken);
    }
    let mut transaction = portcullis.store().begin().await?;
    let found = tokens::find(&mut transaction, id, hash).await?.ok_or(NotRevoked::NoSuchToken)?;
    let id = found.id;
    let at = portcullis.now();
    let revoked =
        tokens::revoke(&mut transaction, id, at, actor).await?.ok_or(NotRevoked::RevokedBefore(id))?;
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind: EventKind::TokenRevoked,
        actor: actor.to_owned(),
        person_id: Some(revoked.person_id),
        subject: id.to_string(),
        detail: json!({ "profile": revoked.profile }),
    };
    events::insert(&mut transaction, &event).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Ends a token that speaks for this person; `false` where there is none that lives.
pub async fn revoke_token_of(
    portcullis: &Portcullis,
    person: &Person,
    id: Uuid,
    actor: &str,
) -> Result<bool, Failure> {
    let at = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    match tokens::revoke(&mut transaction, id, at, actor).await? {
        // Dropping the transaction undoes what was done to the token of another.
        Some(revoked) if revoked.person_id == person.id => {
            let detail = json!({ "profile": revoked.profile });
            let event = Happened::by(actor, EventKind::TokenRevoked, person, detail);
            let event = Happened { subject: id.to_string(), ..event };
            happened::record(portcullis, &mut transaction, at, event).await?;
            happened::commit(transaction).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
