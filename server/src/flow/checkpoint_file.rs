//! Checkpoints outside of the store: a file that each instance adds to, so that a chain that was made anew, key and all,
//! still does not fit what was written down elsewhere.

use crate::flow::{Failure, Portcullis};
use crate::model::chain::Checkpoint;
use crate::model::chain::line::CheckpointLine;
use crate::store::checkpoints;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

/// How often the file is brought up.
const PAUSE: Duration = Duration::from_secs(5);
/// When the first checkpoint is in the file at the latest.
const SOON: time::Duration = time::Duration::minutes(1);
/// Checkpoints that are written at once.
const MOST: i64 = 1_000;

/// A file of checkpoints, and how far it goes.
#[derive(Debug)]
pub struct CheckpointFile {
    path: PathBuf,
    /// The seal of its last checkpoint; `None` before anybody looked.
    last: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum NoCheckpointFile {
    #[error("`{}` cannot be read or written: {error}", .path.display())]
    Io {
        path: PathBuf,
        #[source]
        error: std::io::Error,
    },
    #[error("line {line} of `{}` is no checkpoint", .path.display())]
    Unreadable { path: PathBuf, line: usize },
    #[error(
        "the checkpoint file knows seal {known}, and the last checkpoint of the store is at seal {last}: was the store put back, or cut?"
    )]
    Ahead { known: i64, last: i64 },
    #[error("`{}` is not there, and the store has had checkpoints for longer than it takes to write them: was it removed?", .0.display())]
    Gone(PathBuf),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Keeps the file up for as long as the program runs, if there is to be one. A trouble is told once, and again when it
/// becomes another.
pub async fn keep_checkpoints(portcullis: Portcullis) {
    let Some(path) = portcullis.checkpoint_file() else { return };
    let mut file = CheckpointFile::at(path.to_owned());
    let mut trouble = None;
    loop {
        match file.keep_up(&portcullis).await {
            Ok(()) => trouble = None,
            Err(error) => {
                let told = error.to_string();
                if trouble.as_ref() != Some(&told) {
                    tracing::error!(error = told, "checkpoints of the record are not kept in their file");
                    trouble = Some(told);
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl CheckpointFile {
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path, last: None }
    }

    /// Adds the checkpoints that came since.
    pub async fn keep_up(&mut self, portcullis: &Portcullis) -> Result<(), NoCheckpointFile> {
        let known = match self.last {
            Some(known) => known,
            None => self.known().await?,
        };
        self.last = Some(known);
        let newest = checkpoints::last(portcullis.store()).await.map_err(Failure::from)?;
        let newest = newest.map_or(0, |last| last.position);
        if newest < known {
            return Err(NoCheckpointFile::Ahead { known, last: newest });
        }
        let fresh = checkpoints::walk(portcullis.store(), known, MOST).await.map_err(Failure::from)?;
        let Some(last) = fresh.last() else { return Ok(()) };
        let lines: Result<String, _> = fresh
            .iter()
            .map(|one| serde_json::to_string(&CheckpointLine::from(one)).map(|line| line + "\n"))
            .collect();
        let lines = lines.map_err(|error| self.io(error.into()))?;
        self.append(&lines).await.map_err(|error| self.io(error))?;
        self.last = Some(last.position);
        Ok(())
    }

    /// How far the file goes; it need not be there yet.
    async fn known(&self) -> Result<i64, NoCheckpointFile> {
        match read(&self.path).await {
            Err(NoCheckpointFile::Io { error, .. }) if error.kind() == ErrorKind::NotFound => Ok(0),
            read => Ok(read?.last().map_or(0, |last| last.position)),
        }
    }

    async fn append(&self, lines: &str) -> std::io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path).await?;
        file.write_all(lines.as_bytes()).await?;
        file.sync_data().await
    }

    fn io(&self, error: std::io::Error) -> NoCheckpointFile {
        NoCheckpointFile::Io { path: self.path.clone(), error }
    }
}

/// What the configured file knows. That it is not there yet is a matter of the first moments; later somebody removed it.
pub async fn witnesses(portcullis: &Portcullis) -> Result<Vec<Checkpoint>, NoCheckpointFile> {
    let Some(path) = portcullis.checkpoint_file() else { return Ok(Vec::new()) };
    match read(path).await {
        Err(NoCheckpointFile::Io { error, .. }) if error.kind() == ErrorKind::NotFound => {
            let first = checkpoints::walk(portcullis.store(), 0, 1).await.map_err(Failure::from)?;
            match first.first() {
                Some(first) if portcullis.now() - first.at > SOON => {
                    Err(NoCheckpointFile::Gone(path.to_owned()))
                }
                _ => Ok(Vec::new()),
            }
        }
        read => read,
    }
}

/// All checkpoints of a file, as they were written.
pub async fn read(path: &Path) -> Result<Vec<Checkpoint>, NoCheckpointFile> {
    let io = |error| NoCheckpointFile::Io { path: path.to_owned(), error };
    let file = File::open(path).await.map_err(io)?;
    let mut lines = BufReader::new(file).lines();
    let mut checkpoints = Vec::new();
    while let Some(line) = lines.next_line().await.map_err(io)? {
        let read = serde_json::from_str::<CheckpointLine>(&line).ok().and_then(CheckpointLine::read);
        let unreadable =
            || NoCheckpointFile::Unreadable { path: path.to_owned(), line: checkpoints.len() + 1 };
        checkpoints.push(read.ok_or_else(unreadable)?);
    }
    Ok(checkpoints)
}
