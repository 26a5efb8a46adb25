//! Holds the record against its seals: every row, every link, every checkpoint. Memory does not grow with the record.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::call::first_id_at;
use crate::model::chain::finding::Witness;
use crate::model::chain::follow::Follow;
use crate::model::chain::{Checkpoint, Finding, Relation, Seal};
use crate::model::event::EventKind;
use crate::store::{checkpoints, retentions, seals};
use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::PgPool;
use std::collections::{BTreeMap, VecDeque};
use time::OffsetDateTime;
use uuid::Uuid;

/// Seals that are read at once.
const SEALS: i64 = 20;
/// Checkpoints that are read at once.
const CHECKPOINTS: i64 = 1_000;
/// Rows without a seal that are named.
const NAMED: i64 = 1_000;
/// Rows are counted by stretches of 2^22 ms, some 70 minutes.
const STRETCH: u32 = 22 + 80;
/// So many rows are counted at once.
const COUNTED: u64 = 100_000;

/// What is asked for.
#[derive(Debug, Default)]
pub struct Wish {
    /// Rows since this moment; all of them where there is none.
    pub since: Option<OffsetDateTime>,
    /// Checkpoints that were kept outside of the store.
    pub witnesses: Vec<Checkpoint>,
}

/// How far somebody has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub position: i64,
    pub of: i64,
    pub rows: u64,
}

/// What was looked at, and what was found.
#[derive(Debug)]
pub struct Verdict {
    pub follow: Follow,
    /// The first seal that was looked at.
    pub first: i64,
    /// Rows that are too young to be missed under a seal, up to a thousand; `None` while older rows are still being sealed.
    pub pending: Option<u64>,
}

/// Verifies the record, and puts on record that it was.
pub async fn verify_record(
    portcullis: &Portcullis,
    wish: &Wish,
    actor: &str,
    tell: impl FnMut(Progress),
) -> Result<Verdict, Failure> {
    let verdict = verify(portcullis, wish, tell).await?;
    let detail = json!({
        "first": verdict.first,
        "last": verdict.follow.position(),
        "rows": verdict.follow.intact,
        "findings": verdict.follow.found,
        "finding": verdict.follow.findings.first().map(ToString::to_string),
        "signed": verdict.follow.signed.as_ref().map(|checkpoint| checkpoint.rows),
    });
    let mut transaction = happened::begin(portcullis).await?;
    let happened = Happened {
        kind: EventKind::RecordVerified,
        actor,
        person_id: None,
        subject: "record".to_owned(),
        detail,
    };
    happened::record(portcullis, &mut transaction, portcullis.now(), happened).await?;
    happened::commit(transaction).await?;
    Ok(verdict)
}

async fn verify(
    portcullis: &Portcullis,
    wish: &Wish,
    mut tell: impl FnMut(Progress),
) -> Result<Verdict, Failure> {
    let store = portcullis.store();
    let last = seals::last_position(store).await?;
    let since = wish.since.map_or(Uuid::nil(), first_id_at);
    let after = match wish.since {
        Some(_) => {
            // Every row that is asked for is under this seal or a later one.
            let first = seals::first_since(store, since).await?.unwrap_or(last + 1);
            checkpoints::before(store, first - 1).await?
        }
        None => None,
    };
    let keys = portcullis.record_keys().clone();
    let mut follow = Follow::begin(after.as_ref(), retentions::all(store).await?, keys);
    let first = follow.position() + 1;
    let mut witnesses = Witnesses::new(store, &wish.witnesses, &follow);
    let mut counted = Counted::default();
    while follow.position() < last {
        let page = seals::walk(store, follow.position(), last, SEALS).await?;
        if page.is_empty() {
            break;
        }
        for seal in page {
            look_at(store, &mut follow, seal, &mut counted).await?;
            witnesses.hold(&mut follow).await?;
            tell(Progress { position: follow.position(), of: last, rows: follow.intact });
        }
    }
    witnesses.hold_rest(&mut follow).await?;
    counted.compare(store, &mut follow, since).await?;
    let pending = if follow.horizon.is_nil() {
        None
    } else {
        let pending = seals::unsealed(store, follow.horizon.max(since), Uuid::max(), NAMED).await?.len();
        Some(u64::try_from(pending).unwrap_or(u64::MAX))
    };
    follow.finish();
    Ok(Verdict { follow, first, pending })
}

/// Holds the rows of one seal against it.
async fn look_at(
    store: &PgPool,
    follow: &mut Follow,
    seal: Seal,
    counted: &mut Counted,
) -> Result<(), Failure> {
    let relation = seal.relation;
    let ids: Vec<Uuid> = seal.entries.iter().map(|entry| entry.id).collect();
    let mut open = follow.open(seal);
    if let Some(relation) = relation {
        let mut rows = seals::rows(store, relation, &ids);
        while let Some(row) = rows.try_next().await? {
            counted.add(relation, row.id);
            follow.show(&mut open, row);
        }
    }
    follow.close(open, |_| false);
    Ok(())
}

