//! Keeps sessions: what a browser's cookie means, until it is ended.

use crate::flow::Portcullis;
use crate::model::event::{Event, EventKind};
use crate::model::person::Person;
use crate::model::rng::NoEntropy;
use crate::model::session::{Session, SessionLine};
use crate::store::sessions::SessionHash;
use crate::store::{StoreError, events, factors, people, sessions, tokens};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;
use uuid::Uuid;

/// Why a session could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// How long the rows of dead sessions are kept, beyond the longest life.
const KEPT: Duration = Duration::days(30);

pub async fn begin(portcullis: &Portcullis, cookie: &str, session: &Session) -> Result<(), StoreError> {
    let now = portcullis.now();
    sessions::insert(portcullis.store(), &hash(cookie), session, now).await?;
    sessions::purge(portcullis.store(), now - portcullis.session_life().absolute - KEPT).await
}

/// The living session of a cookie; being asked for keeps it alive.
pub async fn find(portcullis: &Portcullis, cookie: &str) -> Result<Option<Session>, StoreError> {
    sessions::touch(portcullis.store(), &hash(cookie), portcullis.now(), portcullis.session_life()).await
}

pub async fn keep(portcullis: &Portcullis, cookie: &str, session: &Session) -> Result<(), StoreError> {
    sessions::update(portcullis.store(), &hash(cookie), session).await
}

/// Forgets a cookie whose session lives on under another one, or was ended before.
pub async fn forget(portcullis: &Portcullis, cookie: &str) -> Result<(), StoreError> {
    sessions::forget(portcullis.store(), &hash(cookie)).await
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub person: Person,
    pub session: Session,
}

/// Who is signed in with this session, judged anew: an active person, who still has a second factor.
pub async fn signed_in(portcullis: &Portcullis, session: Session) -> Result<Option<SignedIn>, StoreError> {
    if !session.is_signed_in() {
        return Ok(None);
    }
    let Some(person) = people::by_id(portcullis.store(), session.person_id).await? else { return Ok(None) };
    let has_factor = factors::is_enrolled(portcullis.store(), person.id).await?;
    Ok((person.active && has_factor).then_some(SignedIn { person, session }))
}

/// The sessions with which a person is signed in.
pub async fn of_person(portcullis: &Portcullis, person: &Person) -> Result<Vec<SessionLine>, StoreError> {
    sessions::of_person(portcullis.store(), person.id, portcullis.now(), portcullis.session_life()).await
}

/// Signs a person out: this session ends, and with it every token that speaks for them.
pub async fn sign_out(portcullis: &Portcullis, signed_in: &SignedIn) -> Result<(), NotKept> {
    let SignedIn { person, session } = signed_in;
    let at = portcullis.now();
    let by = person.username.as_str();
    let mut transaction = portcullis.store().begin().await.map_err(StoreError::from)?;
    sessions::end(&mut *transaction, session.id, person.id, at, by).await?;
    let revoked = tokens::revoke_all(&mut *transaction, person.id, at, by).await?;
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind: EventKind::SignOut,
        actor: by.to_owned(),
        person_id: Some(person.id),
        subject: session.id.to_string(),
        detail: json!({ "tokens_revoked": revoked }),
    };
    events::insert(&mut *transaction, &event).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Ends one session of a person; `false` where there is none that lives.
pub async fn end(portcullis: &Portcullis, person: &Person, id: Uuid) -> Result<bool, NotKept> {
    let at = portcullis.now();
    let by = person.username.as_str();
    let mut transaction = portcullis.store().begin().await.map_err(StoreError::from)?;
    if !sessions::end(&mut *transaction, id, person.id, at, by).await? {
        return Ok(false);
    }
    let event = Event {
        id: portcullis.rng().uuid_at(at)?,
        at,
        kind: EventKind::SessionEnded,
        actor: by.to_owned(),
        person_id: Some(person.id),
        subject: id.to_string(),
        detail: json!({}),
    };
    events::insert(&mut *transaction, &event).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(true)
}

fn hash(cookie: &str) -> SessionHash {
    Sha256::digest(cookie.as_bytes()).into()
}
