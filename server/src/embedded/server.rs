//! A running PostgreSQL: launched, waited for, stopped, and found again when its program was killed.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::guard::{AfterUs, Signal, guarded};
use super::{Binaries, EmbeddedError, Place};

const GLANCE: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(30);
const LAST_PATIENCE: Duration = Duration::from_secs(3);

/// A running postmaster under its guard.
#[derive(Debug)]
pub(super) struct Server {
    guard: Child,
    control: Option<ChildStdin>,
}

impl Server {
    pub(super) fn launch(
        binaries: &Binaries,
        place: &Place,
        settings: &[(String, String)],
        after_us: AfterUs<'_>,
    ) -> Result<Self, EmbeddedError> {
        let log = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(place.log())
            .map_err(EmbeddedError::io("open", place.log()))?;
        let errors = log.try_clone().map_err(EmbeddedError::io("open", place.log()))?;
        let mut guard = guarded(place, after_us, &binaries.program("postgres"))
            .arg("-D")
            .arg(place.data())
            .args(settings.iter().flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]))
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(EmbeddedError::io("start", &binaries.program("postgres")))?;
        let control = guard.stdin.take();
        Ok(Self { guard, control })
    }

    /// Ready is what lets us in; a server that recovers from a crash listens long before that.
    pub(super) async fn ready(
        &mut self,
        options: &PgConnectOptions,
        place: &Place,
    ) -> Result<(), EmbeddedError> {
        let patience = Instant::now() + PATIENCE;
        let options = options.clone().disable_statement_logging();
        loop {
            if self.has_ended() {
                return Err(EmbeddedError::EndedEarly {
                    log: place.log().to_path_buf(),
                    tail: tail(place.log()),
                });
            }
            if let Ok(Ok(connection)) = tokio::time::timeout(LAST_PATIENCE, options.connect()).await {
                return connection.close().await.map_err(EmbeddedError::sql("connect to PostgreSQL"));
            }
            if Instant::now() > patience {
                let (log, tail) = (place.log().to_path_buf(), tail(place.log()));
                return Err(EmbeddedError::NotReady { seconds: PATIENCE.as_secs(), log, tail });
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        for (signal, patience) in
            [(Signal::Fast, PATIENCE), (Signal::Immediate, LAST_PATIENCE), (Signal::Kill, LAST_PATIENCE)]
        {
            if self.tell(signal).is_err() || self.ends_within(patience).await {
                break;
            }
        }
        if self.ends_within(LAST_PATIENCE).await { Ok(()) } else { Err(EmbeddedError::DoesNotStop) }
    }

    /// Ends the postmaster as a crash does; its children notice by themselves.
    pub(super) async fn kill(mut self) -> Result<(), EmbeddedError> {
        let told = self.tell(Signal::Kill).is_ok();
        if told && self.ends_within(LAST_PATIENCE).await { Ok(()) } else { Err(EmbeddedError::DoesNotStop) }
    }

    fn tell(&mut self, signal: Signal) -> io::Result<()> {
        match &mut self.control {
            Some(control) => writeln!(control, "{}", signal.name()),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.guard.try_wait(), Ok(None))
    }

    async fn ends_within(&mut self, patience: Duration) -> bool {
        let patience = Instant::now() + patience;
        while !self.has_ended() {
            if Instant::now() > patience {
                return false;
            }
            tokio::time::sleep(GLANCE).await;
        }
        true
    }
}

/// Letting go of the control pipe makes the guard stop the server; we wait a moment so that none of it outlives us.
impl Drop for Server {
    fn drop(&mut self) {
        self.control = None;
        let patience = Instant::now() + LAST_PATIENCE;
        while !self.has_ended() && Instant::now() < patience {
            std::thread::sleep(GLANCE);
        }
    }
}

/// Stops a server whose program and guard were both killed. We hold the lock, so nobody else has a right to it.
pub(super) async fn stop_orphan(place: &Place) -> Result<(), EmbeddedError> {
    if !is_listening(place) {
        return Ok(());
    }
    let pid = fs::read_to_string(place.pid_file()).unwrap_or_default();
    let pid = pid.lines().next().unwrap_or_default().trim().to_owned();
    tracing::info!(pid, "stopping the PostgreSQL that a killed portcullis left behind");
    for (signal, patience) in [(Signal::Fast, PATIENCE), (Signal::Immediate, LAST_PATIENCE)] {
        let mut kill =
            place.identity().shell("kill -s \"$1\" \"$2\"", &[signal.name().as_ref(), pid.as_ref()]);
        kill.stderr(Stdio::null()).status().map_err(EmbeddedError::io("run", Path::new("/bin/sh")))?;
        let patience = Instant::now() + patience;
        while Instant::now() < patience {
            if !is_listening(place) && !place.pid_file().exists() {
                return Ok(());
            }
            tokio::time::sleep(GLANCE).await;
        }
    }
    Err(EmbeddedError::Orphan { pid })
}

/// A postmaster listens for as long as it lives, and nobody but the cluster's own can listen in its private directory.
pub(super) fn is_listening(place: &Place) -> bool {
    UnixStream::connect(place.socket()).is_ok()
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(15);
    lines.into_iter().skip(skipped).map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
