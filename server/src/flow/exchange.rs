//! A client brings what it was given, and gets tokens for it: a code (RFC 6749, section 4.1.3), or where refreshing is
//! switched on, a refresh token (section 6).

use crate::flow::standing::{NotStanding, standing};
use crate::flow::{Portcullis, end_grant, strangers};
use crate::model::authorization::is_resource;
use crate::model::caller::Caller;
use crate::model::client::Client;
use crate::model::event::{Event, EventKind};
use crate::model::grant::{Grant, Presented, Stage};
use crate::model::rng::NoEntropy;
use crate::model::token::{Bearer, Code, Refresh, SCOPE};
use crate::store::Transaction;
use crate::store::tokens::NewToken;
use crate::store::{StoreError, clients, events, grants, refresh_tokens, tokens};
use serde_json::json;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// A client whose answer got lost, or one that asks from two processes at once, may bring a refresh token again for so
/// long, and gets the same answer.
const GRACE: Duration = Duration::from_mins(1);

/// What a client carries from here.
#[derive(Debug)]
pub struct Pair {
    pub access: Bearer,
    pub refresh: Option<Refresh>,
    pub expires_in: u64,
    pub scope: String,
}

/// A code and what comes with it.
#[derive(Debug, Clone, Copy)]
pub struct CodeBrought<'a> {
    pub client: &'a str,
    pub code: &'a str,
    pub redirect_uri: Option<&'a str>,
    pub verifier: &'a str,
    pub resources: &'a [&'a str],
}

/// A refresh token and what comes with it.
#[derive(Debug, Clone, Copy)]
pub struct RefreshBrought<'a> {
    pub client: &'a str,
    pub token: &'a str,
    pub scope: Option<&'a str>,
    pub resources: &'a [&'a str],
}

