//! Who runs PostgreSQL, which refuses to run as root.

use std::ffi::OsStr;
use std::os::unix::fs::lchown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::EmbeddedError;

/// The user who runs PostgreSQL: ourselves, or as root the user `postgres` (else `nobody`), for it refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity {
    uid: u32,
    dropped_to: Option<u32>,
}

impl Identity {
    pub(super) fn find() -> Result<Self, EmbeddedError> {
        let uid = id(&["-u"]).ok_or(EmbeddedError::NoUnprivilegedUser)?;
        if uid != 0 {
            return Ok(Self { uid, dropped_to: None });
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some(Self { uid: id(&["-u", name])?, dropped_to: Some(id(&["-g", name])?) }))
            .ok_or(EmbeddedError::NoUnprivilegedUser)
    }

    pub(super) fn uid(self) -> u32 {
        self.uid
    }

    /// Whether PostgreSQL runs as somebody else, who may not go where we may.
    pub(super) fn is_dropped(self) -> bool {
        self.dropped_to.is_some()
    }

    pub(super) fn give(self, path: &Path) -> Result<(), EmbeddedError> {
        match self.dropped_to {
            Some(gid) => {
                lchown(path, Some(self.uid), Some(gid)).map_err(EmbeddedError::io("give away", path))
            }
            None => Ok(()),
        }
    }

    pub(super) fn can_enter(self, dir: &Path) -> bool {
        let mut enter = self.shell("cd -- \"$1\"", &[dir.as_os_str()]);
        !self.is_dropped() || enter.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    pub(super) fn shell(self, script: &str, arguments: &[&OsStr]) -> Command {
        let mut command = self.command(Path::new("/bin/sh"));
        command.args(["-c", script, "portcullis"]).args(arguments);
        command
    }

    /// A command without our environment: settings such as `PGPORT` and `PGDATA` would change what it does.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
        if let Some(gid) = self.dropped_to {
            command.uid(self.uid).gid(gid);
        }
        command
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
