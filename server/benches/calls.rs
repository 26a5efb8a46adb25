//! What a call costs: over HTTP, record included, beside a floor that pgbench measures on the same server in the same run.
//!
//! `cargo bench --bench calls -- [PART ...] [seconds=2] [attempts=2000000] [people=200000]`; without a part, all of them.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    unreachable_pub
)]

#[path = "calls/allocations.rs"]
mod allocations;
#[path = "calls/growth.rs"]
mod growth;
#[path = "calls/layers.rs"]
mod layers;
#[path = "calls/rates.rs"]
mod rates;
#[path = "calls/room.rs"]
mod room;
mod support;
#[path = "calls/trips.rs"]
mod trips;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::program::Ground;
use support::report::{Report, title};
use tokio::sync::Mutex;

const PARTS: [&str; 6] = ["room", "rates", "layers", "trips", "allocations", "growth"];

/// How much of everything.
#[derive(Clone, Copy)]
struct Sizes {
    /// How long each load lasts.
    length: Duration,
    /// What stands in the store when it is measured again.
    attempts: u64,
    people: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let size = |name: &str, default| {
        arguments
            .iter()
            .find_map(|argument| argument.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
            .unwrap_or(default)
    };
    let sizes = Sizes {
        length: Duration::from_secs(size("seconds", 2)),
        attempts: size("attempts", 2_000_000),
        people: size("people", 200_000),
    };
    let mut parts: Vec<&str> =
        PARTS.into_iter().filter(|part| arguments.iter().any(|argument| argument == part)).collect();
    if parts.is_empty() {
        parts = PARTS.to_vec();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    if runtime.expect("a runtime").block_on(measure(&parts, sizes)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn measure(parts: &[&str], sizes: Sizes) -> bool {
    let folder = std::env::temp_dir().join(format!("portcullis-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let ground = Arc::new(Ground::prepare(&folder).await);
    let report = Arc::new(Mutex::new(Report::default()));
    for part in parts {
        let begun = Instant::now();
        let (ours, theirs) = (Arc::clone(&ground), Arc::clone(&report));
        let done = match *part {
            "room" => tokio::spawn(async move { room::measure(&ours, &mut *theirs.lock().await).await }),
            "rates" => {
                tokio::spawn(
                    async move { rates::measure(&ours, sizes.length, &mut *theirs.lock().await).await },
                )
            }
            "layers" => tokio::spawn(async move { layers::measure(&ours, sizes.length).await }),
            "trips" => tokio::spawn(async move { trips::measure(&ours).await }),
            "allocations" => tokio::spawn(async move { allocations::measure(&ours).await }),
            _ => tokio::spawn(async move { growth::measure(&ours, sizes, &mut *theirs.lock().await).await }),
        };
        // What it says of its own failure stands in the standard error.
        if done.await.is_err() {
            report.lock().await.failed(part);
        }
        println!("  ({part} took {:.0} s)", begun.elapsed().as_secs_f64());
    }
    title("in all");
    let is_good = report.lock().await.end();
    if let Some(ground) = Arc::into_inner(ground) {
        ground.cluster.stop().await.expect("PostgreSQL stops");
    }
    let _ = std::fs::remove_dir_all(&folder);
    is_good
}
