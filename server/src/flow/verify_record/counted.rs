//! Whether more rows are there than have a seal: counted by stretches of time, and named only where the numbers differ.

use crate::flow::Failure;
use crate::model::chain::follow::Follow;
use crate::model::chain::{Finding, Relation};
use crate::store::Store;
use crate::store::seals;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows without a seal that are named.
pub(super) const NAMED: i64 = 1_000;
/// Rows are counted by stretches of 2^22 ms, some 70 minutes.
const STRETCH: u32 = 22 + 80;
/// So many rows are counted at once.
const COUNTED: u64 = 100_000;

/// How many rows that are there have a seal, by stretch of time; and so how many there should be.
#[derive(Default)]
pub(super) struct Counted(BTreeMap<u128, [u64; 4]>);

impl Counted {
    pub(super) fn add(&mut self, relation: Relation, id: Uuid) {
        let counts = self.0.entry(id.as_u128() >> STRETCH).or_default();
        if let Some(count) = counts.get_mut(relation as usize) {
            *count += 1;
        }
    }

    /// Counts what is there behind the horizon. Where it is more than what has a seal, the rest is named.
    pub(super) async fn compare(
        &self,
        store: &Store,
        follow: &mut Follow,
        since: Uuid,
    ) -> Result<(), Failure> {
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
    store: &Store,
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
async fn name(store: &Store, follow: &mut Follow, since: Uuid, until: Uuid) -> Result<(), Failure> {
    if since < until {
        for (relation, id) in seals::unsealed(store, since, until, NAMED).await? {
            follow.note(Finding::Inserted { relation, id });
        }
    }
    Ok(())
}