/// RFC 6749, section 5.2, and RFC 8707, section 2.
#[derive(Debug, thiserror::Error)]
pub enum NoTokens {
    #[error("the client is not known")]
    InvalidClient,
    /// The person is told why at the next approval; the client learns that it must ask for one.
    #[error("what was brought is unknown, too old, spent, revoked, or was meant for somebody else")]
    InvalidGrant,
    #[error("that is not what was granted")]
    InvalidScope,
    #[error("that is not the resource that was granted")]
    InvalidTarget,
    #[error("there are no refresh tokens here")]
    NoRefreshing,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl From<NotStanding> for NoTokens {
    fn from(error: NotStanding) -> Self {
        match error {
            NotStanding::Denied(_) | NotStanding::Unknown => Self::InvalidGrant,
            NotStanding::Store(error) => Self::Store(error),
            NotStanding::NoEntropy(error) => Self::NoEntropy(error),
        }
    }
}

/// Takes a code. It is spent by being brought, whoever brings it and with whatever; bringing it twice ends what the first
/// time began, because then two have it.
pub async fn exchange(
    portcullis: &Portcullis,
    caller: &Caller,
    brought: &CodeBrought<'_>,
) -> Result<Pair, NoTokens> {
    let client = known(portcullis, brought.client).await?;
    is_target(portcullis, brought.resources)?;
    let Some(code) = Code::presented(brought.code) else {
        strangers::bad_secret(portcullis, caller).await?;
        return Err(NoTokens::InvalidGrant);
    };
    let now = portcullis.now();
    let mut transaction = portcullis.store().begin().await?;
    let Some(grant) = grants::take(&mut transaction, &code.hash(), now).await? else {
        drop(transaction);
        return Err(brought_again(portcullis, caller, &code).await?);
    };
    let presented =
        Presented { client_id: client.id, redirect_uri: brought.redirect_uri, verifier: brought.verifier };
    let grant = match grant.exchange(&presented, now) {
        Ok(grant) => grant,
        Err(why) => {
            tracing::info!(%why, client = %client.identifier, "a code was not taken");
            transaction.commit().await?;
            return Err(NoTokens::InvalidGrant);
        }
    };
    let refresh = match portcullis.authorization().refresh {
        Some(_) => Some(Refresh::generate(portcullis.rng())?),
        None => None,
    };
    let access = Bearer::generate(portcullis.rng())?;
    let pair = issue(portcullis, &mut transaction, &client, &grant, access, refresh).await?;
    transaction.commit().await?;
    standing(portcullis, caller, grant.person_id, client.id).await?;
    Ok(pair)
}

/// Takes a refresh token and gives its successors.
pub async fn refresh(
    portcullis: &Portcullis,
    caller: &Caller,
    brought: &RefreshBrought<'_>,
) -> Result<Pair, NoTokens> {
    if portcullis.authorization().refresh.is_none() {
        return Err(NoTokens::NoRefreshing);
    }
    let client = known(portcullis, brought.client).await?;
    is_target(portcullis, brought.resources)?;
    // There is one scope, so a list of others asks for more than was granted.
    if brought.scope.is_some_and(|scope| !scope.split(' ').any(|scope| scope == SCOPE)) {
        return Err(NoTokens::InvalidScope);
    }
    let Some(token) = Refresh::presented(brought.token) else {
        strangers::bad_secret(portcullis, caller).await?;
        return Err(NoTokens::InvalidGrant);
    };
    let Some(kept) = refresh_tokens::find(portcullis.store(), &token.hash()).await? else {
        strangers::bad_secret(portcullis, caller).await?;
        return Err(NoTokens::InvalidGrant);
    };
    let now = portcullis.now();
    let grant = grants::by_id(portcullis.store(), kept.grant_id).await?.ok_or(NoTokens::InvalidGrant)?;
    let lives = matches!(grant.stage, Stage::Exchanged { .. }) && grant.ends_at > now;
    if grant.client_id != client.id || !lives {
        return Err(NoTokens::InvalidGrant);
    }
    standing(portcullis, caller, grant.person_id, client.id).await?;
    let salt: [u8; 32] = portcullis.rng().bytes()?;
    let mut transaction = portcullis.store().begin().await?;
    if refresh_tokens::rotate(&mut transaction, &token.hash(), now, &salt).await?.is_some() {
        let (access, successor) = token.successors(&salt);
        let pair = issue(portcullis, &mut transaction, &client, &grant, access, Some(successor)).await?;
        transaction.commit().await?;
        return Ok(pair);
    }
    drop(transaction);
    again(portcullis, &token, &grant).await
}

/// A refresh token that was used before: the same answer for a while, and then the end of everything, because then two
/// have it.
async fn again(portcullis: &Portcullis, token: &Refresh, grant: &Grant) -> Result<Pair, NoTokens> {
    let now = portcullis.now();
    let kept =
        refresh_tokens::find(portcullis.store(), &token.hash()).await?.ok_or(NoTokens::InvalidGrant)?;
    let Some((rotated_at, salt)) =
        kept.rotated_at.zip(kept.salt.and_then(|salt| <[u8; 32]>::try_from(salt).ok()))
    else {
        return Err(NoTokens::InvalidGrant);
    };
    if now >= rotated_at + GRACE {
        let ended = end_grant::end(portcullis, grant.id, EventKind::RefreshTokenReused, "re-use").await;
        return Err(ended.err().map_or(NoTokens::InvalidGrant, NoTokens::from));
    }
    let (access, successor) = token.successors(&salt);
    let ends_at = tokens::expiry(portcullis.store(), &access.hash()).await?.ok_or(NoTokens::InvalidGrant)?;
    let scope = grant.share.scope.clone();
    Ok(Pair { access, refresh: Some(successor), expires_in: seconds(now, ends_at), scope })
}

/// What to say to a code that cannot be taken; where it was taken before, what descends from it ends.
async fn brought_again(portcullis: &Portcullis, caller: &Caller, code: &Code) -> Result<NoTokens, NoTokens> {
    match grants::of_code(portcullis.store(), &code.hash()).await? {
        None => strangers::bad_secret(portcullis, caller).await?,
        Some(grant_id) => end_grant::end(portcullis, grant_id, EventKind::CodeReused, "re-use").await?,
    }
    Ok(NoTokens::InvalidGrant)
}

async fn known(portcullis: &Portcullis, identifier: &str) -> Result<Client, NoTokens> {
    let client =
        clients::by_identifier(portcullis.store(), identifier).await?.ok_or(NoTokens::InvalidClient)?;
    let recognised = portcullis.authorization().recognises(client.kind, &client.identifier);
    if recognised && client.disabled_at.is_none() { Ok(client) } else { Err(NoTokens::InvalidClient) }
}

fn is_target(portcullis: &Portcullis, resources: &[&str]) -> Result<(), NoTokens> {
    let ours = resources.iter().all(|resource| is_resource(portcullis.audience(), resource));
    if ours { Ok(()) } else { Err(NoTokens::InvalidTarget) }
}

/// Writes the tokens of a grant down.
async fn issue(
    portcullis: &Portcullis,
    transaction: &mut Transaction,
    client: &Client,
    grant: &Grant,
    access: Bearer,
    refresh: Option<Refresh>,
) -> Result<Pair, NoTokens> {
    let now = portcullis.now();
    let expires_at = grant.end_of(now, portcullis.longest_token());
    if expires_at <= now {
        return Err(NoTokens::InvalidGrant);
    }
    let token_id: Uuid = portcullis.rng().uuid_at(now)?;
    let token = NewToken {
        id: token_id,
        hash: access.hash(),
        person_id: grant.person_id,
        client_id: grant.client_id,
        grant_id: Some(grant.id),
        profile: &grant.share.profile,
        profile_is_chosen: grant.share.profile_is_chosen,
        scope: &grant.share.scope,
        audience: &grant.share.audience,
        issued_by: "consent",
        issued_at: now,
        expires_at,
    };
    tokens::insert(&mut *transaction, &token).await?;
    if let (Some(refresh), Some(life)) = (&refresh, portcullis.authorization().refresh) {
        let id = portcullis.rng().uuid_at(now)?;
        let until = grant.end_of(now, life);
        refresh_tokens::insert(&mut *transaction, id, &refresh.hash(), grant.id, now, until).await?;
    }
    clients::used(&mut *transaction, client.id, now).await?;
    let event = Event {
        id: portcullis.rng().uuid_at(now)?,
        at: now,
        kind: EventKind::TokenIssued,
        actor: client.identifier.clone(),
        person_id: Some(grant.person_id),
        subject: token_id.to_string(),
        detail: json!({
            "client": client.name,
            "grant": grant.id,
            "profile": grant.share.profile.as_str(),
            "expires_at": expires_at.unix_timestamp(),
        }),
    };
    events::insert(&mut *transaction, &event).await?;
    Ok(Pair { access, refresh, expires_in: seconds(now, expires_at), scope: grant.share.scope.clone() })
}

fn seconds(now: OffsetDateTime, until: OffsetDateTime) -> u64 {
    u64::try_from((until - now).whole_seconds()).unwrap_or(0)
}
