//! The two halves of the record that stand in the way of every call: what was asked for, and what became of it. Those of
//! calls that are made at once are written together.

use crate::model::attempt::Attempt;
use crate::store::outcomes::Completed;
use crate::store::together::Together;
use crate::store::{Store, StoreError};

#[derive(Clone)]
pub struct Journal {
    attempts: Together<Attempt>,
    outcomes: Together<Completed>,
}

impl Journal {
    #[must_use]
    pub fn new(store: &Store) -> Self {
        Self { attempts: Together::new(store.clone()), outcomes: Together::new(store.clone()) }
    }

    /// Writes down an attempt. It may reach the disk a moment later, but never later than its outcome.
    pub async fn begin(&self, attempt: Attempt) -> Result<(), StoreError> {
        self.attempts.ask(attempt).await
    }

    /// Writes down the outcome of an attempt, and returns when both are on disk.
    pub async fn complete(&self, completed: Completed) -> Result<(), StoreError> {
        self.outcomes.ask(completed).await
    }

    /// Ready as soon as nothing waits to be written.
    pub async fn settled(&self) {
        self.attempts.settled().await;
        self.outcomes.settled().await;
    }
}
