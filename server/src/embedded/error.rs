//! What can go wrong, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// What can go wrong with the private PostgreSQL. The message says what and where, [`EmbeddedError::help`] what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error("found no PostgreSQL server of version 14 or newer (looked in {})", list(.looked_in))]
    NoServer { looked_in: Vec<String> },
    #[error("`{}` holds no PostgreSQL server of version 14 or newer: {found}", dir.display())]
    NotAServer { dir: PathBuf, found: String },
    #[error("another portcullis (process {owner}) is using `{}`", data_dir.display())]
    InUse { data_dir: PathBuf, owner: String },
    #[error("`{}` exists, but does not belong to the user who runs PostgreSQL", dir.display())]
    Foreign { dir: PathBuf },
    #[error("PostgreSQL must not run as root, and there is no user `postgres` or `nobody` to run it")]
    NoUnprivilegedUser,
    #[error("could not {deed} `{}`: {source}", path.display())]
    Io { deed: &'static str, path: PathBuf, source: io::Error },
    #[error("initdb failed: {output}")]
    Initdb { output: String },
    #[error("PostgreSQL ended while it was starting; the end of `{}`:\n{tail}", log.display())]
    EndedEarly { log: PathBuf, tail: String },
    #[error("PostgreSQL was not ready after {seconds} s; the end of `{}`:\n{tail}", log.display())]
    NotReady { seconds: u64, log: PathBuf, tail: String },
    #[error("the PostgreSQL that a killed portcullis left behind (process {pid}) does not stop")]
    Orphan { pid: String },
    #[error("PostgreSQL does not stop")]
    DoesNotStop,
    #[error("could not {deed}: {source}")]
    Sql { deed: &'static str, source: sqlx::Error },
}

impl EmbeddedError {
    /// What the person at the terminal can do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::NoServer { .. } => Some(
                "install it: Debian and Ubuntu `apt-get install postgresql`, Fedora `dnf install postgresql-server`, \
                 macOS `brew install postgresql@17`; or point PORTCULLIS_PG_BIN at the directory of `initdb` and `postgres`",
            ),
            Self::NotAServer { .. } => {
                Some("PORTCULLIS_PG_BIN must be the directory that holds both `initdb` and `postgres`")
            }
            Self::InUse { .. } => Some("stop that one first, or choose another --data-dir"),
            Self::Foreign { .. } => Some("remove it, or choose another --data-dir"),
            Self::NoUnprivilegedUser => Some("start portcullis as an ordinary user"),
            Self::Orphan { .. } => Some("end that process by hand, then start again"),
            Self::EndedEarly { .. } | Self::NotReady { .. } | Self::Initdb { .. } => {
                Some("where the data does not matter, start again with --fresh")
            }
            Self::Io { .. } | Self::DoesNotStop | Self::Sql { .. } => None,
        }
    }

    pub(super) fn io(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { deed, path, source }
    }

    pub(super) fn sql(deed: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Sql { deed, source }
    }
}

fn list(places: &[String]) -> String {
    places.join(", ")
}
