//! Bearer tokens at rest.

use crate::model::profile::ProfileName;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

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
