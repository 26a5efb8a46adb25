//! Where a cluster lives, and who holds it: the data directory, or a place that PostgreSQL can reach.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{EmbeddedError, Identity};

/// The shortest limit of a socket's path (104 bytes on macOS, with its final zero), less `/.s.PGSQL.5432`.
const LONGEST_SOCKET_DIR: usize = 103 - "/.s.PGSQL.5432".len();
const SOCKET: &str = ".s.PGSQL.5432";
const ELSEWHERE: &str = "postgres-is-elsewhere";

/// Where one cluster lives. Whoever holds a `Place` holds the lock of its data directory.
#[derive(Debug)]
pub(super) struct Place {
    /// Owned by the user who runs PostgreSQL, and closed to everybody else.
    dir: PathBuf,
    log: PathBuf,
    identity: Identity,
    _lock: File,
}

impl Place {
    pub(super) fn claim(data_dir: &Path, identity: Identity) -> Result<Self, EmbeddedError> {
        // A dropped user must pass through; to read our own files in there it has no leave either way.
        let mode = if identity.is_dropped() { 0o711 } else { 0o700 };
        DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(data_dir)
            .map_err(EmbeddedError::io("create", data_dir))?;
        let data_dir = fs::canonicalize(data_dir).map_err(EmbeddedError::io("find", data_dir))?;
        let lock = lock(&data_dir)?;
        let dir = settle(&data_dir, identity)?;
        Ok(Self { dir, log: data_dir.join("postgres.log"), identity, _lock: lock })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    pub(super) fn socket_dir(&self) -> PathBuf {
        self.dir.join("socket")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir().join(SOCKET)
    }

    pub(super) fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    pub(super) fn identity(&self) -> Identity {
        self.identity
    }

    /// Removes the cluster and whatever an interrupted initdb left.
    pub(super) fn clear(&self) -> Result<(), EmbeddedError> {
        remove(&self.dir)?;
        make_private(&self.dir, self.identity)
    }
}

/// A lock of the kernel's: it ends with its holder, whatever becomes of the file.
fn lock(data_dir: &Path) -> Result<File, EmbeddedError> {
    let path = data_dir.join("postgres.lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(EmbeddedError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let owner = fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
            return Err(EmbeddedError::InUse { data_dir: data_dir.to_path_buf(), owner });
        }
        Err(TryLockError::Error(source)) => return Err(EmbeddedError::io("lock", &path)(source)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(EmbeddedError::io("write", &path))?;
    Ok(file)
}

/// In the data directory where that can be, else under `/var/tmp`, named after it.
fn settle(data_dir: &Path, identity: Identity) -> Result<PathBuf, EmbeddedError> {
    let near = data_dir.join("postgres");
    let signpost = data_dir.join(ELSEWHERE);
    if fits_a_socket(&near) && identity.can_enter(data_dir) && !belongs_to_another(&near, identity) {
        remove(&signpost)?;
        make_private(&near, identity)?;
        return Ok(near);
    }
    let far = far_from(data_dir);
    tracing::info!(path = %far.display(), "PostgreSQL cannot use the data directory, its files are elsewhere");
    if !signpost.exists() && !belongs_to_another(&far, identity) {
        // No signpost: this belonged to a data directory of the same path that was since removed.
        remove(&far)?;
    }
    make_private(&far, identity)?;
    fs::write(&signpost, far.as_os_str().as_bytes()).map_err(EmbeddedError::io("write", &signpost))?;
    Ok(far)
}

/// PostgreSQL takes the path as a setting, which is text; there and in a URL, a comma begins a second path.
fn fits_a_socket(dir: &Path) -> bool {
    dir.join("socket").to_str().is_some_and(|path| path.len() <= LONGEST_SOCKET_DIR && !path.contains(','))
}

fn far_from(data_dir: &Path) -> PathBuf {
    let mut name = HEXLOWER.encode(&Sha256::digest(data_dir.as_os_str().as_bytes()));
    name.truncate(16);
    Path::new("/var/tmp").join(format!("portcullis-{name}"))
}

fn belongs_to_another(dir: &Path, identity: Identity) -> bool {
    fs::symlink_metadata(dir).is_ok_and(|found| !found.is_dir() || found.uid() != identity.uid())
}

fn make_private(dir: &Path, identity: Identity) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => identity.give(dir),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if belongs_to_another(dir, identity) {
                return Err(EmbeddedError::Foreign { dir: dir.to_path_buf() });
            }
            fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
                .map_err(EmbeddedError::io("close", dir))
        }
        Err(error) => Err(EmbeddedError::io("create", dir)(error)),
    }
}

/// Removes a file or a directory, if there is one. Processes of a killed predecessor may write into it a moment longer.
pub(super) fn remove(path: &Path) -> Result<(), EmbeddedError> {
    let mut attempts = 0;
    loop {
        let removed = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
            Err(error) => Err(error),
        };
        match removed {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty && attempts < 50 => {
                attempts += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(EmbeddedError::io("remove", path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_too_long_for_a_socket_is_known() {
        assert!(fits_a_socket(Path::new("/home/somebody/portcullis/.portcullis/postgres")));
        assert!(!fits_a_socket(&Path::new("/home").join("x".repeat(80))));
    }

    #[test]
    fn the_place_elsewhere_fits_a_socket_and_is_its_own() {
        let (one, other) = (far_from(Path::new("/one")), far_from(Path::new("/other")));
        assert!(fits_a_socket(&one));
        assert_ne!(one, other);
    }
}
