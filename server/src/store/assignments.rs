//! Which profiles a person holds.

use crate::model::profile::ProfileName;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Assigns a profile; `false` where the person holds it already.
pub async fn insert(
    store: impl PgExecutor<'_>,
    id: Uuid,
    assignment: &Assignment<'_>,
) -> Result<bool, StoreError> {
    let done = sqlx::query_file!(
        "../sql/assignments/insert.sql",
        id,
        assignment.person_id,
        assignment.profile.as_str(),
        assignment.assigned_by,
        assignment.assigned_at,
    )
    .execute(store)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(Debug)]
pub struct Assignment<'a> {
    pub person_id: Uuid,
    pub profile: &'a ProfileName,
    pub assigned_by: &'a str,
    pub assigned_at: OffsetDateTime,
}

/// The profiles that a person holds now, by name.
pub async fn of_person(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/assignments/of_person.sql", person_id).fetch_all(store).await?)
}

/// Takes a profile away; `false` where the person does not hold it.
pub async fn end(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    profile: &ProfileName,
    at: OffsetDateTime,
    by: &str,
) -> Result<bool, StoreError> {
    let ended = sqlx::query_file!("../sql/assignments/end.sql", person_id, profile.as_str(), at, by)
        .fetch_optional(store)
        .await?;
    Ok(ended.is_some())
}

/// Who holds a profile now, by name.
pub async fn of_profile(
    store: impl PgExecutor<'_>,
    profile: &ProfileName,
    at_most: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/assignments/of_profile.sql", profile.as_str(), at_most)
        .fetch_all(store)
        .await?)
}
