//! One fault, under load, and what became of everybody.

use super::fault::Fault;
use super::ground::Ground;
use super::ledger::{Account, chain, hold, quiet};
use super::load::{Call, Load, Told};
use super::scene::Scene;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long, how many.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub agents: usize,
    pub before: Duration,
    /// How long a fault lasts that could last for any time.
    pub during: Duration,
    pub after: Duration,
    /// How long left-overs may take to go, and the service to come back. On a machine that has other work at the
    /// same time, nothing but an end that does not come is a fault.
    pub quiet: Duration,
    pub back: Duration,
    /// Clients that only hold a connection.
    pub idlers: usize,
    pub slow_speakers: usize,
    /// What memory may differ by, beside its tenth: a process that is only just warm.
    pub slack: u64,
}

/// How long it may take until everything is sealed. A sealer whose answer never comes gives up after half a minute, and
/// the server lets go of its lock just as late.
const SEALED: Duration = Duration::from_secs(70);

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    pub fault: Fault,
    pub calls: usize,
    pub account: Account,
    pub back: Option<Duration>,
    pub quiet: Option<Duration>,
    /// In bytes, before and after.
    pub memory: (u64, u64),
}

pub async fn trial(ground: &mut Ground, fault: Fault, scale: Scale) -> Row {
    let mut scene = Scene::set(ground, fault, scale).await;
    let manner = scene.manner();
    let load = Load::begin(scale.agents, &manner);
    sleep(scale.before).await;
    wait_for_work(&load).await;
    let before = scene.memory();
    fault.inflict(&mut scene).await;
    let ended = Instant::now();
    let well = load.well();
    while load.well() == well && ended.elapsed() < scale.back {
        sleep(Duration::from_millis(10)).await;
    }
    sleep(scale.after).await;
    let calls = load.end().await;
    let mut wrongs = scene.finish();
    let left = quiet(scene.ground, scale.quiet).await;
    let mut account = hold(scene.ground, &calls).await;
    account.wrongs.append(&mut wrongs);
    let back = back(&calls, ended);
    account.wrongs.extend(judge(fault, scale, &calls, ended, back));
    account.wrongs.extend(chain(scene.ground, SEALED).await);
    let memory = (before, scene.settled(before).await);
    if memory.1 > memory.0 + memory.0 / 10 + scale.slack {
        account.wrongs.push(format!("memory grew from {} to {} bytes", memory.0, memory.1));
    }
    let quiet = left.map_err(|left| account.wrongs.push(left)).ok();
    Row { fault, calls: calls.len(), account, back, quiet, memory }
}

/// A fault that nobody was at work to feel would prove nothing.
async fn wait_for_work(load: &Load) {
    let begun = Instant::now();
    while load.well() == 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the program answers well before the fault");
        sleep(Duration::from_millis(10)).await;
    }
}

/// When the first call that was begun after the fault went well.
fn back(calls: &[Call], ended: Instant) -> Option<Duration> {
    let later = calls.iter().filter(|call| call.sent >= ended && call.went_well());
    later.map(|call| call.ended - ended).min()
}

fn judge(fault: Fault, scale: Scale, calls: &[Call], ended: Instant, back: Option<Duration>) -> Vec<String> {
    let mut wrongs = Vec::new();
    match back {
        Some(back) if back <= scale.back => {}
        Some(back) => wrongs.push(format!("back after {} ms only", back.as_millis())),
        None => wrongs.push("the service did not come back".to_owned()),
    }
    let answers_fail = |call: &&Call| !call.went_well();
    let failed = calls.iter().filter(answers_fail).count();
    if !fault.is_felt() && failed > 0 {
        wrongs.push(format!("{failed} call(s) failed, and none had to"));
    }
    let late = calls.iter().filter(answers_fail).filter(|call| call.sent > ended + scale.back).count();
    if late > 0 {
        wrongs.push(format!("{late} call(s) failed long after the fault"));
    }
    let wrong = calls.iter().filter_map(|call| match &call.told {
        Told::Wrong(what) => Some(what.clone()),
        _ => None,
    });
    wrongs.extend(wrong.take(3));
    wrongs
}
