//! Temporary directories.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use super::{EmbeddedError, Identity, place};

/// A temporary directory that is removed with its owner.
#[derive(Debug)]
pub(super) struct Scrap {
    dir: PathBuf,
}

impl Scrap {
    /// It belongs to the user who runs PostgreSQL, so that the guard, who is that user, can remove it after us.
    pub(super) fn create(identity: Identity) -> Result<Self, EmbeddedError> {
        let mut name = [0; 8];
        getrandom::fill(&mut name)
            .map_err(|error| EmbeddedError::io("name", Path::new("/tmp"))(error.into()))?;
        let dir = Path::new("/tmp").join(format!("portcullis-test-{}", HEXLOWER.encode(&name)));
        DirBuilder::new().mode(0o700).create(&dir).map_err(EmbeddedError::io("create", &dir))?;
        identity.give(&dir)?;
        Ok(Self { dir })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        if let Err(error) = place::remove(&self.dir) {
            tracing::warn!(%error, "could not remove a temporary cluster");
        }
    }
}
