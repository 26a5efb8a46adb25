//! What an operator does with people whom we know: lets them in and out, gives and takes profiles, resets a factor.

use crate::flow::alert::Raised;
use crate::flow::assign_profile::{Assigning, NotAssigned, assign};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::attribute::{AttributeChange, MOST};
use crate::model::event::EventKind;
use crate::model::person::{Person, Powers, Username};
use crate::model::profile::ProfileName;
use crate::store::Transaction;
use crate::store::people::Active;
use crate::store::{StoreError, assignments, factors, people, sessions, tokens};
use serde_json::json;

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Made,
    /// It was so before.
    NotNeeded,
}

/// Why something about a person stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    #[error("`{0}` is the last administrator: make somebody else one first")]
    LastAdmin(Username),
    #[error("`{0}` would have more than {MOST} attributes")]
    TooManyAttributes(Username),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<StoreError> for NotChanged {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// Locks a person out: their sessions and tokens end at the next request.
pub async fn deactivate(portcullis: &Portcullis, person: &Person, actor: &str) -> Result<Change, NotChanged> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if person.active && person.powers.admin {
        is_not_the_last_admin(&mut transaction, person).await?;
    }
    if !people::set_active(&mut transaction, person.id, Active::No).await? {
        return Ok(Change::NotNeeded);
    }
    let sessions = sessions::end_all(&mut transaction, person.id, None, now, actor).await?;
    let tokens = tokens::revoke_all(&mut transaction, person.id, now, actor).await?;
    let detail = json!({ "sessions_ended": sessions.len(), "tokens_revoked": tokens });
    let event = Happened::by(actor, EventKind::PersonDeactivated, person, detail);
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

/// Makes a person what `powers` says, at the next request.
pub async fn set_powers(
    portcullis: &Portcullis,
    person: &Person,
    powers: Powers,
    actor: &str,
) -> Result<Change, NotChanged> {
    let mut transaction = happened::begin(portcullis).await?;
    if person.active && person.powers.admin && !powers.admin {
        is_not_the_last_admin(&mut transaction, person).await?;
    }
    if !people::set_powers(&mut transaction, person.id, powers).await? {
        return Ok(Change::NotNeeded);
    }
    let detail = json!({ "before": person.powers.words(), "now": powers.words() });
    let event = Happened::by(actor, EventKind::PowersChanged, person, detail);
    happened::record(portcullis, &mut transaction, portcullis.now(), event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

/// Says what row-scoped views may know of a person, from their next request on.
pub async fn set_attributes(
    portcullis: &Portcullis,
    person: &Person,
    changes: &[AttributeChange],
    actor: &str,
) -> Result<Change, NotChanged> {
    let mut transaction = happened::begin(portcullis).await?;
    let before = people::attributes(&mut transaction, person.id).await?;
    let now = before.clone().changed(changes);
    if now == before {
        return Ok(Change::NotNeeded);
    }
    if now.0.len() > MOST {
        return Err(NotChanged::TooManyAttributes(person.username.clone()));
    }
    people::set_attributes(&mut transaction, person.id, &now).await?;
    let detail = json!({ "before": before.to_json(), "now": now.to_json() });
    let event = Happened::by(actor, EventKind::AttributesChanged, person, detail);
    happened::record(portcullis, &mut transaction, portcullis.now(), event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

async fn is_not_the_last_admin(store: &mut Transaction, person: &Person) -> Result<(), NotChanged> {
    if people::has_other_admins(store, person.id).await? {
        Ok(())
    } else {
        Err(NotChanged::LastAdmin(person.username.clone()))
    }
}

/// Lets a person in again; what ended stays ended.
pub async fn activate(portcullis: &Portcullis, person: &Person, actor: &str) -> Result<Change, Failure> {
    let mut transaction = happened::begin(portcullis).await?;
    if !people::set_active(&mut transaction, person.id, Active::Yes).await? {
        return Ok(Change::NotNeeded);
    }
    let event = Happened::by(actor, EventKind::PersonActivated, person, json!({}));
    happened::record(portcullis, &mut transaction, portcullis.now(), event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

/// Gives a person a profile.
pub async fn grant(
    portcullis: &Portcullis,
    person: &Person,
    profile: &ProfileName,
    actor: &str,
) -> Result<Change, NotAssigned> {
    let at = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let assigning = Assigning { person_id: person.id, person: &person.username, profile, actor, at };
    let Some(raised) = assign(portcullis, &mut transaction, assigning).await? else {
        return Ok(Change::NotNeeded);
    };
    happened::commit(transaction).await?;
    raised.into_iter().for_each(Raised::tell);
    Ok(Change::Made)
}

/// Takes a profile away; tokens for it are refused from the next request on.
pub async fn withdraw(
    portcullis: &Portcullis,
    person: &Person,
    profile: &ProfileName,
    actor: &str,
) -> Result<Change, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !assignments::end(&mut transaction, person.id, profile, now, actor).await? {
        return Ok(Change::NotNeeded);
    }
    let detail = json!({ "person": person.username.as_str() });
    let event = Happened::by(actor, EventKind::ProfileWithdrawn, person, detail);
    let event = Happened { subject: profile.to_string(), ..event };
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

/// Forgets a person's factor and recovery codes, and ends their sessions: they enrol anew when they next sign in.
pub async fn reset_factor(portcullis: &Portcullis, person: &Person, actor: &str) -> Result<Change, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !factors::delete(&mut transaction, person.id).await? {
        return Ok(Change::NotNeeded);
    }
    factors::delete_codes(&mut transaction, person.id).await?;
    let ended = sessions::end_all(&mut transaction, person.id, None, now, actor).await?;
    let tokens = tokens::revoke_all(&mut transaction, person.id, now, actor).await?;
    let detail = json!({ "sessions_ended": ended.len(), "tokens_revoked": tokens });
    let event = Happened::by(actor, EventKind::FactorReset, person, detail);
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}
