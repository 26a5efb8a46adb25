//! The index over the record: filling it, and finding calls in it.

use crate::model::call::{Ending, Stretch};
use crate::model::review::{CallFilter, ClientChoice, Heading, Span};
use crate::store::{StoreError, Transaction};
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// What the statements over the calls rely on, until the end of the transaction; no statement takes longer than that.
pub async fn settle(store: &mut Transaction, statement_ms: u32) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/calls/settings.sql", statement_ms.to_string()).fetch_all(store).await?;
    Ok(())
}

/// How much work one step of filling the index may be.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub since: OffsetDateTime,
    /// An attempt from before without an outcome will get none.
    pub lost_before: OffsetDateTime,
    /// Attempts to look at.
    pub look: i64,
    /// Calls to add.
    pub take: i64,
}

/// How far a step came.
#[derive(Debug)]
pub struct Stepped {
    pub looked: i64,
    pub last_looked: Option<OffsetDateTime>,
    pub taken: i64,
    pub last_taken: Option<OffsetDateTime>,
}

/// Adds to the index, and to every sum.
pub async fn index(store: &mut Transaction, step: Step) -> Result<Stepped, StoreError> {
    let Step { since, lost_before, look, take } = step;
    Ok(sqlx::query_file_as!(Stepped, "../sql/calls/index.sql", since, look, lost_before, take)
        .fetch_one(store)
        .await?)
}

/// Whether each attempt from the one identifier up to the other is among the calls, or known to be open.
pub async fn is_whole(store: &mut Transaction, from: Uuid, until: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/calls/is_whole.sql", from, until).fetch_one(store).await?)
}

/// Takes unfinished calls out of the index whose outcome came after all; when the oldest of them began.
pub async fn reopen(store: &mut Transaction, after: Uuid) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/calls/reopen.sql", after).fetch_one(store).await?)
}

/// Splits what somebody typed into words, as the index splits statements.
pub async fn words(store: impl PgExecutor<'_>, text: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/calls/words.sql", text).fetch_all(store).await?)
}

/// The oldest and the newest call.
pub async fn ends(store: impl PgExecutor<'_>) -> Result<Option<(Uuid, Uuid)>, StoreError> {
    let ends = sqlx::query_file!("../sql/calls/ends.sql").fetch_one(store).await?;
    Ok(ends.oldest.zip(ends.newest))
}

/// Which of these terms are held by more than one in ten of the newest calls of a span; each comes with its query.
pub async fn common(
    store: impl PgExecutor<'_>,
    span: Span,
    terms: &[String],
    queries: &[String],
) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/calls/common.sql", span.after, span.before, terms, queries)
        .fetch_all(store)
        .await?)
}

/// Says a statement that ends with every filter.
macro_rules! with_filter {
    ($file:literal, $filter:expr, $($argument:expr),*) => {{
        let filter: &CallFilter = $filter;
        let (client_id, client) = ClientChoice::parts(filter.client.as_ref());
        sqlx::query_file_scalar!(
            $file,
            $($argument,)*
            filter.person_id as Option<Uuid>,
            filter.profile.as_deref() as Option<&str>,
            client_id as Option<Uuid>,
            client as Option<&str>,
            filter.tool.as_deref() as Option<&str>,
            filter.ending.map(Ending::code) as Option<&str>,
            filter.reason.as_deref() as Option<&str>,
            filter.relation.as_deref() as Option<&str>,
        )
    }};
}

/// Looks through up to `look` calls of a span one by one, and stops at `want` that fit.
pub async fn walk(
    store: &mut Transaction,
    (filter, words): (&CallFilter, Option<&str>),
    (span, heading): (Span, Heading),
    (look, want): (i64, i64),
) -> Result<Vec<Uuid>, StoreError> {
    let Span { after, before } = span;
    let found = match heading {
        Heading::Older => {
            with_filter!(
                "../sql/calls/walk_older.sql",
                filter,
                after,
                before,
                look,
                want,
                words as Option<&str>
            )
            .fetch_all(store)
            .await
        }
        Heading::Newer => {
            with_filter!(
                "../sql/calls/walk_newer.sql",
                filter,
                after,
                before,
                look,
                want,
                words as Option<&str>
            )
            .fetch_all(store)
            .await
        }
    };
    Ok(found?)
}

/// Which call is the `nth` of a span; `None` where there are fewer.
pub async fn reach(
    store: &mut Transaction,
    (span, heading): (Span, Heading),
    nth: i64,
) -> Result<Option<Uuid>, StoreError> {
    let Span { after, before } = span;
    let found = match heading {
        Heading::Older => {
            sqlx::query_file_scalar!("../sql/calls/reach_older.sql", after, before, nth)
                .fetch_optional(store)
                .await
        }
        Heading::Newer => {
            sqlx::query_file_scalar!("../sql/calls/reach_newer.sql", after, before, nth)
                .fetch_optional(store)
                .await
        }
    };
    Ok(found?)
}

/// Which terms calls are found by, and which they must hold beside.
#[derive(Debug)]
pub struct Probe {
    pub by: String,
    pub beside: Option<String>,
}

/// Finds calls of a span by their terms, from one stretch to another, and stops at `want` that fit.
pub async fn search(
    store: &mut Transaction,
    (filter, probe): (&CallFilter, &Probe),
    (span, heading): (Span, Heading),
    (first, last): (Stretch, Stretch),
    want: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let Span { after, before } = span;
    let (by, beside) = (probe.by.as_str(), probe.beside.as_deref());
    let found = match heading {
        Heading::Older => {
            with_filter!(
                "../sql/calls/search_older.sql",
                filter,
                after,
                before,
                first.0,
                last.0,
                want,
                by,
                beside as Option<&str>
            )
            .fetch_all(store)
            .await
        }
        Heading::Newer => {
            with_filter!(
                "../sql/calls/search_newer.sql",
                filter,
                after,
                before,
                first.0,
                last.0,
                want,
                by,
                beside as Option<&str>
            )
            .fetch_all(store)
            .await
        }
    };
    Ok(found?)
}

/// A habit of a person: through what they ask, for what, and what they are refused for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Habit {
    /// `client`, `profile`, `reason` or `relation`.
    pub kind: String,
    pub name: String,
    pub calls: i64,
}

/// The habits that show in up to `most` calls of a person after one; `terms` finds the person.
pub async fn habits(
    store: &mut Transaction,
    person_id: Uuid,
    terms: &str,
    after: Uuid,
    most: i64,
) -> Result<Vec<Habit>, StoreError> {
    Ok(sqlx::query_file_as!(Habit, "../sql/calls/habits.sql", person_id, terms, most, after)
        .fetch_all(store)
        .await?)
}

/// One call as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLine {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub person: String,
    pub profile: String,
    pub client_id: Uuid,
    pub client: String,
    pub tool: String,
    pub decision: String,
    pub reason: Option<String>,
    pub row_count: i64,
    pub byte_count: i64,
    pub duration_us: i64,
    /// The beginning of the statement, or where there is none, the name of what was asked about.
    pub asked: Option<String>,
}

/// Calls as a list shows them, newest first.
pub async fn lines(store: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<CallLine>, StoreError> {
    Ok(sqlx::query_file_as!(CallLine, "../sql/calls/lines.sql", ids).fetch_all(store).await?)
}
