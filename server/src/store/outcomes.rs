//! What became of it. Rows are only ever added.

use crate::model::attempt::storable;
use crate::model::outcome::Outcome;
use crate::store::together::Wish;
use crate::store::{Store, StoreError, twice};
use time::OffsetDateTime;
use uuid::Uuid;

/// The outcome of an attempt.
#[derive(Debug)]
pub struct Completed {
    pub attempt_id: Uuid,
    pub at: OffsetDateTime,
    pub outcome: Outcome,
}

impl Wish for Completed {
    type Granted = ();

    fn weight(&self) -> usize {
        let texts = [&self.outcome.canonical_sql, &self.outcome.executed_sql];
        texts.into_iter().flatten().map(String::len).sum::<usize>() + 512
    }

    async fn grant(store: &Store, wishes: &[Self]) -> Result<Vec<()>, StoreError> {
        match wishes {
            [completed] => insert(store, completed).await?,
            completed => insert_together(store, completed).await?,
        }
        Ok(vec![(); wishes.len()])
    }
}

/// Writes down the outcome of an attempt, and returns when both are on disk.
async fn insert(store: &Store, completed: &Completed) -> Result<(), StoreError> {
    let Completed { attempt_id, at, outcome } = completed;
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
            microseconds(outcome),
            error.as_deref(),
        )
        .execute(store)
    })
    .await?;
    Ok(())
}

async fn insert_together(store: &Store, all: &[Completed]) -> Result<(), StoreError> {
    fn each<'a, T>(all: &'a [Completed], value: impl Fn(&'a Outcome) -> T) -> Vec<T> {
        all.iter().map(|completed| value(&completed.outcome)).collect()
    }
    let attempts: Vec<Uuid> = all.iter().map(|completed| completed.attempt_id).collect();
    let at: Vec<OffsetDateTime> = all.iter().map(|completed| completed.at).collect();
    let subjects = each(all, |outcome| outcome.subject.as_deref().map(storable));
    let errors = each(all, |outcome| outcome.error.as_deref().map(storable));
    twice(|| {
        sqlx::query_file!(
            "../sql/outcomes/insert_together.sql",
            &attempts,
            &at,
            &each(all, |outcome| outcome.decision.code()) as &[&str],
            &each(all, |outcome| outcome.decision.reason()) as &[Option<&str>],
            &subjects as &[Option<String>],
            &each(all, |outcome| outcome.canonical_sql.as_deref()) as &[Option<&str>],
            &each(all, |outcome| outcome.executed_sql.as_deref()) as &[Option<&str>],
            &each(all, |outcome| list(&outcome.relations)),
            &each(all, |outcome| list(&outcome.functions)),
            &each(all, |outcome| count(outcome.row_count)),
            &each(all, |outcome| count(outcome.byte_count)),
            &each(all, |outcome| outcome.truncated),
            &each(all, microseconds),
            &errors as &[Option<String>],
        )
        .execute(store)
    })
    .await?;
    Ok(())
}

/// A list as PostgreSQL reads it from text.
fn list(items: &[String]) -> String {
    let quoted = items.iter().map(|item| format!("\"{}\"", item.replace('\\', "\\\\").replace('"', "\\\"")));
    format!("{{{}}}", quoted.collect::<Vec<_>>().join(","))
}

fn microseconds(outcome: &Outcome) -> i64 {
    i64::try_from(outcome.duration.as_micros()).unwrap_or(i64::MAX)
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

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn a_name_cannot_leave_its_list() {
        let names = [r#"public."odd""#, r"a\b", "c,d}", ""].map(str::to_owned);
        assert_eq!(list(&names), r#"{"public.\"odd\"","a\\b","c,d}",""}"#);
        assert_eq!(list(&[]), "{}");
    }
}
