//! Everything that the record holds of a call.

use crate::store::StoreError;
use serde_json::Value;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// An attempt, and its outcome where it has one.
#[derive(Debug, Clone)]
pub struct WholeCall {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub request_id: Uuid,
    pub person_id: Uuid,
    pub person: String,
    pub profile: String,
    pub token_id: Uuid,
    pub client_id: Uuid,
    pub client: String,
    pub redirect: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub tool: String,
    pub arguments: Value,
    pub sql: Option<String>,
    pub ended_at: Option<OffsetDateTime>,
    pub decision: Option<String>,
    pub reason: Option<String>,
    pub subject: Option<String>,
    pub canonical_sql: Option<String>,
    pub executed_sql: Option<String>,
    pub relations: Option<Vec<String>>,
    pub functions: Option<Vec<String>>,
    pub row_count: Option<i64>,
    pub byte_count: Option<i64>,
    pub truncated: Option<bool>,
    pub duration_us: Option<i64>,
    pub error: Option<String>,
}

/// The newest of these calls: as many as hold `bytes` of text together, and always one.
pub async fn calls(
    store: impl PgExecutor<'_>,
    ids: &[Uuid],
    bytes: i64,
) -> Result<Vec<WholeCall>, StoreError> {
    Ok(sqlx::query_file_as!(WholeCall, "../sql/record/calls.sql", ids, bytes).fetch_all(store).await?)
}
