//! Bearer tokens at rest.

use crate::model::access::{Ended, Facts, Holder, Standing};
use crate::model::attribute::Attributes;
use crate::model::authorization::Authorization;
use crate::model::client::ClientKind;
use crate::model::profile::ProfileName;
use crate::model::session::SessionLife;
use crate::model::throttle::{Throttle, network};
use crate::model::token::TokenHash;
use crate::store::{Store, StoreError, twice};
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use std::net::IpAddr;
use time::OffsetDateTime;
use uuid::Uuid;

/// Under which circumstances a token is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    pub now: OffsetDateTime,
    pub sessions: SessionLife,
    /// Where the token comes from, and how many bad ones may.
    pub ip: Option<IpAddr>,
    pub bad_token: Throttle,
    pub authorization: &'a Authorization,
}

/// Everything that decides about the bearer of this token; `None` where we never issued it.
pub async fn access(
    store: &Store,
    hash: &TokenHash,
    at: &Circumstances<'_>,
) -> Result<Option<Facts>, StoreError> {
    let network = at.ip.map(|ip| IpNet::from(network(ip)));
    let row = twice(|| {
        sqlx::query_file!(
            "../sql/tokens/access.sql",
            hash.as_bytes(),
            at.now - at.sessions.idle,
            at.now - at.sessions.absolute,
            network as Option<IpNet>,
            i32::try_from(at.bad_token.attempts).unwrap_or(i32::MAX),
            at.now - at.bad_token.window,
        )
        .fetch_optional(store)
    })
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (Ok(person), Ok(profile)) = (row.username.parse(), row.profile.parse()) else { return Ok(None) };
    let Some(client_kind) = ClientKind::named(&row.client_kind) else { return Ok(None) };
    Ok(Some(Facts {
        standing: Standing {
            active: row.active,
            staff: row.staff,
            is_enrolled: row.is_enrolled,
            has_session: row.has_session,
            held: row.held.iter().filter_map(|profile| profile.parse().ok()).collect(),
            client_kind,
            client_is_recognised: at.authorization.recognises(client_kind, &row.client_identifier),
            client_is_disabled: row.client_is_disabled,
            is_paused: row.is_paused,
        },
        holder: Holder {
            token_id: row.token_id,
            person_id: row.person_id,
            person,
            email: row.email,
            attributes: Attributes::read(&row.attributes),
            client_id: row.client_id,
            client: row.client,
            redirect: row.redirect,
            profile,
        },
        scope: row.scope,
        audience: row.audience,
        profile_is_chosen: row.profile_is_chosen,
        left_out: row.left_out,
        expires_at: row.expires_at,
        ended: match (row.revoked_at, row.is_signed_out) {
            (None, _) => None,
            (Some(_), true) => Some(Ended::SignedOut),
            (Some(_), false) => Some(Ended::Revoked),
        },
        is_blocked: row.is_blocked,
    }))
}

/// A token that is about to be.
#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: Uuid,
    pub hash: TokenHash,
    pub person_id: Uuid,
    pub client_id: Uuid,
    /// What it descends from; nothing where it comes from the command line.
    pub grant_id: Option<Uuid>,
    pub profile: &'a ProfileName,
    /// It was chosen among several; otherwise it was the only one.
    pub profile_is_chosen: bool,
    pub scope: &'a str,
    pub audience: &'a str,
    pub issued_by: &'a str,
    pub issued_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

pub async fn insert(store: impl PgExecutor<'_>, token: &NewToken<'_>) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/tokens/insert.sql",
        token.id,
        token.hash.as_bytes(),
        token.person_id,
        token.client_id,
        token.grant_id,
        token.profile.as_str(),
        token.profile_is_chosen,
        token.scope,
        token.audience,
        token.issued_by,
        token.issued_at,
        token.expires_at,
    )
    .execute(store)
    .await?;
    Ok(())
}

/// What a revocation ended.
#[derive(Debug)]
pub struct Revoked {
    pub person_id: Uuid,
    pub profile: String,
}

/// Ends a token; `None` where there is none, or it was ended before.
pub async fn revoke(
    store: impl PgExecutor<'_>,
    id: Uuid,
    at: OffsetDateTime,
    by: &str,
) -> Result<Option<Revoked>, StoreError> {
    let row =
        sqlx::query_file_as!(Revoked, "../sql/tokens/revoke.sql", id, at, by).fetch_optional(store).await?;
    Ok(row)
}

/// A token as it is named.
#[derive(Debug)]
pub struct Found {
    pub id: Uuid,
    pub client_id: Uuid,
    pub grant_id: Option<Uuid>,
}

/// The token with this id or this hash.
pub async fn find(
    store: impl PgExecutor<'_>,
    id: Option<Uuid>,
    hash: Option<TokenHash>,
) -> Result<Option<Found>, StoreError> {
    let hash = hash.as_ref().map(TokenHash::as_bytes);
    Ok(sqlx::query_file_as!(Found, "../sql/tokens/find.sql", id, hash).fetch_optional(store).await?)
}

/// When a token ends of its own.
pub async fn expiry(
    store: impl PgExecutor<'_>,
    hash: &TokenHash,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/tokens/expiry.sql", hash.as_bytes()).fetch_optional(store).await?)
}

/// One line of the list of a person's tokens.
#[derive(Debug)]
pub struct TokenLine {
    pub id: Uuid,
    pub profile: String,
    pub client: String,
    pub issued_by: String,
    pub issued_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    pub revoked_at: Option<OffsetDateTime>,
}

/// The newest tokens of a person.
pub async fn of_person(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    at_most: i64,
) -> Result<Vec<TokenLine>, StoreError> {
    Ok(sqlx::query_file_as!(TokenLine, "../sql/tokens/of_person.sql", person_id, at_most)
        .fetch_all(store)
        .await?)
}

/// Ends every token of a person that still lives, and tells how many.
pub async fn revoke_all(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    at: OffsetDateTime,
    by: &str,
) -> Result<u64, StoreError> {
    let done = sqlx::query_file!("../sql/tokens/revoke_all.sql", person_id, at, by).execute(store).await?;
    Ok(done.rows_affected())
}

/// One line of the list of a client's tokens.
#[derive(Debug)]
pub struct ClientTokenLine {
    pub id: Uuid,
    pub profile: String,
    pub person: String,
    pub issued_by: String,
    pub issued_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
}

/// The tokens of a client that still live.
pub async fn living_of_client(
    store: impl PgExecutor<'_>,
    client_id: Uuid,
    now: OffsetDateTime,
    at_most: i64,
) -> Result<Vec<ClientTokenLine>, StoreError> {
    Ok(sqlx::query_file_as!(ClientTokenLine, "../sql/tokens/living_of_client.sql", client_id, now, at_most)
        .fetch_all(store)
        .await?)
}

/// One line of the list of what reads on a person's behalf.
#[derive(Debug)]
pub struct LivingToken {
    pub id: Uuid,
    pub profile: String,
    pub client_id: Uuid,
    pub client: String,
    /// Relations of the profile that the person kept back.
    pub left_out: Vec<String>,
    pub issued_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    /// When the client last read through this profile.
    pub called_at: Option<OffsetDateTime>,
}

/// The tokens of a person that still live, the last used first.
pub async fn living_of_person(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    now: OffsetDateTime,
    at_most: i64,
) -> Result<Vec<LivingToken>, StoreError> {
    Ok(sqlx::query_file_as!(LivingToken, "../sql/tokens/living_of_person.sql", person_id, now, at_most)
        .fetch_all(store)
        .await?)
}
