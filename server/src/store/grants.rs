//! What people let clients do.

use crate::model::grant::{Approved, Grant, Share, Stage};
use crate::model::token::TokenHash;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Writes an approved grant down; one that has come further is none that begins.
pub async fn insert(
    store: impl PgExecutor<'_>,
    grant: &Grant,
    approved: &Approved,
    session_id: Option<Uuid>,
    code: &TokenHash,
) -> Result<(), StoreError> {
    let share = &grant.share;
    sqlx::query_file!(
        "../sql/grants/insert.sql",
        grant.id,
        grant.person_id,
        grant.client_id,
        session_id,
        share.profile.as_str(),
        share.profile_is_chosen,
        share.scope,
        share.audience,
        &share.left_out,
        approved.redirect_uri.as_str(),
        approved.challenge.as_str(),
        code.as_bytes(),
        grant.approved_at,
        approved.code_expires_at,
        grant.ends_at,
    )
    .execute(store)
    .await?;
    Ok(())
}

/// Takes a code, once, and tells the grant as it was before; `None` where nobody may have it any more.
pub async fn take(
    store: impl PgExecutor<'_>,
    code: &TokenHash,
    at: OffsetDateTime,
) -> Result<Option<Grant>, StoreError> {
    let row = sqlx::query_file_as!(Row, "../sql/grants/take.sql", code.as_bytes(), at)
        .fetch_optional(store)
        .await?;
    Ok(row.and_then(Row::grant))
}

pub async fn by_id(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Grant>, StoreError> {
    let row = sqlx::query_file_as!(Row, "../sql/grants/by_id.sql", id).fetch_optional(store).await?;
    Ok(row.and_then(Row::grant))
}

/// Which grant a code was for, whether or not it was brought.
pub async fn of_code(store: impl PgExecutor<'_>, code: &TokenHash) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/grants/of_code.sql", code.as_bytes()).fetch_optional(store).await?)
}

/// What a revocation ended.
#[derive(Debug)]
pub struct Ended {
    pub person_id: Uuid,
    pub client_id: Uuid,
    pub profile: String,
}

/// Ends a grant and what descends from it; `None` where there is none, or it was ended before.
pub async fn revoke(
    store: impl PgExecutor<'_>,
    id: Uuid,
    at: OffsetDateTime,
    by: &str,
) -> Result<Option<Ended>, StoreError> {
    Ok(sqlx::query_file_as!(Ended, "../sql/grants/revoke.sql", id, at, by).fetch_optional(store).await?)
}

struct Row {
    id: Uuid,
    person_id: Uuid,
    client_id: Uuid,
    profile: String,
    profile_is_chosen: bool,
    scope: String,
    audience: String,
    left_out: Vec<String>,
    redirect_uri: String,
    challenge: String,
    approved_at: OffsetDateTime,
    code_expires_at: OffsetDateTime,
    ends_at: OffsetDateTime,
    exchanged_at: Option<OffsetDateTime>,
    revoked_by: Option<String>,
    revoked_at: Option<OffsetDateTime>,
}

impl Row {
    fn grant(self) -> Option<Grant> {
        let stage = match (self.revoked_at.zip(self.revoked_by), self.exchanged_at) {
            (Some((at, by)), _) => Stage::Revoked { at, by },
            (None, Some(at)) => Stage::Exchanged { at },
            (None, None) => Stage::Approved(Approved {
                redirect_uri: self.redirect_uri.parse().ok()?,
                challenge: self.challenge.parse().ok()?,
                code_expires_at: self.code_expires_at,
            }),
        };
        Some(Grant {
            id: self.id,
            person_id: self.person_id,
            client_id: self.client_id,
            share: Share {
                profile: self.profile.parse().ok()?,
                profile_is_chosen: self.profile_is_chosen,
                scope: self.scope,
                audience: self.audience,
                left_out: self.left_out,
            },
            approved_at: self.approved_at,
            ends_at: self.ends_at,
            stage,
        })
    }
}
