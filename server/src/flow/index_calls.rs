//! Keeps the index over the record, and its sums, up with the record.
//!
//! Attempts are worked through in the order of their time, up to a horizon that stays a little behind the clock. What came
//! to the record later than that (a commit that hung, an instance whose clock is slow) is looked for again and again: the
//! last minutes every half minute, the last day every hour. Counting tells whether there is anything to look for, and
//! reads nothing but keys.

use crate::flow::{Failure, Portcullis, happened};
use crate::model::call::{PATIENCE, first_id_at};
use crate::model::window::hour;
use crate::store::Transaction;
use crate::store::calls::{self, Step, Stepped};
use crate::store::indexing::{self, Indexing};
use crate::store::rollups;
use crate::store::{STATEMENT_MS, StoreError};
use std::time::Instant;
use time::{Duration, OffsetDateTime};

/// How far the horizon stays behind the clock.
const OVERLAP: Duration = Duration::seconds(10);
/// How much of the past is counted again, and looked through where a call is missing, and how often.
const CHECK: (Duration, Duration) = (Duration::minutes(15), Duration::seconds(30));
const SWEEP: (Duration, Duration) = (Duration::hours(25), Duration::hours(1));
/// Denials are summed up by whole hours that ended so long ago.
const DENIALS_REST: Duration = Duration::minutes(15);
/// Of denials so much is summed up at once.
const DENIALS_STEP: Duration = Duration::days(7);

/// Attempts that one step looks at, and calls that it adds.
const LOOK: i64 = 20_000;
const TAKE: i64 = 500;
/// What a page does before it reads: little, so that it does not wait for long.
const TAKE_FOR_A_PAGE: i64 = 100;
/// A page that finds the index further behind than this does not try to help.
const HOPELESS: Duration = Duration::minutes(5);

const STATEMENT_MS_FOR_A_PAGE: u32 = 2_000;
/// How often, and how many times, a page asks whether whoever is at it is done.
const TURN: std::time::Duration = std::time::Duration::from_millis(10);
const TURNS: u32 = 20;

/// How often the index is brought up.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);

/// A store that went away without a word must not end the indexing.
const LONGEST_PASS: std::time::Duration = std::time::Duration::from_mins(5);

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Calls that were added.
    pub taken: i64,
    /// Whether there is more to do right away.
    pub more: bool,
}

