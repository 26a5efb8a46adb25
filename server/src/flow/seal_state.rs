//! How the chain over the record stands, for those who look after it.

use crate::flow::Portcullis;
use crate::store::StoreError;
use crate::store::seals::{self, State};
use time::{Duration, OffsetDateTime};

/// A sealer that is further behind than this is told of.
pub const PATIENCE: Duration = Duration::seconds(30);

#[derive(Debug, Clone)]
pub struct SealState {
    /// How far behind the sealer is; `None` where nothing was ever sealed.
    pub behind: Option<Duration>,
    pub rows: u64,
    pub checkpoint: Option<LastCheckpoint>,
    pub verified: Option<LastVerified>,
}

#[derive(Debug, Clone)]
pub struct LastCheckpoint {
    pub at: OffsetDateTime,
    /// Rows that came later.
    pub since: u64,
    /// Which key signed it, if any.
    pub key_id: Option<String>,
}

/// When the record was last held against its seals.
#[derive(Debug, Clone)]
pub struct LastVerified {
    pub at: OffsetDateTime,
    /// What was found first, if anything.
    pub finding: Option<String>,
}

pub async fn seal_state(portcullis: &Portcullis) -> Result<SealState, StoreError> {
    let state = seals::state(portcullis.store()).await?;
    let rows = state.rows.unwrap_or(0);
    Ok(SealState {
        behind: state.sealed_to.map(|to| (portcullis.now() - to).max(Duration::ZERO)),
        rows: count(rows),
        checkpoint: last_checkpoint(&state, rows),
        verified: state.verified_at.map(|at| LastVerified {
            at,
            finding: state.verified.as_ref().and_then(|detail| detail["finding"].as_str()).map(str::to_owned),
        }),
    })
}

fn last_checkpoint(state: &State, rows: i64) -> Option<LastCheckpoint> {
    let since = count(rows - state.checkpoint_rows.unwrap_or(0));
    state.checkpoint_at.map(|at| LastCheckpoint { at, since, key_id: state.key_id.clone() })
}

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
