//! The record as lines of JSON, with everything that proves it.
//!
//! The first line is the [`Head`]; then come what was dropped on purpose, and each seal with the rows that were asked for
//! and the checkpoint that was made there, if any; the last line tells how much there was, so that a file that broke off
//! is known as such. Other rows are there by their digests alone, without which the chain would not hold together.

use super::canonical::{Digest, micros};
use super::{Checkpoint, Entry, Relation, Retained, Row, Seal, Signature};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// The version that we write, and the only one that we read.
pub const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Record(Head),
    Retained(RetainedLine),
    Seal(SealLine),
    Row(Map<String, Json>),
    Checkpoint(CheckpointLine),
    End(End),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub version: u32,
    /// Rows from this moment on, up to the other and not with it, are there in whole.
    pub since_us: Option<i64>,
    pub until_us: Option<i64>,
    /// What came before the first seal here.
    pub after: Option<CheckpointLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// The last seal.
    pub position: i64,
    pub rows: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealLine {
    pub position: i64,
    pub at_us: i64,
    pub relation: Option<String>,
    pub horizon: Uuid,
    pub snapshot: i64,
    pub rows: i64,
    pub entries: Vec<(Uuid, String)>,
    pub link: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointLine {
    pub position: i64,
    pub link: String,
    pub at_us: i64,
    pub rows: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetainedLine {
    pub id: Uuid,
    pub at_us: i64,
    pub actor: String,
    pub since: Uuid,
    pub until: Uuid,
    pub rows: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl Line {
    /// A row as it stands in a file.
    #[must_use]
    pub fn of_row(row: &Row) -> Self {
        Self::Row(row.to_json())
    }
}

impl From<&Seal> for SealLine {
    fn from(seal: &Seal) -> Self {
        Self {
            position: seal.position,
            at_us: micros(seal.at),
            relation: seal.relation.map(|relation| relation.name().to_owned()),
            horizon: seal.horizon,
            snapshot: seal.snapshot,
            rows: seal.rows,
            entries: seal.entries.iter().map(|entry| (entry.id, entry.digest.to_string())).collect(),
            link: seal.link.to_string(),
        }
    }
}

impl SealLine {
    /// `None` where it is no seal.
    #[must_use]
    pub fn read(self) -> Option<Seal> {
        let relation = match self.relation {
            Some(name) => Some(Relation::named(&name)?),
            None => None,
        };
        let entries: Option<Vec<Entry>> = self
            .entries
            .into_iter()
            .map(|(id, digest)| Some(Entry { id, digest: digest.parse().ok()? }))
            .collect();
        Some(Seal {
            position: self.position,
            at: moment(self.at_us)?,
            relation,
            horizon: self.horizon,
            snapshot: self.snapshot,
            rows: self.rows,
            entries: entries?,
            link: self.link.parse().ok()?,
        })
    }
}

impl From<&Checkpoint> for CheckpointLine {
    fn from(checkpoint: &Checkpoint) -> Self {
        let (key, signature) = written(checkpoint.signature.as_ref());
        Self {
            position: checkpoint.position,
            link: checkpoint.link.to_string(),
            at_us: micros(checkpoint.at),
            rows: checkpoint.rows,
            key,
            signature,
        }
    }
}

impl CheckpointLine {
    /// `None` where it is no checkpoint.
    #[must_use]
    pub fn read(self) -> Option<Checkpoint> {
        Some(Checkpoint {
            position: self.position,
            link: self.link.parse::<Digest>().ok()?,
            at: moment(self.at_us)?,
            rows: self.rows,
            signature: signature(self.key, self.signature)?,
        })
    }
}

impl From<&Retained> for RetainedLine {
    fn from(retained: &Retained) -> Self {
        let (key, signature) = written(retained.signature.as_ref());
        Self {
            id: retained.id,
            at_us: micros(retained.at),
            actor: retained.actor.clone(),
            since: retained.since,
            until: retained.until,
            rows: retained.rows,
            key,
            signature,
        }
    }
}

impl RetainedLine {
    /// `None` where it is no such statement.
    #[must_use]
    pub fn read(self) -> Option<Retained> {
        Some(Retained {
            id: self.id,
            at: moment(self.at_us)?,
            actor: self.actor,
            since: self.since,
            until: self.until,
            rows: self.rows,
            signature: signature(self.key, self.signature)?,
        })
    }
}

fn moment(micros: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}

fn written(signature: Option<&Signature>) -> (Option<String>, Option<String>) {
    signature.map(|signature| (signature.key_id.clone(), BASE64.encode(&signature.bytes))).unzip()
}

/// Where there is neither key nor signature there is none; half of it is nothing that we wrote.
#[expect(clippy::option_option, reason = "the outer one tells whether it can be read")]
fn signature(key: Option<String>, signature: Option<String>) -> Option<Option<Signature>> {
    match (key, signature) {
        (None, None) => Some(None),
        (Some(key_id), Some(text)) => {
            let bytes = BASE64.decode(text.as_bytes()).ok()?.try_into().ok()?;
            Some(Some(Signature { key_id, bytes }))
        }
        _ => None,
    }
}

/// Microseconds since 1970, as lines tell moments.
#[must_use]
pub fn told(at: OffsetDateTime) -> i64 {
    micros(at)
}
