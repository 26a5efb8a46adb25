//! Second factors, and the recovery codes beside them.

use crate::model::sealed::Sealed;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

pub async fn is_enrolled(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/factors/is_enrolled.sql", person_id).fetch_one(store).await?)
}

/// The sealed secret of a person's authenticator app.
pub async fn of_person(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<Option<Sealed>, StoreError> {
    let row = sqlx::query_file!("../sql/factors/of_person.sql", person_id).fetch_optional(store).await?;
    Ok(row.map(|row| Sealed { key_id: row.key_id, bytes: row.secret }))
}

/// The keys that secrets are sealed with.
pub async fn key_ids(store: impl PgExecutor<'_>) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/factors/key_ids.sql").fetch_all(store).await?)
}

/// Enrols a factor that has just shown the code of `step`; `false` where the person has one already.
pub async fn insert(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    secret: &Sealed,
    step: i64,
    at: OffsetDateTime,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query_file!("../sql/factors/insert.sql", person_id, secret.key_id, secret.bytes, step, at)
            .execute(store)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Uses up a step and all before it; `false` where that happened before.
pub async fn use_step(store: impl PgExecutor<'_>, person_id: Uuid, step: i64) -> Result<bool, StoreError> {
    let used =
        sqlx::query_file!("../sql/factors/use_step.sql", person_id, step).fetch_optional(store).await?;
    Ok(used.is_some())
}

/// Puts a secret under a newer key, where it is still under the one named.
pub async fn reseal(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    old_key: &str,
    secret: &Sealed,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/factors/reseal.sql", person_id, old_key, secret.key_id, secret.bytes)
        .execute(store)
        .await?;
    Ok(())
}

pub async fn delete(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<bool, StoreError> {
    let done = sqlx::query_file!("../sql/factors/delete.sql", person_id).execute(store).await?;
    Ok(done.rows_affected() == 1)
}

pub async fn insert_codes(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    hashes: &[Vec<u8>],
    at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/recovery_codes/insert.sql", person_id, hashes, at).execute(store).await?;
    Ok(())
}

/// Uses up a recovery code; `false` where there is none like it, or it was used before.
pub async fn use_code(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    hash: &[u8],
    at: OffsetDateTime,
) -> Result<bool, StoreError> {
    let used =
        sqlx::query_file!("../sql/recovery_codes/use.sql", person_id, hash, at).fetch_optional(store).await?;
    Ok(used.is_some())
}

/// How many recovery codes a person has left.
pub async fn codes_left(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<i64, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/recovery_codes/left.sql", person_id).fetch_one(store).await?)
}

pub async fn delete_codes(store: impl PgExecutor<'_>, person_id: Uuid) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/recovery_codes/delete.sql", person_id).execute(store).await?;
    Ok(())
}
