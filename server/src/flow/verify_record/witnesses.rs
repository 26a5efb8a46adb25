//! The checkpoints that a chain is held against, in its order.

use crate::flow::Failure;
use crate::model::chain::Checkpoint;
use crate::model::chain::finding::Witness;
use crate::model::chain::follow::Follow;
use crate::store::Store;
use crate::store::checkpoints;
use std::collections::VecDeque;

/// Checkpoints that are read at once.
const CHECKPOINTS: i64 = 1_000;

/// Checkpoints in the order of the chain: those of the store, and those of the file.
pub(super) struct Witnesses<'a> {
    store: &'a Store,
    /// Of the store: those that were read, and the last of them.
    read: VecDeque<Checkpoint>,
    read_to: i64,
    file: VecDeque<&'a Checkpoint>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(store: &'a Store, file: &'a [Checkpoint], follow: &Follow) -> Self {
        let read_to = follow.position();
        let file = file.iter().filter(|checkpoint| checkpoint.position > read_to).collect();
        Self { store, read: VecDeque::new(), read_to, file }
    }

    /// Holds those against the chain that belong to the seal which was looked at last.
    pub(super) async fn hold(&mut self, follow: &mut Follow) -> Result<(), Failure> {
        let position = follow.position();
        self.hold_to(follow, position).await
    }

    /// Holds those that lie beyond the end of the chain.
    pub(super) async fn hold_rest(&mut self, follow: &mut Follow) -> Result<(), Failure> {
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
