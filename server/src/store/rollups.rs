//! Sums of the record by the hour, and the same from the calls themselves where an hour is too coarse.

use crate::model::call::first_id_at;
use crate::model::window::Window;
use crate::store::{StoreError, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

/// When the first denial since then was.
pub async fn first_denial(
    store: &mut Transaction,
    since: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/rollups/first_denial.sql", since).fetch_one(store).await?)
}

/// Sums up the denials between the two, whole hours, anew.
pub async fn sum_denials(
    store: &mut Transaction,
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/rollups/sum_denials.sql", since, until).execute(store).await?;
    Ok(())
}

/// A window, and the moment at which it began.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    pub window: Window,
    pub at: OffsetDateTime,
}

impl Since {
    #[must_use]
    pub fn of(window: Window, now: OffsetDateTime) -> Self {
        Self { window, at: window.since(now) }
    }

    fn slot(self) -> i64 {
        self.window.slot().whole_seconds()
    }
}

/// Calls of one slot and decision, or, where those are missing, of one person.
#[derive(Debug)]
pub struct UsageRow {
    pub slot: Option<i64>,
    pub decision: Option<String>,
    pub person_id: Option<Uuid>,
    pub calls: i64,
    pub row_count: i64,
    pub byte_count: i64,
}

pub async fn usage(store: &mut Transaction, since: Since) -> Result<Vec<UsageRow>, StoreError> {
    let first = first_id_at(since.at);
    let rows = match since.window {
        Window::Hour => {
            sqlx::query_file_as!(UsageRow, "../sql/rollups/usage_of_calls.sql", since.at, since.slot(), first)
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(UsageRow, "../sql/rollups/usage.sql", since.at, since.slot())
                .fetch_all(store)
                .await
        }
    };
    Ok(rows?)
}

/// Calls of one person and decision: of one slot, or of all of them where that is missing.
#[derive(Debug)]
pub struct PersonRow {
    pub person_id: Uuid,
    pub slot: Option<i64>,
    pub decision: String,
    pub calls: i64,
    pub row_count: i64,
    pub byte_count: i64,
}

/// Calls of everybody, all slots together.
pub async fn sums(store: &mut Transaction, since: Since) -> Result<Vec<PersonRow>, StoreError> {
    let rows = match since.window {
        Window::Hour => {
            sqlx::query_file_as!(PersonRow, "../sql/rollups/sums_of_calls.sql", first_id_at(since.at))
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(PersonRow, "../sql/rollups/sums.sql", since.at).fetch_all(store).await
        }
    };
    Ok(rows?)
}

/// Calls of these people, slot by slot.
pub async fn people(
    store: &mut Transaction,
    since: Since,
    people: &[Uuid],
) -> Result<Vec<PersonRow>, StoreError> {
    let (at, slot) = (since.at, since.slot());
    let rows = match since.window {
        Window::Hour => {
            let first = first_id_at(at);
            sqlx::query_file_as!(PersonRow, "../sql/rollups/people_of_calls.sql", at, slot, people, first)
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(PersonRow, "../sql/rollups/people.sql", at, slot, people)
                .fetch_all(store)
                .await
        }
    };
    Ok(rows?)
}

/// Denials of one person and slot.
#[derive(Debug)]
pub struct DenialsRow {
    pub person_id: Uuid,
    pub slot: i64,
    pub denials: i64,
}

/// Denials of each person, or of one; summed up are those before `summed_to`.
pub async fn denials(
    store: &mut Transaction,
    since: Since,
    summed_to: OffsetDateTime,
    person: Option<Uuid>,
) -> Result<Vec<DenialsRow>, StoreError> {
    let summed_to = match since.window {
        // It begins in the midst of an hour.
        Window::Hour => since.at,
        Window::Day | Window::Week => summed_to.max(since.at),
    };
    let rows = sqlx::query_file_as!(
        DenialsRow,
        "../sql/rollups/denials.sql",
        since.at,
        since.slot(),
        first_id_at(summed_to),
        summed_to,
        person as Option<Uuid>
    );
    Ok(rows.fetch_all(store).await?)
}

/// How many calls took about so long: from 2^(step/8) microseconds up to the next step.
#[derive(Debug, Clone, Copy)]
pub struct DurationRow {
    pub step: i16,
    pub calls: i64,
}

/// The shortest first.
pub async fn durations(store: &mut Transaction, since: Since) -> Result<Vec<DurationRow>, StoreError> {
    let first = first_id_at(since.at);
    let rows = match since.window {
        Window::Hour => {
            sqlx::query_file_as!(DurationRow, "../sql/rollups/durations_of_calls.sql", first)
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(DurationRow, "../sql/rollups/durations.sql", since.at).fetch_all(store).await
        }
    };
    Ok(rows?)
}

/// Something, how many calls were about it, and how many of those were not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    pub name: String,
    pub calls: i64,
    pub failed: i64,
}

/// What was read most.
pub async fn relations(store: &mut Transaction, since: Since, most: i64) -> Result<Vec<Ranked>, StoreError> {
    let first = first_id_at(since.at);
    let rows = match since.window {
        Window::Hour => {
            sqlx::query_file_as!(Ranked, "../sql/rollups/relations_of_calls.sql", first, most)
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(Ranked, "../sql/rollups/relations.sql", since.at, most)
                .fetch_all(store)
                .await
        }
    };
    Ok(rows?)
}

/// Why calls were refused or failed, the most frequent reason first.
pub async fn reasons(store: &mut Transaction, since: Since, most: i64) -> Result<Vec<Ranked>, StoreError> {
    let first = first_id_at(since.at);
    let rows = match since.window {
        Window::Hour => {
            sqlx::query_file_as!(Ranked, "../sql/rollups/reasons_of_calls.sql", first, most)
                .fetch_all(store)
                .await
        }
        Window::Day | Window::Week => {
            sqlx::query_file_as!(Ranked, "../sql/rollups/reasons.sql", since.at, most).fetch_all(store).await
        }
    };
    Ok(rows?)
}
