//! What became of it. Rows are only ever added.

use crate::model::attempt::storable;
use crate::model::outcome::Outcome;
use crate::store::{Store, StoreError, twice};
use time::OffsetDateTime;
use uuid::Uuid;

/// Writes down the outcome of an attempt, and returns when both are on disk.
pub async fn insert(
    store: &Store,
    attempt_id: Uuid,
    at: OffsetDateTime,
    outcome: &Outcome,
) -> Result<(), StoreError> {
    let subject = outcome.subject.as_deref().map(storable);
    let error = outcome.error.as_deref().map(storable);
    twice(|| {
        sqlx::query_file!(
            "../sql/outcomes/insert.sql",
            attempt_id,
            at,
            outcome.decision.code(),
            outcome.decision.reason(),
            subject.as_deref(),
            outcome.canonical_sql.as_deref(),
            outcome.executed_sql.as_deref(),
            &outcome.relations,
            &outcome.functions,
            count(outcome.row_count),
            count(outcome.byte_count),
            outcome.truncated,
            i64::try_from(outcome.duration.as_micros()).unwrap_or(i64::MAX),
            error.as_deref(),
        )
        .execute(store)
    })
    .await?;
    Ok(())
}

/// One call of a token: the tool, the decision, and the reason where it was not allowed.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    pub tool: String,
    pub decision: Option<String>,
    pub reason: Option<String>,
}

/// What was asked with a token since `since`, and what became of it.
pub async fn of_token(store: &Store, token: Uuid, since: OffsetDateTime) -> Result<Vec<Call>, StoreError> {
    Ok(sqlx::query_file_as!(Call, "../sql/outcomes/of_token.sql", token, since).fetch_all(store).await?)
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
