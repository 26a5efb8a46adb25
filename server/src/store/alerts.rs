//! Alerts.

use crate::model::alert::{Alert, AlertKind};
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Keeps an alert; `false` where its occasion was told before.
pub async fn insert(store: impl PgExecutor<'_>, alert: &Alert, occasion: &str) -> Result<bool, StoreError> {
    let kept = sqlx::query_file!(
        "../sql/alerts/insert.sql",
        alert.id,
        alert.at,
        alert.kind.code(),
        occasion,
        alert.person_id,
        alert.subject,
        alert.detail,
    )
    .fetch_optional(store)
    .await?;
    Ok(kept.is_some())
}

/// How many nobody has looked at; a hundred stands for more.
pub async fn count_open(store: impl PgExecutor<'_>) -> Result<i64, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/alerts/count_open.sql").fetch_one(store).await?)
}

macro_rules! alerts {
    ($rows:expr) => {
        $rows
            .into_iter()
            .filter_map(|row| {
                Some(Alert {
                    id: row.id,
                    at: row.at,
                    kind: AlertKind::named(&row.kind)?,
                    person_id: row.person_id,
                    subject: row.subject,
                    detail: row.detail,
                    acknowledged: row.acknowledged_by.zip(row.acknowledged_at),
                })
            })
            .collect()
    };
}

/// The newest that nobody has looked at.
pub async fn newest_open(store: impl PgExecutor<'_>, at_most: i64) -> Result<Vec<Alert>, StoreError> {
    Ok(alerts!(sqlx::query_file!("../sql/alerts/newest_open.sql", at_most).fetch_all(store).await?))
}

/// Those that were looked at last.
pub async fn newest_acknowledged(store: impl PgExecutor<'_>, at_most: i64) -> Result<Vec<Alert>, StoreError> {
    Ok(alerts!(sqlx::query_file!("../sql/alerts/newest_acknowledged.sql", at_most).fetch_all(store).await?))
}

/// What was acknowledged.
#[derive(Debug)]
pub struct Acknowledged {
    pub kind: String,
    pub subject: String,
    pub person_id: Option<Uuid>,
}

/// Somebody has looked at it; `None` where there is none, or somebody had before.
pub async fn acknowledge(
    store: impl PgExecutor<'_>,
    id: Uuid,
    by: &str,
    at: OffsetDateTime,
) -> Result<Option<Acknowledged>, StoreError> {
    Ok(sqlx::query_file_as!(Acknowledged, "../sql/alerts/acknowledge.sql", id, by, at)
        .fetch_optional(store)
        .await?)
}

/// Somebody who reached a threshold.
#[derive(Debug)]
pub struct Crossed {
    pub person_id: Uuid,
    pub person: String,
    pub calls: i64,
}

/// Who has reached `threshold` calls of this decision since `began_at`, among those who had one since `lately`.
pub async fn crossed(
    store: impl PgExecutor<'_>,
    began_at: OffsetDateTime,
    lately: OffsetDateTime,
    decision: &str,
    threshold: i64,
) -> Result<Vec<Crossed>, StoreError> {
    Ok(sqlx::query_file_as!(Crossed, "../sql/alerts/crossed.sql", began_at, lately, decision, threshold)
        .fetch_all(store)
        .await?)
}

/// Who was turned away `threshold` times since `began_at`.
pub async fn crossed_by_denials(
    store: impl PgExecutor<'_>,
    began_at: OffsetDateTime,
    threshold: i64,
) -> Result<Vec<Crossed>, StoreError> {
    Ok(sqlx::query_file_as!(Crossed, "../sql/alerts/crossed_by_denials.sql", began_at, threshold)
        .fetch_all(store)
        .await?)
}
