//! Alerts on their way to the webhook.

use crate::model::alert::{Alert, AlertKind};
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// An alert whose turn it is.
#[derive(Debug)]
pub struct Taken {
    pub alert: Alert,
    pub since: OffsetDateTime,
    /// This one included.
    pub attempts: u32,
}

pub async fn insert(
    store: impl PgExecutor<'_>,
    alert_id: Uuid,
    at: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/deliveries/insert.sql", alert_id, at).execute(store).await?;
    Ok(())
}

/// Takes what waits longest, if anything is due at `now`; nobody else takes it until `until`.
pub async fn take(
    store: impl PgExecutor<'_>,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Option<Taken>, StoreError> {
    let row = sqlx::query_file!("../sql/deliveries/take.sql", now, until).fetch_optional(store).await?;
    Ok(row.and_then(|row| {
        let alert = Alert {
            id: row.id,
            at: row.at,
            kind: AlertKind::named(&row.kind)?,
            person_id: row.person_id,
            subject: row.subject,
            detail: row.detail,
            acknowledged: None,
        };
        Some(Taken { alert, since: row.since, attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX) })
    }))
}

/// It arrived, or it is given up for this fault.
pub async fn end(
    store: impl PgExecutor<'_>,
    alert_id: Uuid,
    at: OffsetDateTime,
    fault: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/deliveries/end.sql", alert_id, at, fault).execute(store).await?;
    Ok(())
}

/// It is tried again at `next_at`.
pub async fn postpone(
    store: impl PgExecutor<'_>,
    alert_id: Uuid,
    next_at: OffsetDateTime,
    fault: &str,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/deliveries/postpone.sql", alert_id, next_at, fault).execute(store).await?;
    Ok(())
}
