//! A small shell between us and PostgreSQL, which outlives us for as long as it takes to stop it.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Place;

const SCRIPT: &str = include_str!("guard.sh");

/// What PostgreSQL is told: fast shutdown, immediate shutdown, and no chance to hear it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Fast,
    Immediate,
    Kill,
}

impl Signal {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fast => "INT",
            Self::Immediate => "QUIT",
            Self::Kill => "KILL",
        }
    }
}

/// What the guard does once it finds us dead.
#[derive(Debug, Clone, Copy)]
pub(super) enum AfterUs<'a> {
    Keep,
    Scrap(&'a Path),
}

/// A program of PostgreSQL's that ends when we do. Its standard input is the guard's: a line is a signal to pass on, and
/// closing it ends the program. In a process group of its own, for Ctrl-C in the terminal is ours to handle.
pub(super) fn guarded(place: &Place, after_us: AfterUs<'_>, program: &Path) -> Command {
    let (last_signal, scrap) = match after_us {
        AfterUs::Keep => (Signal::Fast, Path::new("")),
        AfterUs::Scrap(dir) => (Signal::Immediate, dir),
    };
    let mut command = place.identity().shell(
        SCRIPT,
        &[last_signal.name().as_ref(), scrap.as_ref(), place.socket_dir().as_ref(), program.as_ref()],
    );
    command.stdin(Stdio::piped()).process_group(0);
    command
}
