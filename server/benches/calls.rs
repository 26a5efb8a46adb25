//! What a call costs: over HTTP, record included, beside a floor that pgbench measures on the same server in the same run.
#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unreachable_pub,
    dead_code
)]

mod support;

use std::time::Duration;
use support::http::query;
use support::program::{Ground, Program};
use support::{Figures, floor, median};

const ROUNDS: usize = 3;
const LENGTH: Duration = Duration::from_secs(4);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    let folder = std::env::temp_dir().join(format!("portcullis-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    open_to_postgres(&folder);
    let ground = Ground::prepare(&folder).await;
    ready(&ground).await;
    let (program, _) = ground.start().await;
    for clients in [1, 32] {
        beside_the_floor(&ground, &program, clients).await;
    }
    others(&program).await;
    drop(program);
    memory(&ground).await;
    ground.cluster.stop().await.expect("PostgreSQL stops");
    let _ = std::fs::remove_dir_all(&folder);
}

/// Where PostgreSQL runs as another user, that user must get to its files.
fn open_to_postgres(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("the folder is ours");
}

async fn ready(ground: &Ground) {
    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        let (program, took) = ground.start().await;
        drop(program);
        starts.push(took);
    }
    starts.sort_unstable();
    println!("start to first answer: {} ms (at most 300)\n", starts[ROUNDS / 2].as_millis());
}

fn point_lookup(n: u64) -> String {
    query(&format!("select id, status, total from orders where id = {}", n % 100_000 + 1))
}

async fn beside_the_floor(ground: &Ground, program: &Program, clients: usize) {
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    program.load(clients, Duration::from_secs(1), point_lookup).await;
    for _ in 0..ROUNDS {
        floors.push(floor::measure(&ground.cluster, &ground.folder, clients, LENGTH));
        ours.push(program.load(clients, LENGTH, point_lookup).await);
    }
    let (floor, ours) = (median(floors), median(ours));
    println!("point look-up, {clients} at once");
    line("floor (pgbench)", floor);
    line("portcullis", ours);
    let more = ours.p50.saturating_sub(floor.p50);
    println!(
        "  p50 is floor + {} us; throughput is {:.0} % of the floor's\n",
        more.as_micros(),
        100.0 * ours.per_second / floor.per_second
    );
}

async fn others(program: &Program) {
    type Message = fn(u64) -> String;
    let kinds: [(&str, Message); 4] = [
        ("list_tables", |_| {
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tables","arguments":{}}}"#
                .to_owned()
        }),
        ("100 rows of 6 columns", |_| {
            query(
                "select id, customer_id, status, total, placed_at, channel from orders order by id limit 100",
            )
        }),
        ("aggregate over 200,000 rows", |_| {
            query("select product_id, sum(qty * price) from order_items group by 1 order by 2 desc limit 5")
        }),
        ("refused statement", |_| query("select token from secrets")),
    ];
    for (name, message) in kinds {
        for clients in [1, 32] {
            let figures = program.load(clients, Duration::from_secs(2), message).await;
            println!("{name}, {clients} at once");
            line("portcullis", figures);
        }
    }
    println!();
}

/// A hundred rows of four kilobytes, as far as the byte cap lets them through, for 32 clients at once.
fn wide(_: u64) -> String {
    query("select id, rpad(note, 4000, 'x') from orders where note is not null order by id limit 100")
}

async fn memory(ground: &Ground) {
    let (program, _) = ground.start().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let idle = program.memory();
    program.load(32, LENGTH, wide).await;
    let peak = program.peak();
    let shown = |bytes: Option<u64>| {
        bytes.map_or("unknown".to_owned(), |bytes| format!("{:.1} MB", bytes as f64 / 1e6))
    };
    println!(
        "memory idle {} (at most 40), at most {} with 32 x 100 wide rows (at most 200)",
        shown(idle),
        shown(peak)
    );
}

fn line(name: &str, figures: Figures) {
    println!(
        "  {name:<16} p50 {:>7.2} ms   p99 {:>7.2} ms   {:>8.0} calls/s",
        figures.p50.as_secs_f64() * 1e3,
        figures.p99.as_secs_f64() * 1e3,
        figures.per_second,
    );
}
