//! Bearer tokens at rest.

use crate::model::access::{Facts, Holder};
use crate::model::profile::ProfileName;
use crate::model::token::TokenHash;
use crate::store::{StoreError, twice};
use sqlx::postgres::{PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

/// Everything that decides about the bearer of this token; `None` where we never issued it.
pub async fn access(store: &PgPool, hash: &TokenHash) -> Result<Option<Facts>, StoreError> {
    let Some(row) =
        twice(|| sqlx::query_file!("../sql/tokens/access.sql", hash.as_bytes()).fetch_optional(store))
            .await?
    else {
        return Ok(None);
    };
    let Ok(person) = row.username.parse() else { return Ok(None) };
    let Ok(profile) = row.profile.parse() else { return Ok(None) };
    Ok(Some(Facts {
        holder: Holder {
            token_id: row.token_id,
            person_id: row.person_id,
            person,
            email: row.email,
            client_id: row.client_id,
            client: row.client,
            profile,
        },
        scope: row.scope,
        audience: row.audience,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        active: row.active,
        staff: row.staff,
        client_disabled_at: row.client_disabled_at,
        profile_is_assigned: row.profile_is_assigned,
    }))
}

/// A token that is about to be.
#[derive(Debug)]
pub struct NewToken<'a> {
    pub id: Uuid,
    pub hash: TokenHash,
    pub person_id: Uuid,
    pub client_id: Uuid,
    pub profile: &'a ProfileName,
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
        token.profile.as_str(),
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

/// The token with this id or this hash.
pub async fn find(
    store: impl PgExecutor<'_>,
    id: Option<Uuid>,
    hash: Option<TokenHash>,
) -> Result<Option<Uuid>, StoreError> {
    let hash = hash.as_ref().map(TokenHash::as_bytes);
    Ok(sqlx::query_file_scalar!("../sql/tokens/find.sql", id, hash).fetch_optional(store).await?)
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
