//! What becomes of calls, and of the record of them, when something breaks: the program as it ships, two servers of PostgreSQL, and a
//! load of real calls that keeps what it was told.
//!
//! Without arguments each fault is played once and shortly. `--full` plays them at length; `--soak MINUTES` plays none,
//! and looks for what grows. Any other word chooses the faults whose name it is a part of.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a trial fails by panicking, and tells in a table how it went"
)]

mod client;
mod fault;
mod ground;
mod ledger;
mod load;
mod program;
mod scene;
mod soak;
mod table;
mod trial;
mod wire;

use fault::Fault;
use ground::Ground;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
use trial::{Row, Scale, trial};

const SHORT: Scale = Scale {
    agents: 8,
    before: Duration::from_millis(1500),
    during: Duration::from_millis(2500),
    after: Duration::from_millis(500),
    quiet: Duration::from_secs(15),
    back: Duration::from_secs(30),
    idlers: 1500,
    slow_speakers: 500,
    slack: 24 << 20,
};
const FULL: Scale = Scale {
    agents: 16,
    before: Duration::from_secs(8),
    during: Duration::from_secs(8),
    after: Duration::from_secs(8),
    quiet: Duration::from_secs(1),
    back: Duration::from_secs(5),
    idlers: 10_000,
    slow_speakers: 500,
    slack: 4 << 20,
};
/// The volume of a store whose disk runs full.
const VOLUME: &str = "size=640m,mode=755";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let went_well = runtime.expect("a runtime").block_on(run(&arguments));
    if went_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn run(arguments: &[String]) -> bool {
    let folder = std::env::temp_dir().join(format!("portcullis-faults-{}", std::process::id()));
    make(&folder);
    let soak = arguments.iter().position(|argument| argument == "--soak");
    let went_well = if let Some(at) = soak {
        let minutes = arguments.get(at + 1).and_then(|minutes| minutes.parse().ok()).unwrap_or(30);
        soak::soak(&folder, Duration::from_mins(minutes)).await
    } else {
        Box::pin(faults(&folder, arguments)).await
    };
    if went_well {
        let _ = std::fs::remove_dir_all(&folder);
    } else {
        println!("\nwhat the program and PostgreSQL logged is in {}", folder.display());
    }
    went_well
}

async fn faults(folder: &Path, arguments: &[String]) -> bool {
    let scale = if arguments.iter().any(|argument| argument == "--full") { FULL } else { SHORT };
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let is_chosen =
        |fault: &Fault| words.is_empty() || words.iter().any(|word| fault.name().contains(word.as_str()));
    let chosen: Vec<Fault> = Fault::ALL.into_iter().filter(is_chosen).collect();
    let (on_a_volume, others): (Vec<Fault>, Vec<Fault>) =
        chosen.into_iter().partition(|fault| *fault == Fault::StoreDiskFull);
    let mut rows = play(folder, None, &others, scale).await;
    if !on_a_volume.is_empty() {
        let folder = folder.join("small");
        make(&folder);
        match Volume::mount(folder.join("volume")) {
            Some(volume) => rows.extend(play(&folder, Some(&volume.0), &on_a_volume, scale).await),
            None => println!("skipped: {}: a small volume is root's to mount", Fault::StoreDiskFull.name()),
        }
    }
    table::sum_up(&rows)
}

async fn play(folder: &Path, volume: Option<&Path>, faults: &[Fault], scale: Scale) -> Vec<Row> {
    let mut rows = Vec::new();
    if faults.is_empty() {
        return rows;
    }
    let mut ground = Ground::prepare(folder, volume).await;
    for &fault in faults {
        if fault == Fault::ClockJumps && scene::faketime().is_none() {
            println!("skipped: {}: libfaketime is not installed", fault.name());
            continue;
        }
        let row = trial(&mut ground, fault, scale).await;
        table::print(rows.is_empty(), &row);
        rows.push(row);
    }
    ground.stop().await;
    rows
}

/// Where PostgreSQL runs as another user, that user must get to its files.
fn make(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("the folder is ours");
}

/// A file system in memory, unmounted when dropped.
struct Volume(PathBuf);

impl Volume {
    fn mount(at: PathBuf) -> Option<Self> {
        make(&at);
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", VOLUME, "tmpfs"]).arg(&at).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
