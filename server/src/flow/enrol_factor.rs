//! Enrols a second factor: a secret is offered, a code of it shown, and ten recovery codes are handed out, once.

use crate::flow::happened::{self, Happened};
use crate::flow::prove::{NotProven, PURPOSE, open};
use crate::flow::throttle::Counters;
use crate::flow::{Failure, Portcullis};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::recovery_code::{MANY, RecoveryCode};
use crate::model::session::{Session, Stage};
use crate::model::throttle::network;
use crate::model::totp::TotpSecret;
use crate::store::Transaction;
use crate::store::{factors, people};
use serde_json::json;
use time::OffsetDateTime;

/// What a person is shown to enrol.
pub struct Offer {
    pub secret: TotpSecret,
    /// What the QR code holds.
    pub url: String,
    pub issuer: String,
    pub account: String,
    /// The session, in which the offer is remembered.
    pub session: Session,
}

/// Offers a secret: the one that this session was offered before, or a new one.
pub async fn offer(portcullis: &Portcullis, session: Session) -> Result<Option<Offer>, Failure> {
    let Some(person) = people::by_id(portcullis.store(), session.person_id).await? else { return Ok(None) };
    if factors::is_enrolled(portcullis.store(), person.id).await? {
        return Ok(None);
    }
    let offered = match &session.stage {
        Stage::Password { enrolment: Some(sealed) } => open(portcullis, person.id, sealed).ok(),
        _ => None,
    };
    let (secret, session) = if let Some(secret) = offered {
        (secret, session)
    } else {
        let secret = TotpSecret::generate(portcullis.rng())?;
        let sealed = portcullis.keys().seal(portcullis.rng(), PURPOSE, person.id, secret.as_bytes())?;
        (secret, session.offered(sealed))
    };
    let url = secret.url(portcullis.issuer(), person.username.as_str());
    let (issuer, account) = (portcullis.issuer().to_owned(), person.username.to_string());
    Ok(Some(Offer { secret, url, issuer, account, session }))
}

/// Takes the code that shows that the app has the secret; with it the person is signed in.
pub async fn enrol(
    portcullis: &Portcullis,
    caller: &Caller,
    session: Session,
    code: &str,
) -> Result<(Session, Vec<RecoveryCode>), NotProven> {
    let Stage::Password { enrolment: Some(sealed) } = &session.stage else { return Err(NotProven::Ended) };
    let person = people::by_id(portcullis.store(), session.person_id).await?.ok_or(NotProven::Ended)?;
    let counters = Counters::of_code(person.id, caller.ip, false);
    counters.take(portcullis).await?;
    let now = portcullis.now();
    let secret = open(portcullis, person.id, sealed)?;
    let step = secret.check(code, now).ok_or(NotProven::Wrong)?;
    let mut transaction = happened::begin(portcullis).await?;
    if !factors::insert(&mut transaction, person.id, sealed, step, now).await? {
        // Somebody was faster, in another window: they show that one's code.
        return Err(NotProven::Ended);
    }
    let codes = hand_out(portcullis, &mut transaction, &person, now).await?;
    let detail = json!({ "ip": caller.ip, "user_agent": caller.user_agent, "session": session.id });
    for kind in [EventKind::FactorEnrolled, EventKind::SignIn] {
        let event = Happened::by_themselves(kind, &person, detail.clone());
        happened::record(portcullis, &mut transaction, now, event).await?;
    }
    if let Some(ip) = caller.ip {
        people::remember_place(&mut transaction, person.id, network(ip), now).await?;
    }
    happened::commit(transaction).await?;
    counters.forgive(portcullis).await?;
    Ok((session.signed_in(now), codes))
}

/// Gives a person ten new recovery codes; the old ones are worthless.
pub async fn renew_codes(portcullis: &Portcullis, person: &Person) -> Result<Vec<RecoveryCode>, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let codes = hand_out(portcullis, &mut transaction, person, now).await?;
    let event = Happened::by_themselves(EventKind::RecoveryCodesRenewed, person, json!({}));
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(codes)
}

/// The keys that factors are sealed with and that we were not given: their owners cannot show a code.
pub async fn missing_keys(portcullis: &Portcullis) -> Result<Vec<String>, Failure> {
    let mut needed = factors::key_ids(portcullis.store()).await?;
    needed.retain(|id| !portcullis.keys().ids().any(|given| given == id));
    Ok(needed)
}

/// How many recovery codes a person has left.
pub async fn codes_left(portcullis: &Portcullis, person: &Person) -> Result<i64, Failure> {
    Ok(factors::codes_left(portcullis.store(), person.id).await?)
}

/// Enrols a secret that is known beforehand, as the demo prints it; no step of it counts as used.
pub async fn enrol_known(
    portcullis: &Portcullis,
    person: &Person,
    secret: &TotpSecret,
    actor: &str,
) -> Result<bool, Failure> {
    let now = portcullis.now();
    let sealed = portcullis.keys().seal(portcullis.rng(), PURPOSE, person.id, secret.as_bytes())?;
    let mut transaction = happened::begin(portcullis).await?;
    if !factors::insert(&mut transaction, person.id, &sealed, 0, now).await? {
        return Ok(false);
    }
    let event = Happened::by(actor, EventKind::FactorEnrolled, person, json!({}));
    happened::record(portcullis, &mut transaction, now, event).await?;
    happened::commit(transaction).await?;
    Ok(true)
}

async fn hand_out(
    portcullis: &Portcullis,
    store: &mut Transaction,
    person: &Person,
    now: OffsetDateTime,
) -> Result<Vec<RecoveryCode>, Failure> {
    let codes = (0..MANY).map(|_| RecoveryCode::generate(portcullis.rng())).collect::<Result<Vec<_>, _>>()?;
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.hash(person.id).to_vec()).collect();
    factors::delete_codes(&mut *store, person.id).await?;
    factors::insert_codes(&mut *store, person.id, &hashes, now).await?;
    Ok(codes)
}
