//! What is used of budgets, right across all instances.

use crate::model::budget::{Measured, Used};
use crate::store::{Store, StoreError, twice};
use sqlx::postgres::PgExecutor;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is added to the use of a person through a profile.
#[derive(Debug)]
pub struct Spending<'a> {
    pub person_id: Uuid,
    pub profile: &'a str,
    /// The lengths of the windows, and when each running one began.
    pub windows: &'a [(Duration, OffsetDateTime)],
    pub calls: u64,
    pub rows: u64,
    pub bytes: u64,
    /// Takes or returns a lease; `None` where nothing limits how many statements are at work.
    pub lease: Option<Lease>,
    pub now: OffsetDateTime,
}

#[derive(Debug, Clone, Copy)]
pub struct Lease {
    pub attempt: Uuid,
    /// Statements at work at most.
    pub most: u32,
    /// When it ends by itself; `None` returns it.
    pub until: Option<OffsetDateTime>,
}

/// Where that led.
#[derive(Debug)]
pub struct Spent {
    pub used: Vec<Used>,
    /// Whether the lease could be taken.
    pub is_leased: bool,
}

/// Adds. Where a connection dies over it, a call may count twice, but never not at all.
pub async fn spend(store: &Store, spending: &Spending<'_>) -> Result<Spent, StoreError> {
    let (seconds, began): (Vec<i64>, Vec<OffsetDateTime>) =
        spending.windows.iter().map(|(length, began_at)| (seconds(*length), *began_at)).unzip();
    let lease = spending.lease;
    let rows = twice(|| {
        sqlx::query_file!(
            "../sql/budgets/spend.sql",
            spending.person_id,
            spending.profile,
            &seconds,
            &began,
            number(spending.calls),
            number(spending.rows),
            number(spending.bytes),
            lease.map(|lease| lease.attempt),
            lease.map(|lease| i32::try_from(lease.most).unwrap_or(i32::MAX)),
            lease.and_then(|lease| lease.until),
            spending.now,
        )
        .fetch_all(store)
    })
    .await?;
    let used = rows.iter().filter_map(|row| {
        Some(Used {
            window: length(row.seconds?),
            began_at: row.began_at?,
            calls: count(row.calls?),
            rows: count(row.row_count?),
            bytes: count(row.byte_count?),
        })
    });
    let is_leased = rows.first().and_then(|row| row.is_held).unwrap_or(false);
    Ok(Spent { used: used.collect(), is_leased })
}

/// What a person has used, with the profile of each; windows that are over are among them.
pub async fn of_person(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
) -> Result<Vec<(String, Used)>, StoreError> {
    let rows = sqlx::query_file!("../sql/budgets/of_person.sql", person_id).fetch_all(store).await?;
    let used = rows.into_iter().map(|row| {
        let used = Used {
            window: length(row.seconds),
            began_at: row.began_at,
            calls: count(row.calls),
            rows: count(row.row_count),
            bytes: count(row.byte_count),
        };
        (row.profile, used)
    });
    Ok(used.collect())
}

/// Somebody who has reached a budget.
#[derive(Debug)]
pub struct Crossed {
    pub person_id: Uuid,
    pub person: String,
    pub used: i64,
}

/// Who has used at least `most` within the window of this length that began at `began_at`.
pub async fn crossed(
    store: impl PgExecutor<'_>,
    profile: &str,
    (window, began_at): (Duration, OffsetDateTime),
    measured: Measured,
    most: u64,
) -> Result<Vec<Crossed>, StoreError> {
    Ok(sqlx::query_file_as!(
        Crossed,
        "../sql/budgets/crossed.sql",
        profile,
        seconds(window),
        began_at,
        measured.word(),
        number(most),
    )
    .fetch_all(store)
    .await?)
}

fn seconds(length: Duration) -> i64 {
    number(length.as_secs())
}

fn length(seconds: i64) -> Duration {
    Duration::from_secs(count(seconds))
}

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
