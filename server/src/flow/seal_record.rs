//! Seals what comes to the record, in the background: nothing of it stands in the way of a call.
//!
//! A row is sealed when it is first seen, a second or two after it was committed. Rows do not become visible in the order
//! of their identifiers: a commit may hang, and the clocks of two instances differ. So no row is ever passed by for good
//! until it is *proven* that nothing can come before it any more:
//!
//! - Each pass looks at what was written since ten seconds before the last one, and at the whole of the last quarter of an
//!   hour again every minute. What no seal lists is sealed, however late it came.
//! - The *horizon* is where nothing is looked for any more. It moves on to a quarter of an hour before a seal of which it is
//!   known that all transactions which had begun then are over now (PostgreSQL's snapshots tell so), and only after
//!   everything before it was looked at once more, by a snapshot taken after that. A row bears the moment of its making as
//!   its identifier and is written within [`LATENESS`] of it, so it was written by one of those transactions, and is seen.
//!   A transaction that hangs for hours holds the horizon up, and nothing else.
//!
//! The horizon is part of the chain and only ever moves on. So a row that is older than the horizon and is not sealed was
//! put in by somebody else, and a seal of such a row is no seal of ours.
//!
//! A clock that jumps hours ahead and is put right would carry the horizon ahead of all that is recorded from then on. So
//! the horizon rests until the clock went evenly for [`LATENESS`], as time passes by the clock that nobody puts right.

use crate::flow::{Failure, Portcullis, happened};
use crate::model::call::{first_id_at, moment_of};
use crate::model::chain::{Checkpoint, Entry, Relation, Seal};
use crate::store::Transaction;
use crate::store::seals::{self, Ground, Last};
use crate::store::{STATEMENT_MS, StoreError, checkpoints};
use futures_util::TryStreamExt;
use std::collections::HashMap;
use std::time::Instant;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long after the moment in its identifier a row is written at the latest: it waits for a connection for seconds, and
/// the clocks of instances do not differ by more.
pub const LATENESS: Duration = Duration::minutes(15);
/// How far back each pass looks.
const OVERLAP: Duration = Duration::seconds(10);
/// How often all that is not behind the horizon is looked at again.
const AGAIN: Duration = Duration::minutes(1);
/// How often the horizon moves, and how old the last seal may be.
const REST: Duration = Duration::minutes(10);
/// Rows of each table that are looked at in one step.
const LOOK: i64 = 10_000;
/// Of all four tables, which cannot be more.
const MOST: i64 = 4 * LOOK;
/// Rows under one seal at most.
const ROWS: usize = 2_000;
/// How often a pass begins.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Where a sealer is. Another instance that takes over begins at the horizon.
#[derive(Debug, Default)]
pub struct Sealer {
    /// All before it was looked at, and will be again.
    front: Option<Uuid>,
    /// How far it was looked at again; `None` while nobody does.
    again: Option<Uuid>,
    looked_at: Option<OffsetDateTime>,
    pulse: Pulse,
}

/// Whether the clock goes evenly, as far as the passes saw it.
#[derive(Debug, Clone, Copy, Default)]
struct Pulse(Option<Beat>);

/// The last pass.
#[derive(Debug, Clone, Copy)]
struct Beat {
    /// What the clock showed.
    shown: OffsetDateTime,
    /// The time that had passed.
    passed: Duration,
    /// Since when the clock goes evenly.
    even_since: Duration,
}

impl Pulse {
    /// Looks at the clock; tells whether it jumped.
    fn jumps(&mut self, shown: OffsetDateTime, passed: Duration) -> bool {
        let is_even = |last: &Beat| ((shown - last.shown) - (passed - last.passed)).abs() <= OVERLAP;
        let jumps = !self.0.as_ref().is_none_or(is_even);
        let even_since = self.0.filter(is_even).map_or(passed, |last| last.even_since);
        self.0 = Some(Beat { shown, passed, even_since });
        jumps
    }

