//! The first step of signing in: a name and a password.
//!
//! An unknown name, a person without a password and one who may not come in cost the same time as a wrong password, and
//! are answered in the same words.

use crate::flow::happened::{self, Happened};
use crate::flow::passwords::Verdict;
use crate::flow::throttle::{Counters, NotTaken, known_since};
use crate::flow::{Failure, Portcullis};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::local_path::LocalPath;
use crate::model::password;
use crate::model::person::Person;
use crate::model::session::{Session, Stage};
use crate::model::throttle::network;
use crate::store::people::{self, Claimed};
use serde_json::json;
use std::time::{Duration, Instant};

/// What somebody typed.
pub struct Credentials<'a> {
    pub username: &'a str,
    pub password: &'a str,
    /// Where they wanted to go.
    pub next: Option<LocalPath>,
}

#[derive(Debug, thiserror::Error)]
pub enum NotSignedIn {
    #[error("the name or the password is wrong")]
    Wrong,
    #[error("too many guesses; the next one is free in {} s", .0.as_secs())]
    TooFast(Duration),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NotTaken> for NotSignedIn {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Wait(wait) => Self::TooFast(wait),
            NotTaken::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<crate::store::StoreError> for NotSignedIn {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// The answer to a wrong guess comes at a multiple of this, so that what else was done for it, like the entry into the
/// record of a person whom we know, does not show.
const BEAT: Duration = Duration::from_millis(100);

/// Judges name and password; right ones begin a session that still lacks its second factor.
pub async fn sign_in(
    portcullis: &Portcullis,
    caller: &Caller,
    credentials: Credentials<'_>,
) -> Result<Session, NotSignedIn> {
    let begun = Instant::now();
    let judged = judge_guess(portcullis, caller, credentials).await;
    if matches!(judged, Err(NotSignedIn::Wrong)) {
        let beats = begun.elapsed().as_millis() / BEAT.as_millis() + 1;
        let answer_at = begun + BEAT * u32::try_from(beats).unwrap_or(1);
        tokio::time::sleep_until(answer_at.into()).await;
    }
    judged
}

async fn judge_guess(
    portcullis: &Portcullis,
    caller: &Caller,
    credentials: Credentials<'_>,
) -> Result<Session, NotSignedIn> {
    let username = credentials.username.trim().to_lowercase();
    let place = caller.ip.map(network);
    let claimed = people::claimed(portcullis.store(), &username, place, known_since(portcullis)).await?;
    let is_known_place = claimed.as_ref().is_some_and(|claimed| claimed.is_known_place);
    let counters = Counters::of_password(&username, caller.ip, is_known_place);
    counters.take(portcullis).await?;
    let person = match judge(portcullis, credentials.password, claimed).await? {
        Ok(person) => person,
        Err(Some(person)) => {
            failed(portcullis, caller, &person).await?;
            return Err(NotSignedIn::Wrong);
        }
        Err(None) => return Err(NotSignedIn::Wrong),
    };
    counters.forgive(portcullis).await?;
    let began_at = portcullis.now();
    Ok(Session {
        id: portcullis.rng().uuid_at(began_at).map_err(Failure::from)?,
        person_id: person.id,
        began_at,
        stage: Stage::Password { enrolment: None },
        next: credentials.next,
        ip: caller.ip,
        user_agent: caller.user_agent.clone(),
    })
}

/// The person if the password is theirs; otherwise the person, if there is one.
async fn judge(
    portcullis: &Portcullis,
    password: &str,
    claimed: Option<Claimed>,
) -> Result<Result<Person, Option<Person>>, Failure> {
    let (person, hash) = match claimed {
        Some(claimed) => (Some(claimed.person), claimed.password_hash),
        None => (None, None),
    };
    // Nobody has a password this long; hashing it would be work for a stranger's pleasure.
    let password = if password.len() > password::LONGEST { "" } else { password };
    let verdict = portcullis.passwords().verify(password, hash.clone()).await?;
    let Some(person) = person.filter(|person| person.active || verdict == Verdict::Wrong) else {
        return Ok(Err(None));
    };
    match (verdict, hash) {
        (Verdict::Wrong, _) => return Ok(Err(Some(person))),
        (Verdict::RightButWeak, Some(old)) => {
            let new = portcullis.passwords().hash(portcullis.rng(), password).await?;
            people::rehash(portcullis.store(), person.id, &old, &new).await?;
        }
        _ => {}
    }
    Ok(Ok(person))
}

async fn failed(portcullis: &Portcullis, caller: &Caller, person: &Person) -> Result<(), Failure> {
    let mut transaction = happened::begin(portcullis).await?;
    let detail = json!({ "ip": caller.ip, "user_agent": caller.user_agent });
    let event = Happened::by_themselves(EventKind::SignInFailed, person, detail);
    happened::record(portcullis, &mut transaction, portcullis.now(), event).await?;
    happened::commit(transaction).await
}
