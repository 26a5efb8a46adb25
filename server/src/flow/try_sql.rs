//! Tries a statement as an agent would say it: what the gate makes of it, and if wished, what it answers.

use crate::flow::authenticate::{NotAuthenticated, authenticate};
use crate::flow::happened::{self, Happened};
use crate::flow::record::NotAnswered;
use crate::flow::run_query::{Query, Reply, run_query};
use crate::flow::sessions::SignedIn;
use crate::flow::surface::surface;
use crate::flow::{Failure, Portcullis, Recorded};
use crate::model::caller::Caller;
use crate::model::event::EventKind;
use crate::model::profile::ProfileName;
use crate::model::token::{Bearer, SCOPE};
use crate::store::tokens;
use crate::store::tokens::NewToken;
use crate::warehouse::Fault;
use gate::{Admitted, Refusal};
use serde_json::json;
use std::sync::Arc;
use time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The client that such calls belong to; a migration creates it.
const CONSOLE: Uuid = Uuid::from_u128(2);
/// How long the token of one such call lives. Its secret never leaves the program.
const LIFE: Duration = Duration::minutes(1);

#[derive(Debug, thiserror::Error)]
pub enum NotTried {
    #[error("there is no profile `{0}` in the configuration")]
    NoSuchProfile(ProfileName),
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A gate before the statement is shut: the profile is not held, or not by somebody who may read.
    #[error(transparent)]
    NotAuthenticated(#[from] NotAuthenticated),
    #[error(transparent)]
    NotAnswered(#[from] NotAnswered),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What the gate makes of a statement. Nothing is run, and nothing is recorded.
pub async fn judge(
    portcullis: &Portcullis,
    profile: &ProfileName,
    sql: String,
) -> Result<Result<Admitted, Refusal>, NotTried> {
    let profile = portcullis.profile(profile).ok_or_else(|| NotTried::NoSuchProfile(profile.clone()))?;
    let reading = surface(profile).await?;
    let profile = Arc::clone(profile);
    let judged =
        tokio::task::spawn_blocking(move || gate::judge(&sql, &reading.surface, &profile.policy)).await;
    judged.map_err(|_| Fault::Misconfigured("the statement could not be judged".to_owned()).into())
}

/// Runs a statement for somebody who is signed in. They get a token of a minute and pass every gate with it, so that such
/// a call is judged and recorded like any other.
pub async fn run(
    portcullis: &Portcullis,
    signed_in: &SignedIn,
    caller: Caller,
    profile: &ProfileName,
    query: Query,
) -> Result<Recorded<Reply>, NotTried> {
    if portcullis.profile(profile).is_none() {
        return Err(NotTried::NoSuchProfile(profile.clone()));
    }
    let bearer = token(portcullis, signed_in, profile).await?;
    let principal = authenticate(portcullis, caller, bearer.reveal()).await?;
    Ok(run_query(portcullis, &principal, query, &CancellationToken::new()).await?)
}

async fn token(
    portcullis: &Portcullis,
    signed_in: &SignedIn,
    profile: &ProfileName,
) -> Result<Bearer, Failure> {
    let person = &signed_in.person;
    let issued_at = portcullis.now();
    let id = portcullis.rng().uuid_at(issued_at)?;
    let bearer = Bearer::generate(portcullis.rng())?;
    let token = NewToken {
        id,
        hash: bearer.hash(),
        person_id: person.id,
        client_id: CONSOLE,
        grant_id: None,
        profile,
        profile_is_chosen: true,
        scope: SCOPE,
        audience: portcullis.audience(),
        issued_by: person.username.as_str(),
        issued_at,
        expires_at: issued_at + LIFE,
    };
    let mut transaction = happened::begin(portcullis).await?;
    tokens::insert(&mut transaction, &token).await?;
    let detail = json!({ "profile": profile.as_str(), "client": "console" });
    let event = Happened::by_themselves(EventKind::TokenIssued, person, detail);
    let event = Happened { subject: id.to_string(), ..event };
    happened::record(portcullis, &mut transaction, issued_at, event).await?;
    happened::commit(transaction).await?;
    Ok(bearer)
}
