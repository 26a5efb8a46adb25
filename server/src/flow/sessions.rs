//! Keeps sessions: what a browser's cookie means, until it is ended.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::session::{Session, SessionLine};
use crate::store::sessions::SessionHash;
use crate::store::{StoreError, factors, people, sessions, tokens};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::Duration;
use uuid::Uuid;

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
pub async fn sign_out(portcullis: &Portcullis, signed_in: &SignedIn) -> Result<(), Failure> {
    let SignedIn { person, session } = signed_in;
    let at = portcullis.now();
    let by = person.username.as_str();
    let mut transaction = happened::begin(portcullis).await?;
    sessions::end(&mut transaction, session.id, person.id, at, by).await?;
    let revoked = tokens::revoke_all(&mut transaction, person.id, at, by).await?;
    let event = Happened {
        subject: session.id.to_string(),
        ..Happened::by_themselves(EventKind::SignOut, person, json!({ "tokens_revoked": revoked }))
    };
    happened::record(portcullis, &mut transaction, at, event).await?;
    happened::commit(transaction).await?;
    Ok(())
}

/// Ends one session of a person; `false` where there is none that lives.
pub async fn end(portcullis: &Portcullis, person: &Person, id: Uuid, actor: &str) -> Result<bool, Failure> {
    let at = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !sessions::end(&mut transaction, id, person.id, at, actor).await? {
        return Ok(false);
    }
    let detail = json!({ "person": person.username.as_str() });
    let event =
        Happened { subject: id.to_string(), ..Happened::by(actor, EventKind::SessionEnded, person, detail) };
    happened::record(portcullis, &mut transaction, at, event).await?;
    happened::commit(transaction).await?;
    Ok(true)
}

fn hash(cookie: &str) -> SessionHash {
    Sha256::digest(cookie.as_bytes()).into()
}
