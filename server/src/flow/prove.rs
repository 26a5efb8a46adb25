//! The second step of signing in: a code of the authenticator app, or a recovery code.

use crate::flow::happened::{self, Happened};
use crate::flow::throttle::{Counters, NotTaken, known_since};
use crate::flow::{Failure, Portcullis};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::recovery_code::RecoveryCode;
use crate::model::sealed::Sealed;
use crate::model::session::Session;
use crate::model::throttle::network;
use crate::model::totp::TotpSecret;
use crate::store::Transaction;
use crate::store::{StoreError, factors, people};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// What the secret of a factor is sealed for.
pub(super) const PURPOSE: &str = "second factor";

/// What somebody shows.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// A code of the authenticator app.
    Code(&'a str),
    /// A recovery code.
    Recovery(&'a str),
}

#[derive(Debug, thiserror::Error)]
pub enum NotProven {
    #[error("the code is wrong")]
    Wrong,
    #[error("the code was used before")]
    Used,
    #[error("there is no second factor yet")]
    NotEnrolled,
    /// The session, or the person, is no longer what it was.
    #[error("the session has ended")]
    Ended,
    #[error("too many guesses; the next one is free in {} s", .0.as_secs())]
    TooFast(Duration),
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<NotTaken> for NotProven {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Wait(wait) => Self::TooFast(wait),
            NotTaken::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl From<StoreError> for NotProven {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// Whether this person has a factor to show.
pub async fn is_enrolled(portcullis: &Portcullis, person_id: Uuid) -> Result<bool, Failure> {
    Ok(factors::is_enrolled(portcullis.store(), person_id).await?)
}

/// Judges a proof. A right one makes the session count as signed in, or fresh again where it did before.
pub async fn prove(
    portcullis: &Portcullis,
    caller: &Caller,
    session: Session,
    proof: Proof<'_>,
) -> Result<Session, NotProven> {
    let person = people::by_id(portcullis.store(), session.person_id).await?.ok_or(NotProven::Ended)?;
    let place = caller.ip.map(network);
    let is_known_place =
        people::is_known_place(portcullis.store(), person.id, place, known_since(portcullis)).await?;
    let counters = Counters::of_code(person.id, caller.ip, is_known_place);
    counters.take(portcullis).await?;
    let mut transaction = happened::begin(portcullis).await?;
    let judged = match proof {
        Proof::Code(code) => check_code(portcullis, &mut transaction, &person, code).await,
        Proof::Recovery(code) => check_recovery(portcullis, &mut transaction, &person, code).await,
    };
    let now = portcullis.now();
    let about = |more| json!({ "ip": caller.ip, "user_agent": caller.user_agent, "session": session.id, "with": more });
    let with = match proof {
        Proof::Code(_) => "authenticator",
        Proof::Recovery(_) => "recovery_code",
    };
    match judged {
        Err(error @ (NotProven::Wrong | NotProven::Used)) => {
            let event = Happened::by_themselves(EventKind::FactorFailed, &person, about(with));
            happened::record(portcullis, &mut transaction, now, event).await?;
            happened::commit(transaction).await?;
            return Err(error);
        }
        other => other?,
    }
    let (kind, proven) = if session.is_signed_in() {
        (EventKind::FactorProven, session.clone().proven(now))
    } else {
        (EventKind::SignIn, session.clone().signed_in(now))
    };
    if let Some(place) = place {
        people::remember_place(&mut transaction, person.id, place, now).await?;
    }
    let event = Happened::by_themselves(kind, &person, about(with));
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    counters.forgive(portcullis).await?;
    Ok(proven)
}

async fn check_code(
    portcullis: &Portcullis,
    store: &mut Transaction,
    person: &Person,
    code: &str,
) -> Result<(), NotProven> {
    let sealed = factors::of_person(&mut *store, person.id).await?.ok_or(NotProven::NotEnrolled)?;
    let secret = open(portcullis, person.id, &sealed)?;
    let step = secret.check(code, portcullis.now()).ok_or(NotProven::Wrong)?;
    if !factors::use_step(&mut *store, person.id, step).await? {
        return Err(NotProven::Used);
    }
    if portcullis.keys().is_outdated(&sealed) {
        let anew = portcullis
            .keys()
            .seal(portcullis.rng(), PURPOSE, person.id, secret.as_bytes())
            .map_err(Failure::from)?;
        factors::reseal(&mut *store, person.id, &sealed.key_id, &anew).await?;
    }
    Ok(())
}

async fn check_recovery(
    portcullis: &Portcullis,
    store: &mut Transaction,
    person: &Person,
    code: &str,
) -> Result<(), NotProven> {
    let code = RecoveryCode::typed(code).ok_or(NotProven::Wrong)?;
    let now = portcullis.now();
    if !factors::use_code(&mut *store, person.id, &code.hash(person.id), now).await? {
        return Err(NotProven::Wrong);
    }
    let left = factors::codes_left(&mut *store, person.id).await?;
    let event = Happened::by_themselves(EventKind::RecoveryCodeUsed, person, json!({ "left": left }));
    happened::record(portcullis, store, now, event).await?;
    Ok(())
}

pub(super) fn open(portcullis: &Portcullis, person_id: Uuid, sealed: &Sealed) -> Result<TotpSecret, Failure> {
    let bytes = portcullis.keys().open(PURPOSE, person_id, sealed)?;
    Ok(TotpSecret::from_bytes(&bytes).ok_or(crate::model::sealed::NotOpened::Broken)?)
}
