//! The files of a new cluster.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::guard::{AfterUs, guarded};
use super::{Binaries, EmbeddedError, Place, SUPERUSER, place};

/// Creates the files of the cluster. They get their name last: what carries it is whole.
pub(super) async fn initdb(binaries: &Binaries, place: &Place) -> Result<(), EmbeddedError> {
    place.clear()?;
    let unfinished = place.data().with_extension(format!("by-{}", std::process::id()));
    // Not every system knows C.UTF-8; plain C differs in upper and lower case beyond ASCII only.
    let mut said = String::new();
    for locale in ["C.UTF-8", "C"] {
        place::remove(&unfinished)?;
        match run(binaries, place, &unfinished, locale).await? {
            Ok(()) => {
                return fs::rename(&unfinished, place.data())
                    .map_err(EmbeddedError::io("rename", &unfinished));
            }
            Err(output) => said = output,
        }
    }
    Err(EmbeddedError::Initdb { output: said })
}

async fn run(
    binaries: &Binaries,
    place: &Place,
    dir: &Path,
    locale: &str,
) -> Result<Result<(), String>, EmbeddedError> {
    let program = binaries.program("initdb");
    let mut command = tokio::process::Command::from(guarded(place, AfterUs::Keep, &program));
    // Whoever reaches the socket is trusted: the directory around it lets nobody else in.
    let mut running = command
        .arg("--pgdata")
        .arg(dir)
        .args(["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", locale])
        .args(["--no-sync", "--no-instructions"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(EmbeddedError::io("run", &program))?;
    // The guard reads the end of this pipe as our death, and waiting would close it.
    let control = running.stdin.take();
    let output = running.wait_with_output().await.map_err(EmbeddedError::io("run", &program))?;
    drop(control);
    let said = || String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok(if output.status.success() { Ok(()) } else { Err(said()) })
}
