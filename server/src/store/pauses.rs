//! Pauses.

use crate::model::pause::{Pause, Scope};
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Begins a pause; `false` where the same is paused already.
pub async fn insert(store: impl PgExecutor<'_>, id: Uuid, pause: &Pause) -> Result<bool, StoreError> {
    let Pause { scope, subject, began_at, began_by } = pause;
    let begun = sqlx::query_file!(
        "../sql/pauses/insert.sql",
        id,
        scope.kind(),
        scope.key(),
        subject,
        *began_at,
        began_by
    )
    .fetch_optional(store)
    .await?;
    Ok(begun.is_some())
}

/// Ends a pause, and tells what was held; `None` where it is not paused.
pub async fn end(
    store: impl PgExecutor<'_>,
    scope: &Scope,
    at: OffsetDateTime,
    by: &str,
) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/pauses/end.sql", scope.kind(), scope.key(), at, by)
        .fetch_optional(store)
        .await?)
}

/// The pause that holds exactly this, if there is one.
pub async fn find(store: impl PgExecutor<'_>, scope: &Scope) -> Result<Option<Pause>, StoreError> {
    let row =
        sqlx::query_file!("../sql/pauses/find.sql", scope.kind(), scope.key()).fetch_optional(store).await?;
    Ok(row.map(|row| Pause {
        scope: scope.clone(),
        subject: row.subject,
        began_at: row.began_at,
        began_by: row.began_by,
    }))
}

/// What is paused now, the last first.
pub async fn list(store: impl PgExecutor<'_>) -> Result<Vec<Pause>, StoreError> {
    let rows = sqlx::query_file!("../sql/pauses/list.sql").fetch_all(store).await?;
    let pauses = rows.into_iter().filter_map(|row| {
        let scope = Scope::named(&row.kind, &row.key)?;
        Some(Pause { scope, subject: row.subject, began_at: row.began_at, began_by: row.began_by })
    });
    Ok(pauses.collect())
}
