//! Issues a bearer token from the command line, for a script or a first try.

use crate::flow::Portcullis;
use crate::model::event::{Event, EventKind};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::model::rng::NoEntropy;
use crate::model::token::{Bearer, SCOPE};
use crate::store::tokens::NewToken;
use crate::store::{StoreError, assignments, events, people, tokens};
use serde_json::json;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// The client that tokens from the command line belong to; the first migration creates it.
const COMMAND_LINE: Uuid = Uuid::from_u128(1);

/// What is wished for.
#[derive(Debug)]
pub struct TokenWish<'a> {
    pub person: &'a Username,
    pub profile: &'a ProfileName,
    pub ttl: Duration,
    /// Who asks for it, for the record.
    pub actor: &'a str,
}

/// A token, and the only moment at which it can be read.
#[derive(Debug)]
pub struct Issued {
    pub id: Uuid,
    pub bearer: Bearer,
    pub expires_at: OffsetDateTime,
}

#[derive(Debug, thiserror::Error)]
pub enum NotIssued {
    #[error("there is no person `{0}`")]
    NoSuchPerson(Username),
    #[error("`{0}` is not active, or is not staff")]
    Inactive(Username),
    #[error("there is no profile `{0}` in the configuration")]
    NoSuchProfile(ProfileName),
    #[error("`{person}` does not hold the profile `{profile}`; held: {held}")]
    NotHeld { person: Username, profile: ProfileName, held: String },
    #[error("a token lives at least a second and at most `oauth.access_token`, {}", humantime::format_duration(*.0))]
    BadLifetime(Duration),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

pub async fn issue_token(portcullis: &Portcullis, wish: &TokenWish<'_>) -> Result<Issued, NotIssued> {
    let longest = portcullis.longest_token();
    if wish.ttl < Duration::from_secs(1) || wish.ttl > longest {
        return Err(NotIssued::BadLifetime(longest));
    }
    if portcullis.profile(wish.profile).is_none() {
        return Err(NotIssued::NoSuchProfile(wish.profile.clone()));
    }
    let mut transaction = portcullis.store().begin().await?;
    let person = people::by_username(&mut transaction, wish.person)
        .await?
        .ok_or_else(|| NotIssued::NoSuchPerson(wish.person.clone()))?;
    if !(person.active && person.powers.staff) {
        return Err(NotIssued::Inactive(wish.person.clone()));
    }
    let held = assignments::of_person(&mut transaction, person.id).await?;
    if !held.iter().any(|profile| profile == wish.profile.as_str()) {
        let held = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
        return Err(NotIssued::NotHeld { person: person.username, profile: wish.profile.clone(), held });
    }
    let issued_at = portcullis.now();
    let issued = Issued {
        id: portcullis.rng().uuid_at(issued_at)?,
        bearer: Bearer::generate(portcullis.rng())?,
        expires_at: issued_at + wish.ttl,
    };
    let token = NewToken {
        id: issued.id,
        hash: issued.bearer.hash(),
        person_id: person.id,
        client_id: COMMAND_LINE,
        grant_id: None,
        profile: wish.profile,
        profile_is_chosen: true,
        scope: SCOPE,
        audience: portcullis.audience(),
        issued_by: wish.actor,
        issued_at,
        expires_at: issued.expires_at,
    };
    tokens::insert(&mut transaction, &token).await?;
    let event = Event {
        id: portcullis.rng().uuid_at(issued_at)?,
        at: issued_at,
        kind: EventKind::TokenIssued,
        actor: wish.actor.to_owned(),
        person_id: Some(person.id),
        subject: issued.id.to_string(),
        detail: json!({
            "person": person.username.as_str(),
            "profile": wish.profile.as_str(),
            "expires_at": issued.expires_at.unix_timestamp(),
        }),
    };
    events::insert(&mut transaction, &event).await?;
    transaction.commit().await?;
    Ok(issued)
}
