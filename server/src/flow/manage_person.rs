//! What an operator does with people whom we know: lets them in and out, gives and takes profiles, resets a factor.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::profile::ProfileName;
use crate::store::assignments::Assignment;
use crate::store::people::Active;
use crate::store::{assignments, factors, people, sessions, tokens};
use serde_json::json;

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Made,
    /// It was so before.
    NotNeeded,
}

/// Locks a person out: their sessions and tokens end at the next request.
pub async fn deactivate(portcullis: &Portcullis, person: &Person, actor: &str) -> Result<Change, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    if !people::set_active(&mut *transaction, person.id, Active::No).await? {
        return Ok(Change::NotNeeded);
    }
    let sessions = sessions::end_all(&mut *transaction, person.id, None, now, actor).await?;
    let tokens = tokens::revoke_all(&mut *transaction, person.id, now, actor).await?;
    let detail = json!({ "sessions_ended": sessions.len(), "tokens_revoked": tokens });
    let event = Happened::by(actor, EventKind::PersonDeactivated, person, detail);
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

/// Lets a person in again; what ended stays ended.
pub async fn activate(portcullis: &Portcullis, person: &Person, actor: &str) -> Result<Change, Failure> {
    let mut transaction = happened::begin(portcullis).await?;
    if !people::set_active(&mut *transaction, person.id, Active::Yes).await? {
        return Ok(Change::NotNeeded);
    }
    let event = Happened::by(actor, EventKind::PersonActivated, person, json!({}));
    happened::record(portcullis, &mut transaction, portcullis.now(), event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}

#[derive(Debug, thiserror::Error)]
pub enum NotGranted {
    #[error("there is no profile `{0}` in the configuration")]
    NoSuchProfile(ProfileName),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Gives a person a profile. A second one is worth a second look: from then on they choose, at each consent, as whom
/// their agent reads.
pub async fn grant(
    portcullis: &Portcullis,
    person: &Person,
    profile: &ProfileName,
    actor: &str,
) -> Result<Change, NotGranted> {
    if portcullis.profile(profile).is_none() {
        return Err(NotGranted::NoSuchProfile(profile.clone()));
    }
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let id = portcullis.rng().uuid_at(now).map_err(Failure::from)?;
    let assignment = Assignment { person_id: person.id, profile, assigned_by: actor, assigned_at: now };
    if !assignments::insert(&mut *transaction, id, &assignment).await.map_err(Failure::from)? {
        return Ok(Change::NotNeeded);
    }
    let held = assignments::of_person(&mut *transaction, person.id).await.map_err(Failure::from)?;
    let detail = json!({ "person": person.username.as_str(), "held": held });
    let event = Happened::by(actor, EventKind::ProfileAssigned, person, detail);
    let event = Happened { subject: profile.to_string(), ..event };
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    if held.len() > 1 {
        let person = person.username.as_str();
        tracing::error!(person, %profile, held = held.join(", "), actor, "a person holds more than one profile now");
    }
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
    if !assignments::end(&mut *transaction, person.id, profile, now, actor).await? {
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
    if !factors::delete(&mut *transaction, person.id).await? {
        return Ok(Change::NotNeeded);
    }
    factors::delete_codes(&mut *transaction, person.id).await?;
    let ended = sessions::end_all(&mut *transaction, person.id, None, now, actor).await?;
    let tokens = tokens::revoke_all(&mut *transaction, person.id, now, actor).await?;
    let detail = json!({ "sessions_ended": ended.len(), "tokens_revoked": tokens });
    let event = Happened::by(actor, EventKind::FactorReset, person, detail);
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(Change::Made)
}