/// Checkpoints in the order of the chain: those of the store, and those of the file.
struct Witnesses<'a> {
    store: &'a PgPool,
    /// Of the store: those that were read, and the last of them.
    read: VecDeque<Checkpoint>,
    read_to: i64,
    file: VecDeque<&'a Checkpoint>,
}

impl<'a> Witnesses<'a> {
    fn new(store: &'a PgPool, file: &'a [Checkpoint], follow: &Follow) -> Self {
        let read_to = follow.position();
        let file = file.iter().filter(|checkpoint| checkpoint.position > read_to).collect();
        Self { store, read: VecDeque::new(), read_to, file }
    }

    /// Holds those against the chain that belong to the seal which was looked at last.
    async fn hold(&mut self, follow: &mut Follow) -> Result<(), Failure> {
        let position = follow.position();
        self.hold_to(follow, position).await
    }

    /// Holds those that lie beyond the end of the chain.
    async fn hold_rest(&mut self, follow: &mut Follow) -> Result<(), Failure> {
        self.hold_to(follow, i64::MAX).await
    }

    async fn hold_to(&mut self, follow: &mut Follow, position: i64) -> Result<(), Failure> {
        while let Some(checkpoint) = self.file.pop_front_if(|checkpoint| checkpoint.position <= position) {
            follow.hold(checkpoint, Witness::File);
        }
        loop {
            if self.read.is_empty() && self.read_to < position {
                let more = checkpoints::walk(self.store, self.read_to, CHECKPOINTS).await?;
                self.read_to = more.last().map_or(i64::MAX, |last| last.position);
                self.read.extend(more);
            }
            let next = self.read.pop_front_if(|checkpoint| checkpoint.position <= position);
            let Some(checkpoint) = next else { return Ok(()) };
            follow.hold(&checkpoint, Witness::Checkpoint);
        }
    }
}

/// How many rows that are there have a seal, by stretch of time; and so how many there should be.
#[derive(Default)]
struct Counted(BTreeMap<u128, [u64; 4]>);

impl Counted {
    fn add(&mut self, relation: Relation, id: Uuid) {
        let counts = self.0.entry(id.as_u128() >> STRETCH).or_default();
        if let Some(count) = counts.get_mut(relation as usize) {
            *count += 1;
        }
    }

    /// Counts what is there behind the horizon. Where it is more than what has a seal, the rest is named.
    async fn compare(&self, store: &PgPool, follow: &mut Follow, since: Uuid) -> Result<(), Failure> {
        // The stretch in which the horizon lies is looked through row by row.
        let end = follow.horizon.as_u128() >> STRETCH;
        let mut begin = since.as_u128().div_ceil(1 << STRETCH);
        let mut run = [0; 4];
        for (stretch, counts) in self.0.range(begin..end.max(begin)) {
            run.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            if run.iter().sum::<u64>() >= COUNTED {
                compare(store, follow, border(begin), border(stretch + 1), run).await?;
                (begin, run) = (stretch + 1, [0; 4]);
            }
        }
        let last = border(end.max(begin));
        compare(store, follow, border(begin), last, run).await?;
        // What is left at both ends is less than a stretch each.
        let ends = if end < begin {
            vec![(since, follow.horizon)]
        } else {
            vec![(since, border(begin)), (last, follow.horizon)]
        };
        for (since, until) in ends {
            name(store, follow, since, until).await?;
        }
        Ok(())
    }
}

fn border(stretch: u128) -> Uuid {
    Uuid::from_u128(stretch << STRETCH)
}

async fn compare(
    store: &PgPool,
    follow: &mut Follow,
    since: Uuid,
    until: Uuid,
    sealed: [u64; 4],
) -> Result<(), Failure> {
    if since >= until {
        return Ok(());
    }
    let there = seals::counts(store, since, until).await?;
    let there = there.map(|count| u64::try_from(count).unwrap_or(0));
    for (relation, (there, sealed)) in Relation::ALL.into_iter().zip(there.into_iter().zip(sealed)) {
        if there < sealed {
            follow.note(Finding::SealedTwice { relation, since, until });
        }
    }
    if there.iter().zip(sealed).any(|(there, sealed)| *there > sealed) {
        name(store, follow, since, until).await?;
    }
    Ok(())
}

/// Names the rows that have no seal.
async fn name(store: &PgPool, follow: &mut Follow, since: Uuid, until: Uuid) -> Result<(), Failure> {
    if since < until {
        for (relation, id) in seals::unsealed(store, since, until, NAMED).await? {
            follow.note(Finding::Inserted { relation, id });
        }
    }
    Ok(())
}