/// Brings the index up for as long as the program runs. A trouble is told once, and again when it becomes another.
pub async fn keep_indexing(portcullis: Portcullis) {
    let mut trouble = None;
    loop {
        let begun = Instant::now();
        let pass = tokio::time::timeout(LONGEST_PASS, index_calls(&portcullis)).await;
        let pass = pass.unwrap_or_else(|_elapsed| Err(StoreError::from(sqlx::Error::PoolTimedOut).into()));
        let pause = match pass {
            Ok(pass) => {
                trouble = None;
                // Half of the time at most, so that catching up leaves the store to others.
                if pass.is_some_and(|pass| pass.more) { begun.elapsed().min(PAUSE) } else { PAUSE }
            }
            Err(failure) => {
                let told = failure.to_string();
                if trouble.as_ref() != Some(&told) {
                    tracing::warn!(error = told, "the index over the record is not brought up");
                    trouble = Some(told);
                }
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// One bounded pass; `None` where another instance is at it.
pub async fn index_calls(portcullis: &Portcullis) -> Result<Option<Pass>, Failure> {
    let now = portcullis.now();
    let mut transaction = happened::begin(portcullis).await?;
    let store = &mut transaction;
    calls::settle(store, STATEMENT_MS).await?;
    if !indexing::try_lock(store).await? {
        return Ok(None);
    }
    let mut state = indexing::state(store).await?;
    let mut pass = advance(store, &mut state, now, TAKE).await?;
    if !pass.more {
        begin_looking_again(store, &mut state, now).await?;
        pass.taken += look_again(store, &mut state, now).await?;
        sum_denials(store, &mut state, now).await?;
        pass.more = state.sweep_at.is_some() || state.denials_to < denials_due(now);
    }
    indexing::keep(store, &state).await?;
    happened::commit(transaction).await?;
    Ok(Some(pass))
}

/// Brings the index up for a page that is about to read it. Tells how far the index is where it is behind.
pub(super) async fn refresh(portcullis: &Portcullis) -> Result<Option<OffsetDateTime>, Failure> {
    match bring_up(portcullis).await {
        // Whoever brings the index up all the time tells what is wrong with it; what is there can still be shown.
        Err(StoreError::Broken(_) | StoreError::Conflict { .. }) => {
            let mut store = portcullis.store().begin().await?;
            Ok(Some(indexing::state(&mut store).await?.horizon))
        }
        known => Ok(known?),
    }
}

async fn bring_up(portcullis: &Portcullis) -> Result<Option<OffsetDateTime>, StoreError> {
    let now = portcullis.now();
    let mut transaction = portcullis.store().begin().await?;
    let store = &mut transaction;
    calls::settle(store, STATEMENT_MS_FOR_A_PAGE).await?;
    let mut state = indexing::state(store).await?;
    if state.horizon < now - HOPELESS && state != Indexing::START {
        return Ok(Some(state.horizon));
    }
    let mut patience = TURNS;
    while !indexing::try_lock(store).await? {
        // Whoever is at it may have looked before the newest call ended.
        patience -= 1;
        if patience == 0 {
            return Ok((state.horizon < now - OVERLAP * 2).then_some(state.horizon));
        }
        tokio::time::sleep(TURN).await;
    }
    state = indexing::state(store).await?;
    let pass = advance(store, &mut state, now, TAKE_FOR_A_PAGE).await?;
    indexing::keep(store, &state).await?;
    transaction.commit().await?;
    Ok(pass.more.then_some(state.horizon))
}

/// Adds what came since the horizon, and moves it on.
async fn advance(
    store: &mut Transaction,
    state: &mut Indexing,
    now: OffsetDateTime,
    take: i64,
) -> Result<Pass, StoreError> {
    let step = Step { since: state.horizon, lost_before: now - PATIENCE, look: LOOK, take };
    let stepped = calls::index(store, step).await?;
    let stopped_at = stopped_at(&step, &stepped);
    state.horizon = match stopped_at {
        Some(at) => at.max(state.horizon),
        None => state.horizon.max(now - OVERLAP),
    };
    Ok(Pass { taken: stepped.taken, more: stopped_at.is_some() })
}

/// Where a step stopped that had its fill.
fn stopped_at(step: &Step, stepped: &Stepped) -> Option<OffsetDateTime> {
    if stepped.taken == step.take {
        stepped.last_taken
    } else if stepped.looked == step.look {
        stepped.last_looked
    } else {
        None
    }
}

async fn begin_looking_again(
    store: &mut Transaction,
    state: &mut Indexing,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let mut since = state.sweep_at;
    if now - state.checked_at >= CHECK.1 {
        state.checked_at = now;
        if !is_whole(store, now - CHECK.0, state.horizon).await? {
            since = Some(earlier(since, now - CHECK.0));
        }
        if let Some(reopened) = calls::reopen(store, first_id_at(now - SWEEP.0)).await? {
            since = Some(earlier(since, reopened));
        }
    }
    if now - state.swept_at >= SWEEP.1 {
        state.swept_at = now;
        if !is_whole(store, now - SWEEP.0, state.horizon).await? {
            since = Some(earlier(since, now - SWEEP.0));
        }
        state.denials_to = state.denials_to.min(hour(now - SWEEP.0));
    }
    state.sweep_at = since;
    Ok(())
}

/// Whether no call is missing between the two, hour by hour.
async fn is_whole(
    store: &mut Transaction,
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<bool, StoreError> {
    let mut from = since;
    while from < until {
        let to = until.min(from + Duration::HOUR);
        if !calls::is_whole(store, first_id_at(from), first_id_at(to)).await? {
            return Ok(false);
        }
        from = to;
    }
    Ok(true)
}

fn earlier(one: Option<OffsetDateTime>, other: OffsetDateTime) -> OffsetDateTime {
    one.map_or(other, |one| one.min(other))
}

/// One step of looking through the past again.
async fn look_again(
    store: &mut Transaction,
    state: &mut Indexing,
    now: OffsetDateTime,
) -> Result<i64, StoreError> {
    let Some(since) = state.sweep_at else { return Ok(0) };
    let step = Step { since, lost_before: now - PATIENCE, look: LOOK, take: TAKE };
    let stepped = calls::index(store, step).await?;
    state.sweep_at = stopped_at(&step, &stepped).filter(|at| *at < state.horizon).map(|at| at.max(since));
    Ok(stepped.taken)
}

/// Sums up denials of hours that are over.
async fn sum_denials(
    store: &mut Transaction,
    state: &mut Indexing,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let due = denials_due(now);
    if state.denials_to >= due {
        return Ok(());
    }
    let first = rollups::first_denial(store, state.denials_to).await?;
    let Some(first) = first.filter(|first| *first < due) else {
        state.denials_to = due;
        return Ok(());
    };
    let until = due.min(hour(first) + DENIALS_STEP);
    rollups::sum_denials(store, hour(first), until).await?;
    state.denials_to = until;
    Ok(())
}

fn denials_due(now: OffsetDateTime) -> OffsetDateTime {
    hour(now - DENIALS_REST)
}
