//! Hours of ordinary work, or as many minutes as there are: nothing may grow.

use super::ground::{Database, Ground};
use super::ledger::hold;
use super::load::{Load, Manner};
use super::program::Program;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const AGENTS: usize = 8;
/// How long the program is asked for all that it can give, to know what half of it is.
const FULL_LOAD: Duration = Duration::from_secs(15);
const SAMPLES: u32 = 60;
/// What a measure may grow by from its first third to its last: a tenth, and a little for small numbers.
const SLACK_MEMORY: u64 = 2 << 20;
const SLACK_COUNT: u64 = 4;

#[derive(Debug, Clone, Copy)]
struct Sample {
    memory: u64,
    descriptors: u64,
    connections: u64,
}

pub async fn soak(folder: &Path, length: Duration) -> bool {
    let ground = Ground::prepare(folder, None).await;
    let program = ground.start(&[]).await;
    let manner = ground.manner(&[&program]);
    let (most, calls) = at_full_load(&manner).await;
    println!("full load is {most:.0} calls/s; half of it for {} s", length.as_secs());
    // Half of the calls in the same time: each agent rests as long as its call took.
    let rest = Duration::from_secs_f64(AGENTS_AS_F64 / most);
    let load = Load::begin(AGENTS, &Manner { rest, ..manner });
    let begun = Instant::now();
    let mut samples = Vec::new();
    while begun.elapsed() < length {
        sleep(length / SAMPLES).await;
        samples.push(sample(&ground, &program).await);
    }
    let mut told = load.end().await;
    let failed = told.iter().filter(|call| !call.went_well()).count();
    let per_second = f64::from(u32::try_from(told.len()).unwrap_or(u32::MAX)) / begun.elapsed().as_secs_f64();
    told.extend(calls);
    let account = hold(&ground, &told).await;
    println!(
        "{} calls, {per_second:.0}/s at half load, {failed} failed, {} lost",
        told.len(),
        account.answered - account.recorded
    );
    let third = samples.len() / 3;
    let (early, late) = (&samples[..third], &samples[samples.len() - third..]);
    let grew = [
        grows("memory in kB", early, late, |sample| sample.memory / 1024, SLACK_MEMORY / 1024),
        grows("descriptors", early, late, |sample| sample.descriptors, SLACK_COUNT),
        grows("connections to PostgreSQL", early, late, |sample| sample.connections, SLACK_COUNT),
    ];
    drop(program);
    ground.stop().await;
    failed == 0 && account.wrongs.is_empty() && !grew.contains(&true)
}

const AGENTS_AS_F64: f64 = 8.0;

async fn at_full_load(manner: &Manner) -> (f64, Vec<super::load::Call>) {
    let load = Load::begin(AGENTS, manner);
    sleep(FULL_LOAD).await;
    let calls = load.end().await;
    (f64::from(u32::try_from(calls.len()).unwrap_or(u32::MAX)) / FULL_LOAD.as_secs_f64(), calls)
}

const CONNECTIONS: &str =
    "select count(*) from pg_stat_activity where backend_type = 'client backend' and usename <> 'postgres'";

async fn sample(ground: &Ground, program: &Program) -> Sample {
    let holding = program.holding();
    let connections = connections(&ground.store).await + connections(&ground.warehouse).await;
    let descriptors = u64::try_from(holding.descriptors).unwrap_or(u64::MAX);
    Sample { memory: holding.memory, descriptors, connections }
}

async fn connections(database: &Database) -> u64 {
    let mut root = database.root().await;
    let count: i64 = sqlx::query_scalar(CONNECTIONS).fetch_one(&mut root).await.expect("a count");
    u64::try_from(count).unwrap_or_default()
}

/// Prints how a measure went, and tells whether it grew.
fn grows(name: &str, early: &[Sample], late: &[Sample], measure: fn(&Sample) -> u64, slack: u64) -> bool {
    let middle = |samples: &[Sample]| {
        let mut all: Vec<u64> = samples.iter().map(measure).collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    let (before, after) = (middle(early), middle(late));
    println!("{name}: {before} in the first third, {after} in the last");
    after > before + before / 10 + slack
}
