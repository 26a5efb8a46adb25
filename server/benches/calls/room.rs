//! What the program takes before it does anything: disk, time to start, memory.

use crate::support::http::query;
use crate::support::program::{Ground, Load};
use crate::support::report::{Report, title};
use std::time::Duration;

const STARTS: usize = 5;

pub async fn measure(ground: &Ground, report: &mut Report) {
    title("room");
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_portcullis")).map_or(0, |file| file.len());
    println!("  the binary: {:.1} MB", binary as f64 / 1e6);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let (program, took) = ground.start().await;
        drop(program);
        starts.push(took);
    }
    starts.sort_unstable();
    let start = starts[STARTS / 2];
    report.aim(
        "start to first answer",
        &format!("{} ms", start.as_millis()),
        "300 ms",
        start.as_millis() <= 300,
    );

    let (program, _) = ground.start().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    memory(report, "memory, idle", program.memory(), 40.0);
    let load = Load {
        token: &ground.token,
        clients: 32,
        length: Duration::from_secs(4),
        message: wide,
        expected: |status, _| status == 200,
    };
    program.load(load).await;
    memory(report, "memory, at most, with 32 x 100 wide rows", program.peak(), 200.0);
}

/// A hundred rows of four kilobytes, as far as the byte cap lets them through.
fn wide(_: u64) -> String {
    query("select id, rpad(note, 4000, 'x') from orders where note is not null order by id limit 100")
}

fn memory(report: &mut Report, what: &str, bytes: Option<u64>, most: f64) {
    let Some(bytes) = bytes else { return println!("  {what}: this system does not tell") };
    let told = bytes as f64 / 1e6;
    report.aim(what, &format!("{told:.1} MB"), &format!("{most:.0} MB"), told <= most);
}
