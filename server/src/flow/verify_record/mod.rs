//! Holds the record against its seals: every row, every link, every checkpoint. Memory does not grow with the record.

mod counted;
mod witnesses;

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::call::first_id_at;
use crate::model::chain::follow::Follow;
use crate::model::chain::{Checkpoint, Seal};
use crate::model::event::EventKind;
use crate::store::Store;
use crate::store::{checkpoints, retentions, seals};
use counted::{Counted, NAMED};
use futures_util::TryStreamExt;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;
use witnesses::Witnesses;

/// Seals that are read at once.
const SEALS: i64 = 20;

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
    store: &Store,
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
