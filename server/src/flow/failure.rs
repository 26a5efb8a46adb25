//! Why a deed failed although nobody did anything wrong.

use crate::flow::passwords::NotHashed;
use crate::model::rng::NoEntropy;
use crate::model::sealed::{NotOpened, NotSealed};
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    #[error(transparent)]
    NotHashed(#[from] NotHashed),
    #[error("the secret of a second factor cannot be sealed: {0}")]
    NotSealed(#[from] NotSealed),
    #[error("the secret of a second factor cannot be opened: {0}")]
    NotOpened(#[from] NotOpened),
}

impl Failure {
    /// Whether trying again later helps.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unavailable(_)) | Self::NotHashed(NotHashed::Crowded))
    }
}
