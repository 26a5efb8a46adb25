//! Hands out the record with everything that proves it, so that it can be verified where the store is not. Memory does not
//! grow with the record: one seal is read at a time, its rows one by one.

use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis};
use crate::model::call::first_id_at;
use crate::model::chain::line::{CheckpointLine, End, Head, Line, RetainedLine, SealLine, VERSION, told};
use crate::model::chain::{Checkpoint, Seal};
use crate::model::event::EventKind;
use crate::store::{checkpoints, retentions, seals};
use futures_util::TryStreamExt;
use serde_json::json;
use time::OffsetDateTime;
use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use uuid::Uuid;

/// Seals that are read at once.
const SEALS: i64 = 20;

/// Rows since a moment and before another; all where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stretch {
    pub since: Option<OffsetDateTime>,
    pub until: Option<OffsetDateTime>,
}

impl Stretch {
    /// The identifiers of its rows: from the first on, and before the other.
    #[must_use]
    pub fn ids(self) -> (Uuid, Uuid) {
        (self.since.map_or(Uuid::nil(), first_id_at), self.until.map_or(Uuid::max(), first_id_at))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    #[error("it cannot be written: {0}")]
    Io(#[from] std::io::Error),
    #[error("a line cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Writes down who takes what, then writes it out. Tells how many rows there were.
pub async fn export_chain(
    portcullis: &Portcullis,
    stretch: Stretch,
    actor: &str,
    out: impl AsyncWrite + Unpin,
) -> Result<u64, NotExported> {
    record(portcullis, stretch, actor).await?;
    let (since, until) = stretch.ids();
    let (after, last) = ends(portcullis, since, until).await?;
    let store = portcullis.store();
    let mut writing = Writing { out: BufWriter::with_capacity(1 << 18, out), rows: 0 };
    writing
        .line(&Line::Record(Head {
            version: VERSION,
            since_us: stretch.since.map(told),
            until_us: stretch.until.map(told),
            after: after.as_ref().map(CheckpointLine::from),
        }))
        .await?;
    for retained in retentions::all(store).await.map_err(Failure::from)? {
        writing.line(&Line::Retained(RetainedLine::from(&retained))).await?;
    }
    let mut position = after.map_or(0, |checkpoint| checkpoint.position);
    let mut checkpoint = following(portcullis, position).await?;
    while position < last {
        let page = seals::walk(store, position, last, SEALS).await.map_err(Failure::from)?;
        if page.is_empty() {
            break;
        }
        for seal in page {
            position = seal.position;
            writing.seal(portcullis, &seal, (since, until)).await?;
            while let Some(one) = checkpoint.take_if(|one| one.position <= position) {
                writing.line(&Line::Checkpoint(CheckpointLine::from(&one))).await?;
                checkpoint = following(portcullis, one.position).await?;
            }
        }
    }
    let rows = writing.rows;
    writing.line(&Line::End(End { position, rows })).await?;
    writing.out.flush().await?;
    Ok(rows)
}

/// From which checkpoint on, and up to which seal: up to one with a checkpoint, if there is one that vouches for all rows.
async fn ends(
    portcullis: &Portcullis,
    since: Uuid,
    until: Uuid,
) -> Result<(Option<Checkpoint>, i64), Failure> {
    let store = portcullis.store();
    let first = seals::first_since(store, since).await?;
    let newest = seals::last_position(store).await?;
    let after = checkpoints::before(store, first.unwrap_or(newest + 1) - 1).await?;
    let last = seals::last_before(store, until).await?.unwrap_or(0);
    let vouching = checkpoints::walk(store, last - 1, 1).await?;
    Ok((after, vouching.first().map_or(last, |checkpoint| checkpoint.position)))
}

async fn following(portcullis: &Portcullis, position: i64) -> Result<Option<Checkpoint>, Failure> {
    Ok(checkpoints::walk(portcullis.store(), position, 1).await?.pop())
}

async fn record(portcullis: &Portcullis, stretch: Stretch, actor: &str) -> Result<(), Failure> {
    let filter = json!({ "since_us": stretch.since.map(told), "until_us": stretch.until.map(told) });
    let detail = json!({ "format": "ndjson", "what": "chain", "filter": filter });
    let happened = Happened {
        kind: EventKind::RecordExported,
        actor,
        person_id: None,
        subject: "record".to_owned(),
        detail,
    };
    let mut transaction = happened::begin(portcullis).await?;
    happened::record(portcullis, &mut transaction, portcullis.now(), happened).await?;
    happened::commit(transaction).await
}

struct Writing<W> {
    out: BufWriter<W>,
    rows: u64,
}

impl<W: AsyncWrite + Unpin> Writing<W> {
    async fn line(&mut self, line: &Line) -> Result<(), NotExported> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        Ok(self.out.write_all(&text).await?)
    }

    /// A seal, and those of its rows that are asked for.
    async fn seal(
        &mut self,
        portcullis: &Portcullis,
        seal: &Seal,
        (since, until): (Uuid, Uuid),
    ) -> Result<(), NotExported> {
        self.line(&Line::Seal(SealLine::from(seal))).await?;
        let Some(relation) = seal.relation else { return Ok(()) };
        let ids: Vec<Uuid> =
            seal.entries.iter().map(|entry| entry.id).filter(|id| since <= *id && *id < until).collect();
        let mut rows = seals::rows(portcullis.store(), relation, &ids);
        while let Some(row) = rows.try_next().await.map_err(Failure::from)? {
            self.rows += 1;
            self.line(&Line::of_row(&row)).await?;
        }
        Ok(())
    }
}
