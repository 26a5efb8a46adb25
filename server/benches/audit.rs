//! What looking through a record of millions costs: pages, usage, overview, export. The number of calls may be given:
//! `cargo bench --bench audit -- 500000`.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    unreachable_pub
)]

#[path = "audit/filters.rs"]
mod filters;
#[path = "audit/seed.rs"]
mod seed;
mod support;

use filters::Class;
use server::config::Config;
use server::flow::Portcullis;
use server::flow::export::{Export, Format, Wanted};
use server::flow::overview::overview;
use server::flow::people::find;
use server::flow::review_calls::{Look, review_calls};
use server::flow::usage::usage;
use server::model::review::{CallFilter, Place};
use server::model::window::Window;
use server::wiring::{Surroundings, portcullis};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use support::program::Ground;

const ROWS: u64 = 5_000_000;
/// Different values of each class of filters.
const VARIANTS: u64 = 20;
/// Of those, how many are read at their thousandth page as well; finding that page takes long.
const DEEP: u64 = 4;
const REPEATS: usize = 5;

fn main() {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(measure(rows));
}

async fn measure(rows: u64) {
    let folder = std::env::temp_dir().join(format!("portcullis-audit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    open_to_postgres(&folder);
    let ground = Ground::prepare(&folder).await;
    let text = std::fs::read_to_string(folder.join("portcullis.toml")).expect("the configuration");
    let config = Config::parse(&text, &folder, &|_| None).expect("a configuration");
    let portcullis = portcullis(&config, Surroundings::system()).expect("a program");
    seed::seed(&ground.cluster, &portcullis, rows).await;
    let store = PgPool::connect(&seed::store_url(&ground.cluster)).await.expect("the store");
    pages(&portcullis, &store).await;
    sums(&portcullis).await;
    export(&portcullis, rows).await;
    store.close().await;
    ground.cluster.stop().await.expect("PostgreSQL stops");
    let _ = std::fs::remove_dir_all(&folder);
}

/// Where PostgreSQL runs as another user, that user must get to its files.
fn open_to_postgres(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("the folder is ours");
}

async fn pages(portcullis: &Portcullis, store: &PgPool) {
    println!(
        "pages of calls (at most 50 ms)           first page            1,000th page      stopped early"
    );
    let mut all = Vec::new();
    for class in filters::classes() {
        let (first, deep, stopped) = class_of_pages(portcullis, store, &class).await;
        println!("  {:<34} {}   {}   {stopped:>5.1} %", class.name, line(&first), line(&deep));
        all.extend(first);
        all.extend(deep);
    }
    println!("  {:<34} {}\n", "all of them", line(&all));
}

/// How long first pages and thousandth pages took, and what share of them was cut short.
async fn class_of_pages(
    portcullis: &Portcullis,
    store: &PgPool,
    class: &Class,
) -> (Vec<Duration>, Vec<Duration>, f64) {
    let (mut first, mut deep, mut stopped) = (Vec::new(), Vec::new(), 0);
    for n in 0..VARIANTS {
        let (filter, condition) = (class.make)(n);
        let (took, stops) = page(portcullis, &filter, None).await;
        first.extend(took);
        stopped += stops;
        if n < DEEP {
            let place = filters::thousandth(store, &condition).await.map(Place::OlderThan);
            let (took, stops) = page(portcullis, &filter, place).await;
            deep.extend(took);
            stopped += stops;
        }
    }
    let share = 100.0 * stopped as f64 / (first.len() + deep.len()) as f64;
    (first, deep, share)
}

/// The same page a few times, the first of them unprepared.
async fn page(portcullis: &Portcullis, filter: &CallFilter, place: Option<Place>) -> (Vec<Duration>, usize) {
    let (mut took, mut stopped) = (Vec::new(), 0);
    for _ in 0..REPEATS {
        let begun = Instant::now();
        let calls = review_calls(portcullis, filter, Look::at(place)).await.expect("a page");
        took.push(begun.elapsed());
        assert_eq!(calls.behind, None);
        stopped += usize::from(calls.page.stopped_at.is_some());
    }
    (took, stopped)
}

async fn sums(portcullis: &Portcullis) {
    println!("sums (at most 100 ms)");
    for window in Window::ALL {
        let (mut of_people, mut of_all) = (Vec::new(), Vec::new());
        for _ in 0..VARIANTS {
            let begun = Instant::now();
            usage(portcullis, window).await.expect("usage");
            of_people.push(begun.elapsed());
            let begun = Instant::now();
            overview(portcullis, window).await.expect("overview");
            of_all.push(begun.elapsed());
        }
        println!("  usage, {:<27} {}", window.code(), line(&of_people));
        println!("  overview, {:<24} {}", window.code(), line(&of_all));
    }
    println!();
}

/// A fifth of a year: a million of five.
async fn export(portcullis: &Portcullis, rows: u64) {
    let from = portcullis.now() - time::Duration::days(73);
    let from = (rows >= 2_000_000).then_some(from);
    let person =
        find(portcullis, &"bench".parse().expect("a name")).await.expect("a person").expect("a person");
    for format in [Format::Csv, Format::Ndjson] {
        let filter = CallFilter { from, ..CallFilter::default() };
        let before = memory("VmRSS:");
        // Forgets the most that it ever was (proc(5)).
        std::fs::write("/proc/self/clear_refs", "5").expect("this is Linux");
        let begun = Instant::now();
        let mut export =
            Export::begin(portcullis, &person, Wanted::Calls(filter), format).await.expect("an export");
        let (mut bytes, mut lines) = (0, 0);
        while let Some(piece) = export.piece().await.expect("a piece") {
            bytes += piece.len();
            lines += piece.bytes().filter(|byte| *byte == b'\n').count();
        }
        let took = begun.elapsed().as_secs_f64();
        println!(
            "export as {}: {lines} lines, {:.0} MB in {took:.1} s ({:.0} lines/s); memory {:.1} MB before, {:.1} MB more at most (at most 60)",
            format.code(),
            bytes as f64 / 1e6,
            lines as f64 / took,
            before / 1e6,
            (memory("VmHWM:") - before) / 1e6,
        );
    }
}

/// Bytes, as the kernel tells them of this process.
fn memory(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(key)).expect("the kernel tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
}

fn line(times: &[Duration]) -> String {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    format!("{:>5.1} {:>5.1} {:>6.1} ms", at(0.5), at(0.95), at(1.0))
}
