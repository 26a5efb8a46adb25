//! What is found wrong with the record.

use super::row::Relation;
use uuid::Uuid;

/// One thing that is wrong. Positions are those of seals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    #[error("the row {id} of {} was changed after seal {position}", .relation.name())]
    Changed { relation: Relation, id: Uuid, position: i64 },
    #[error("the row {id} of {} was removed after seal {position}", .relation.name())]
    Removed { relation: Relation, id: Uuid, position: i64 },
    #[error("the row {id} of {} was inserted: it has no seal, and should long have one", .relation.name())]
    Inserted { relation: Relation, id: Uuid },
    #[error("the row {id} of {} was inserted: seal {position} came after its time was closed", .relation.name())]
    Late { relation: Relation, id: Uuid, position: i64 },
    #[error("rows of {} were reordered: {id} holds what was sealed of {other}", .relation.name())]
    Reordered { relation: Relation, id: Uuid, other: Uuid, position: i64 },
    #[error("rows of {} are sealed more than once between {since} and {until}", .relation.name())]
    SealedTwice { relation: Relation, since: Uuid, until: Uuid },
    #[error("the seal {position} was changed: its entries are reordered")]
    SealReordered { position: i64 },
    #[error("the seal {position} was changed{}", about(.row.as_ref()))]
    SealChanged { position: i64, row: Option<(Relation, Uuid)> },
    #[error("the seal {position} was removed")]
    SealRemoved { position: i64 },
    #[error("the chain was made anew, or changed, up to seal {position}: {witness} tells another link")]
    Unfit { position: i64, witness: Witness },
    #[error("the chain was cut: it ends at seal {end}, and {witness} knows seal {known}")]
    Cut { end: i64, known: i64, witness: Witness },
    #[error("the checkpoint at seal {position} is not to be believed: {why}")]
    Forged { position: i64, why: String },
    #[error("no checkpoint is signed by a known key")]
    NeverSigned,
    #[error("a statement about what was dropped is not to be believed ({id}): {why}")]
    FalseRetention { id: Uuid, why: String },
}

/// What the chain is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    Checkpoint,
    File,
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Checkpoint => "its checkpoint",
            Self::File => "the checkpoint file",
        })
    }
}

fn about(row: Option<&(Relation, Uuid)>) -> String {
    row.map_or_else(String::new, |(relation, id)| {
        format!(": what it keeps of the row {id} of {} is not what it sealed", relation.name())
    })
}

impl Finding {
    /// A word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Changed { .. } => "row_changed",
            Self::Removed { .. } => "row_removed",
            Self::Inserted { .. } | Self::Late { .. } => "row_inserted",
            Self::Reordered { .. } => "row_reordered",
            Self::SealedTwice { .. } => "row_sealed_twice",
            Self::SealReordered { .. } => "seal_reordered",
            Self::SealChanged { .. } => "seal_changed",
            Self::SealRemoved { .. } => "seal_removed",
            Self::Unfit { .. } => "chain_rebuilt",
            Self::Cut { .. } => "chain_cut",
            Self::Forged { .. } => "checkpoint_forged",
            Self::NeverSigned => "never_signed",
            Self::FalseRetention { .. } => "retention_forged",
        }
    }

    /// Which row it is about.
    #[must_use]
    pub const fn row(&self) -> Option<(Relation, Uuid)> {
        match self {
            Self::Changed { relation, id, .. }
            | Self::Removed { relation, id, .. }
            | Self::Inserted { relation, id }
            | Self::Late { relation, id, .. }
            | Self::Reordered { relation, id, .. } => Some((*relation, *id)),
            Self::SealChanged { row, .. } => *row,
            _ => None,
        }
    }

    /// Which seal it is about.
    #[must_use]
    pub const fn position(&self) -> Option<i64> {
        match self {
            Self::Changed { position, .. }
            | Self::Removed { position, .. }
            | Self::Late { position, .. }
            | Self::Reordered { position, .. }
            | Self::SealReordered { position }
            | Self::SealChanged { position, .. }
            | Self::SealRemoved { position }
            | Self::Unfit { position, .. }
            | Self::Forged { position, .. } => Some(*position),
            Self::Cut { end, .. } => Some(*end),
            Self::Inserted { .. }
            | Self::SealedTwice { .. }
            | Self::NeverSigned
            | Self::FalseRetention { .. } => None,
        }
    }
}
