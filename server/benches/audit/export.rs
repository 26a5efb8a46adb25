//! What exports take, and whether their memory stays the same however long they are.

use super::taken::Missed;
use server::flow::Portcullis;
use server::flow::export::{Export, Format, Wanted};
use server::flow::people::find;
use server::model::review::CallFilter;
use std::time::Instant;

/// What an export may hold over what the program holds at rest.
const MOST_MB: f64 = 60.0;

/// A fifth of a year: a million of five.
pub async fn measure(portcullis: &Portcullis, rows: u64, missed: &mut Missed) {
    let from = portcullis.now() - time::Duration::days(73);
    let from = (rows >= 2_000_000).then_some(from);
    let person =
        find(portcullis, &"auditor".parse().expect("a name")).await.expect("a person").expect("a person");
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
        let more = memory("VmHWM:") - before;
        println!(
            "export as {}: {lines} lines, {:.0} MB in {took:.1} s ({:.0} lines/s); memory {before:.1} MB before, {more:.1} MB more at most (at most {MOST_MB:.0})",
            format.code(),
            bytes as f64 / 1e6,
            lines as f64 / took,
        );
        let told = format!("export as {}: {more:.1} MB over idle, at most {MOST_MB:.0}", format.code());
        missed.bound(&told, more <= MOST_MB);
    }
}

/// Megabytes, as the kernel tells them of this process.
fn memory(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(key)).expect("the kernel tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0 / 1e6
}
