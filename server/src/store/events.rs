//! What was changed, by whom. Rows are only ever added.

use crate::model::event::Event;
use crate::model::review::{EventFilter, Heading, Span};
use crate::store::{StoreError, Transaction};
use serde_json::Value;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

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

/// One event, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct EventLine {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub kind: String,
    pub actor: String,
    pub person_id: Option<Uuid>,
    /// Whom it concerns, as they are called today.
    pub person: Option<String>,
    pub subject: String,
    pub detail: Value,
}

/// Looks through up to `look` events of a span, and stops at `want` that fit.
pub async fn walk(
    store: &mut Transaction,
    filter: &EventFilter,
    (span, heading): (Span, Heading),
    (look, want): (i64, i64),
) -> Result<Vec<EventLine>, StoreError> {
    let Span { after, before } = span;
    macro_rules! say {
        ($file:literal) => {
            sqlx::query_file_as!(
                EventLine,
                $file,
                after,
                before,
                look,
                want,
                filter.person_id as Option<Uuid>,
                filter.kind.as_deref() as Option<&str>,
                filter.actor.as_deref() as Option<&str>,
            )
            .fetch_all(store)
            .await
        };
    }
    Ok(match heading {
        Heading::Older => say!("../sql/events/walk_older.sql"),
        Heading::Newer => say!("../sql/events/walk_newer.sql"),
    }?)
}

/// Which event is the `nth` of a span; `None` where there are fewer.
pub async fn reach(
    store: &mut Transaction,
    filter: &EventFilter,
    (span, heading): (Span, Heading),
    nth: i64,
) -> Result<Option<Uuid>, StoreError> {
    let Span { after, before } = span;
    let person = filter.person_id;
    let found = match heading {
        Heading::Older => {
            sqlx::query_file_scalar!(
                "../sql/events/reach_older.sql",
                after,
                before,
                nth,
                person as Option<Uuid>
            )
            .fetch_optional(store)
            .await
        }
        Heading::Newer => {
            sqlx::query_file_scalar!(
                "../sql/events/reach_newer.sql",
                after,
                before,
                nth,
                person as Option<Uuid>
            )
            .fetch_optional(store)
            .await
        }
    };
    Ok(found?)
}