    /// Whether it has gone evenly for so long that nothing of another time is on its way.
    fn is_even(self) -> bool {
        self.0.is_some_and(|last| last.passed - last.even_since >= LATENESS)
    }
}

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Rows that were sealed.
    pub rows: i64,
    /// Whether there is more to do right away.
    pub more: bool,
}

/// Seals for as long as the program runs. A trouble is told once, and again when it becomes another.
pub async fn keep_sealing(portcullis: Portcullis) {
    let mut sealer = Sealer::default();
    let mut trouble = None;
    loop {
        let begun = Instant::now();
        let pause = match sealer.pass(&portcullis).await {
            Ok(pass) => {
                trouble = None;
                // Half of the time at most, so that catching up leaves the store to others.
                if pass.is_some_and(|pass| pass.more) { begun.elapsed().min(PAUSE) } else { PAUSE }
            }
            Err(failure) => {
                sealer.start_over();
                let told = failure.to_string();
                if trouble.as_ref() != Some(&told) {
                    tracing::error!(error = told, "the record is not sealed");
                    trouble = Some(told);
                }
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

impl Sealer {
    /// One bounded pass; `None` where another instance is at it.
    pub async fn pass(&mut self, portcullis: &Portcullis) -> Result<Option<Pass>, Failure> {
        let now = portcullis.now();
        if self.pulse.jumps(now, portcullis.clock().steady()) {
            tracing::warn!(
                "the clock jumped: the chain of the record closes nothing for a quarter of an hour"
            );
            self.start_over();
        }
        let mut transaction = happened::begin(portcullis).await?;
        let store = &mut transaction;
        seals::settle(store, STATEMENT_MS).await?;
        if !seals::try_lock(&mut *store).await? {
            self.start_over();
            return Ok(None);
        }
        let ground = seals::ground(&mut *store).await?;
        let mut chain = Chain::of(ground, now);
        if ground.last.is_none() {
            chain.add(store, None, Vec::new()).await?;
        }
        let is_behind = self.advance(store, &mut chain).await?;
        let mut more = is_behind;
        if !is_behind {
            more |= self.look_again(store, &mut chain).await?;
            more |= close(store, &mut chain, ground.over, self.pulse.is_even()).await?;
            seals::keep(store, now).await?;
        }
        checkpoint(portcullis, store, &chain).await?;
        happened::commit(transaction).await?;
        Ok(Some(Pass { rows: chain.last.rows - chain.began, more }))
    }

    /// Forgets where it is.
    fn start_over(&mut self) {
        *self = Self { pulse: self.pulse, ..Self::default() };
    }

    /// Seals what came since the last pass; tells whether there is more.
    async fn advance(&mut self, store: &mut Transaction, chain: &mut Chain) -> Result<bool, StoreError> {
        let since = self.front.unwrap_or_else(|| chain.open());
        let reached = seal(store, chain, since, Uuid::max()).await?;
        self.front = Some(reached.unwrap_or_else(|| first_id_at(chain.now - OVERLAP)));
        Ok(reached.is_some())
    }

    /// Looks once more at all that is not behind the horizon, a step at a time.
    async fn look_again(&mut self, store: &mut Transaction, chain: &mut Chain) -> Result<bool, StoreError> {
        if self.again.is_none() && self.looked_at.is_none_or(|at| chain.now - at >= AGAIN) {
            self.looked_at = Some(chain.now);
            self.again = Some(chain.open());
        }
        let (Some(since), Some(front)) = (self.again, self.front) else { return Ok(false) };
        self.again = if since < front { seal(store, chain, since, front).await? } else { None };
        Ok(self.again.is_some())
    }
}

/// Moves the horizon on, where nothing can come before it any more; tells whether it could move further right away.
async fn close(
    store: &mut Transaction,
    chain: &mut Chain,
    over: i64,
    is_even: bool,
) -> Result<bool, StoreError> {
    let proven = if is_even { seals::proven(store, over).await? } else { None };
    let until = proven.map_or(Uuid::nil(), |at| first_id_at(at.min(chain.now) - LATENESS));
    let since = chain.last.horizon;
    let is_due = chain.now - chain.last.at >= REST || moment_of(until) - moment_of(since) >= REST;
    if !is_due {
        return Ok(false);
    }
    let reached = if since < until { seal(store, chain, since, until).await? } else { Some(since) };
    chain.last.horizon = reached.unwrap_or(until);
    chain.add(store, None, Vec::new()).await?;
    Ok(reached.is_some_and(|reached| reached > since))
}

/// Seals what no seal lists between the two. Where there is much, it stops early and tells where.
async fn seal(
    store: &mut Transaction,
    chain: &mut Chain,
    since: Uuid,
    until: Uuid,
) -> Result<Option<Uuid>, StoreError> {
    let reached = seals::reach(store, since, until, LOOK).await?;
    let unsealed = seals::unsealed(&mut *store, since, reached.unwrap_or(until), MOST).await?;
    for relation in Relation::ALL {
        let of_relation = unsealed.iter().filter(|(of, _)| *of == relation);
        let ids: Vec<Uuid> = of_relation.map(|(_, id)| *id).collect();
        for ids in ids.chunks(ROWS) {
            let mut digests = HashMap::with_capacity(ids.len());
            let mut rows = seals::rows(&mut *store, relation, ids);
            while let Some(row) = rows.try_next().await? {
                digests.insert(row.id, row.digest());
            }
            drop(rows);
            let entries = ids.iter().filter_map(|&id| Some(Entry { id, digest: *digests.get(&id)? }));
            chain.add(store, Some(relation), entries.collect()).await?;
        }
    }
    Ok(reached)
}

/// Makes a checkpoint where one is due: after so many rows, after so much time, and at once when another key signs.
async fn checkpoint(
    portcullis: &Portcullis,
    store: &mut Transaction,
    chain: &Chain,
) -> Result<(), StoreError> {
    let (policy, keys) = (portcullis.checkpoints(), portcullis.record_keys());
    let Last { position, rows, link, .. } = chain.last;
    let is_due = checkpoints::last(&mut *store).await?.is_none_or(|last| {
        let signed_by = last.signature.map(|signature| signature.key_id);
        last.position < position
            && (rows - last.rows >= policy.rows
                || chain.now - last.at >= policy.every
                || keys.signing_id().is_some() && keys.signing_id() != signed_by.as_deref())
    });
    if is_due {
        let checkpoint = Checkpoint { position, link, at: chain.now, rows, signature: None };
        checkpoints::insert(&mut *store, &checkpoint.signed(keys)).await?;
    }
    Ok(())
}

/// The end of the chain, to which a pass adds.
struct Chain {
    now: OffsetDateTime,
    begun: i64,
    last: Last,
    /// Rows that were sealed when the pass began.
    began: i64,
}

impl Chain {
    fn of(ground: Ground, now: OffsetDateTime) -> Self {
        let genesis = Last { position: 0, at: now, horizon: Uuid::nil(), rows: 0, link: Seal::GENESIS };
        let last = ground.last.unwrap_or(genesis);
        Self { now, begun: ground.begun, last, began: last.rows }
    }

    /// From here on everything is looked at again; what is older waits for the horizon.
    fn open(&self) -> Uuid {
        self.last.horizon.max(first_id_at(self.now - LATENESS))
    }

    async fn add(
        &mut self,
        store: &mut Transaction,
        relation: Option<Relation>,
        entries: Vec<Entry>,
    ) -> Result<(), StoreError> {
        let mut seal = Seal {
            position: self.last.position + 1,
            at: self.now,
            relation,
            horizon: self.last.horizon,
            snapshot: self.begun,
            rows: self.last.rows + i64::try_from(entries.len()).unwrap_or(i64::MAX),
            entries,
            link: Seal::GENESIS,
        };
        seal.link = seal.link_after(self.last.link);
        seals::insert(store, &seal).await?;
        let Seal { position, at, rows, link, .. } = seal;
        self.last = Last { position, at, rows, link, ..self.last };
        Ok(())
    }
}
