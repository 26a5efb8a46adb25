//! A client asks to be let in (RFC 6749, section 4.1.1): what it asks is judged before a person is asked.

use crate::flow::find_client::{NoClient, find_client};
use crate::flow::standing::{NotStanding, standing};
use crate::flow::{Portcullis, Profile};
use crate::model::authorization::{Consent, is_resource, is_scope};
use crate::model::caller::Caller;
use crate::model::client::{Client, ClientKind};
use crate::model::denial::DenialReason;
use crate::model::parameters::{Parameters, Repeated};
use crate::model::person::Person;
use crate::model::pkce::Challenge;
use crate::model::redirect::RedirectUri;
use crate::model::rng::NoEntropy;
use crate::store::StoreError;
use std::sync::Arc;

/// A request that may be put before the person.
pub struct Asked {
    pub client: Client,
    pub reply: Reply,
    pub challenge: Challenge,
    /// What the person could let the client read through; never empty.
    pub profiles: Vec<Arc<Profile>>,
}

impl Asked {
    /// Whether the person is asked at all: an operator may vouch for a client of the configuration, and then there is
    /// nothing to ask where there is one profile.
    #[must_use]
    pub fn is_settled(&self, portcullis: &Portcullis) -> bool {
        let consent =
            portcullis.authorization().configured(&self.client.identifier).map(|client| client.consent);
        self.client.kind == ClientKind::Configured
            && consent == Some(Consent::Skip)
            && self.profiles.len() == 1
    }
}

/// Where the answer goes, and what must come back with it.
#[derive(Debug, Clone)]
pub struct Reply {
    pub to: RedirectUri,
    pub state: Option<String>,
}

impl Reply {
    /// The address that carries an answer; who answers stands in each (RFC 9207).
    #[must_use]
    pub fn address(&self, portcullis: &Portcullis, answer: &[(&str, &str)]) -> String {
        let mut parameters = answer.to_vec();
        parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        parameters.push(("iss", portcullis.issuer_url()));
        self.to.with(&parameters)
    }

    /// The address that carries an error.
    #[must_use]
    pub fn error(&self, portcullis: &Portcullis, error: ErrorCode, description: &str) -> String {
        self.address(portcullis, &[("error", error.code()), ("error_description", description)])
    }
}

/// RFC 6749, section 4.1.2.1, and RFC 8707, section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    InvalidRequest,
    AccessDenied,
    UnsupportedResponseType,
    InvalidScope,
    InvalidTarget,
}

impl ErrorCode {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
        }
    }
}

/// Why a request is not put before the person.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// Who asks is not certain, or where the answer would go: it is told here and goes nowhere.
    #[error("{0}")]
    Here(String),
    /// The client is told.
    #[error("{description}")]
    There { reply: Box<Reply>, error: ErrorCode, description: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Judges a request of `person`'s browser.
pub async fn authorize(
    portcullis: &Portcullis,
    caller: &Caller,
    person: &Person,
    parameters: &Parameters,
) -> Result<Asked, NotAsked> {
    let here = |repeated: Repeated| NotAsked::Here(repeated.to_string());
    let identifier = parameters.one("client_id").map_err(here)?;
    let identifier = identifier.ok_or_else(|| NotAsked::Here("`client_id` is missing".to_owned()))?;
    let redirect_uri = parameters.one("redirect_uri").map_err(here)?;
    let client = match find_client(portcullis, caller, identifier).await {
        Ok(client) => client,
        Err(NoClient::Store(error)) => return Err(error.into()),
        Err(NoClient::NoEntropy(error)) => return Err(error.into()),
        Err(other) => {
            tracing::info!(%other, "an unknown client asked");
            return Err(NotAsked::Here(format!("The client cannot be let in: {other}.")));
        }
    };
    let Some(to) = client.redirects.choose(redirect_uri) else {
        return Err(NotAsked::Here(
            "The redirect URI of this request is not one that is registered for the client.".to_owned(),
        ));
    };
    let reply = Reply { to, state: None };
    let state = parameters
        .one("state")
        .map_err(|repeated| there(reply.clone(), ErrorCode::InvalidRequest, &repeated))?;
    let reply = Reply { state: state.map(str::to_owned), ..reply };
    let challenge = judge(portcullis, parameters, &reply)?;
    let profiles = match standing(portcullis, caller, person.id, client.id).await {
        Ok(standing) => standing.held,
        Err(NotStanding::Denied(reason)) => return Err(turned_away(reply, reason)),
        Err(NotStanding::Unknown) => return Err(turned_away(reply, DenialReason::BadApplication)),
        Err(NotStanding::Store(error)) => return Err(error.into()),
        Err(NotStanding::NoEntropy(error)) => return Err(error.into()),
    };
    let profiles = profiles.iter().filter_map(|name| portcullis.profile(name).cloned()).collect();
    Ok(Asked { client, reply, challenge, profiles })
}

/// Everything about a request that its client can be told.
fn judge(portcullis: &Portcullis, parameters: &Parameters, reply: &Reply) -> Result<Challenge, NotAsked> {
    let bad = |description: &str| there(reply.clone(), ErrorCode::InvalidRequest, &description);
    let one = |name| parameters.one(name).map_err(|repeated| bad(&repeated.to_string()));
    match one("response_type")? {
        Some("code") => {}
        Some(_) => {
            return Err(there(
                reply.clone(),
                ErrorCode::UnsupportedResponseType,
                &"`response_type` must be `code`",
            ));
        }
        None => return Err(bad("`response_type` is missing")),
    }
    if one("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(bad("`response_mode` must be `query`"));
    }
    let challenge =
        one("code_challenge")?.ok_or_else(|| bad("`code_challenge` is missing: PKCE is needed"))?;
    // Where the method is missing, `plain` is meant (RFC 7636, section 4.3).
    if one("code_challenge_method")? != Some("S256") {
        return Err(bad("`code_challenge_method` must be `S256`"));
    }
    let challenge =
        challenge.parse().map_err(|error: crate::model::pkce::NotAChallenge| bad(&error.to_string()))?;
    // A scope that is not ours is left out rather than refused: some clients ask for those of OpenID out of habit.
    if one("scope")?.is_some_and(|scope| !is_scope(scope)) {
        return Err(there(reply.clone(), ErrorCode::InvalidScope, &"`scope` is no list of scopes"));
    }
    if parameters.all("resource").any(|resource| !is_resource(portcullis.audience(), resource)) {
        let description = format!("the only resource here is {}", portcullis.audience());
        return Err(there(reply.clone(), ErrorCode::InvalidTarget, &description));
    }
    Ok(challenge)
}

fn there(reply: Reply, error: ErrorCode, description: &dyn std::fmt::Display) -> NotAsked {
    NotAsked::There { reply: Box::new(reply), error, description: description.to_string() }
}

fn turned_away(reply: Reply, reason: DenialReason) -> NotAsked {
    there(reply, ErrorCode::AccessDenied, &format!("{}: {}", reason.code(), reason.advice()))
}
