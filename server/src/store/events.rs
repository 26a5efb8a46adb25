//! What was changed, by whom. Rows are only ever added.

use crate::model::event::Event;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;

pub async fn insert(store: impl PgExecutor<'_>, event: &Event) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/events/insert.sql",
        event.id,
        event.at,
        event.kind.code(),
        event.actor,
        event.person_id,
        event.subject,
        event.detail,
    )
    .execute(store)
    .await?;
    Ok(())
}
