//! Changes a person's password; every other session of theirs ends.

use crate::flow::happened::{self, Happened};
use crate::flow::passwords::Verdict;
use crate::flow::sessions::SignedIn;
use crate::flow::throttle::{Counters, NotTaken, known_since};
use crate::flow::{Failure, Portcullis};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::password::{LONGEST, NewPassword, UnfitPassword};
use crate::model::person::Person;
use crate::model::throttle::network;
use crate::store::{StoreError, people, sessions};
use serde_json::json;
use std::time::Duration;

/// What a person types to change their own.
pub struct PasswordChange<'a> {
    pub current: &'a str,
    pub new: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    #[error("this is not your password")]
    Wrong,
    #[error(transparent)]
    Unfit(#[from] UnfitPassword),
    #[error("too many guesses; the next one is free in {} s", .0.as_secs())]
    TooFast(Duration),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NotTaken> for NotChanged {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Wait(wait) => Self::TooFast(wait),
            NotTaken::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<StoreError> for NotChanged {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// Judges a password of this person.
pub fn judge(person: &Person, password: &str) -> Result<NewPassword, UnfitPassword> {
    NewPassword::judge(password, &[person.username.as_str(), &person.email, &person.display_name])
}

/// Changes the password of somebody who is signed in and knows the current one.
pub async fn change_own_password(
    portcullis: &Portcullis,
    caller: &Caller,
    signed_in: &SignedIn,
    change: PasswordChange<'_>,
) -> Result<(), NotChanged> {
    let person = &signed_in.person;
    let place = caller.ip.map(network);
    let is_known =
        people::is_known_place(portcullis.store(), person.id, place, known_since(portcullis)).await?;
    let counters = Counters::of_password(person.username.as_str(), caller.ip, is_known);
    counters.take(portcullis).await?;
    let hash = people::password_hash(portcullis.store(), person.id).await?;
    let current = if change.current.len() > LONGEST { "" } else { change.current };
    if portcullis.passwords().verify(current, hash).await.map_err(Failure::from)? == Verdict::Wrong {
        return Err(NotChanged::Wrong);
    }
    counters.forgive(portcullis).await?;
    let new = judge(person, change.new)?;
    let actor = person.username.as_str();
    Ok(set(portcullis, person, &new, Some(signed_in.session.id), actor).await?)
}

/// Sets a person's password, as an operator does from a shell.
pub async fn set_password(
    portcullis: &Portcullis,
    person: &Person,
    new: &NewPassword,
    actor: &str,
) -> Result<(), Failure> {
    set(portcullis, person, new, None, actor).await
}

async fn set(
    portcullis: &Portcullis,
    person: &Person,
    new: &NewPassword,
    kept: Option<uuid::Uuid>,
    actor: &str,
) -> Result<(), Failure> {
    let hash = portcullis.passwords().hash(portcullis.rng(), new.reveal()).await?;
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    people::set_password(&mut transaction, person.id, &hash).await?;
    let ended = sessions::end_all(&mut transaction, person.id, kept, now, actor).await?;
    let detail = json!({ "sessions_ended": ended.len() });
    let event = Happened::by(actor, EventKind::PasswordChanged, person, detail);
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await
}
