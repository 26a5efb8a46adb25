//! The table of the trials, as it stands in the documents.

use super::trial::Row;
use std::time::Duration;

const HEAD: &str = "\
| fault                 |  calls | answered | recorded | lost | cut off | back after | quiet after | memory before, after |
|-----------------------|-------:|---------:|---------:|-----:|--------:|-----------:|------------:|---------------------:|";

pub fn print(is_first: bool, row: &Row) {
    if is_first {
        println!("{HEAD}");
    }
    let Row { fault, calls, account, back, quiet, memory } = row;
    println!(
        "| {:<21} | {calls:>6} | {:>8} | {:>8} | {:>4} | {:>7} | {:>10} | {:>11} | {:>8} {:>8} MB |",
        fault.name(),
        account.answered,
        account.recorded,
        account.answered - account.recorded,
        account.cut_off,
        milliseconds(*back),
        milliseconds(*quiet),
        megabytes(memory.0),
        megabytes(memory.1),
    );
    for wrong in account.wrongs.iter().take(5) {
        println!("    WRONG: {wrong}");
    }
}

/// The last lines; whether all went well.
pub fn sum_up(rows: &[Row]) -> bool {
    let calls: usize = rows.iter().map(|row| row.calls).sum();
    let lost: usize = rows.iter().map(|row| row.account.answered - row.account.recorded).sum();
    let wrong = rows.iter().filter(|row| !row.account.wrongs.is_empty()).count();
    println!(
        "\n{} fault(s), {calls} calls, {lost} lost; {wrong} fault(s) not survived as they should be",
        rows.len()
    );
    wrong == 0
}

fn milliseconds(duration: Option<Duration>) -> String {
    duration.map_or_else(|| "never".to_owned(), |duration| format!("{} ms", duration.as_millis()))
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes / 100_000 % 10)
}
