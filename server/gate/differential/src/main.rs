//! `differential [statements]`: all corpora and benchmarks, then so many generated statements (20,000 unless told).

use std::{env, process::ExitCode, time::Instant};

use differential::Tally;

/// A long run tells now and then how far it is.
const PART: u64 = 50_000;

fn main() -> ExitCode {
    let Ok(count) = env::args().nth(1).map_or(Ok(20_000), |count| count.parse()) else {
        eprintln!("usage: differential [how many statements to generate]");
        return ExitCode::FAILURE;
    };
    let started = Instant::now();
    let written = differential::written();
    println!("of files: {written}");
    let mut generated = Tally::default();
    let mut next: u64 = 0;
    while next < count {
        let end = count.min(next + PART);
        generated += differential::generated(next..end);
        next = end;
        println!("generated: {generated}, after {:.0?}", started.elapsed());
    }
    if written.wrong + generated.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
