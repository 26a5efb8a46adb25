//! Whether the program can work, for those who watch it.

use crate::flow::Portcullis;
use crate::flow::check::{self, Finding};
use crate::flow::seal_state::seal_state;
use crate::model::measure;
use crate::store::{alerts, migrations};
use futures_util::future::join_all;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long the store may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    #[error("it was told to stop")]
    Stopping,
    #[error("the store gives no answer")]
    NoStore,
    #[error("the store lacks {0} migration(s)")]
    Behind(usize),
}

/// Whether requests can be answered now.
pub async fn ready(portcullis: &Portcullis) -> Result<(), NotReady> {
    if portcullis.running().is_stopping() {
        return Err(NotReady::Stopping);
    }
    match timeout(PATIENCE, migrations::pending(portcullis.store())).await {
        Ok(Ok(0)) => Ok(()),
        Ok(Ok(pending)) => Err(NotReady::Behind(pending)),
        Ok(Err(_)) | Err(_) => Err(NotReady::NoStore),
    }
}

/// How long a page waits for a part of the program to say how it is.
const GLANCE: Duration = Duration::from_millis(400);

/// How one part of the program is.
#[derive(Debug)]
pub struct Condition {
    /// `store`, or `profiles.support`, as the configuration calls it.
    pub part: String,
    pub found: Found,
}

#[derive(Debug)]
pub enum Found {
    /// All is well; how long it took to see.
    Well(Duration),
    Wrong(Vec<Finding>),
    /// It is busy, or away.
    NoAnswer,
}

/// Looks at the store and at each profile's way into the warehouse, all at once and no longer than a page can wait.
pub async fn conditions(portcullis: &Portcullis) -> Vec<Condition> {
    let store = glance("store".to_owned(), check::check_store(portcullis));
    let profiles = portcullis
        .profiles()
        .map(|profile| glance(format!("profiles.{}", profile.name), check::check_profile(profile)));
    let (store, profiles) = tokio::join!(store, join_all(profiles));
    std::iter::once(store).chain(profiles).collect()
}

async fn glance(part: String, look: impl Future<Output = Vec<Finding>>) -> Condition {
    let begun = Instant::now();
    let found = match timeout(GLANCE, look).await {
        Ok(findings) if findings.is_empty() => Found::Well(begun.elapsed()),
        Ok(findings) => Found::Wrong(findings),
        Err(_elapsed) => Found::NoAnswer,
    };
    Condition { part, found }
}

/// Measures what changes by itself.
pub async fn gauge(portcullis: &Portcullis) {
    let store = portcullis.store();
    let (open, idle) = store.connections();
    metrics::gauge!(measure::STORE_OPEN).set(f64::from(open));
    metrics::gauge!(measure::STORE_IDLE).set(u32::try_from(idle).map_or(f64::MAX, f64::from));
    metrics::gauge!(measure::AT_WORK)
        .set(u32::try_from(portcullis.running().len()).map_or(f64::MAX, f64::from));
    // A store that is away shows in the other numbers.
    if let Ok(Ok(open)) = timeout(PATIENCE, alerts::count_open(store)).await {
        metrics::gauge!(measure::OPEN_ALERTS).set(u32::try_from(open).map_or(f64::MAX, f64::from));
    }
    if let Ok(Ok(state)) = timeout(PATIENCE, seal_state(portcullis)).await {
        let behind = state.behind.map_or(f64::INFINITY, time::Duration::as_seconds_f64);
        metrics::gauge!(measure::SEALS_BEHIND).set(behind);
        metrics::gauge!(measure::SEALED_ROWS).set(whole(state.rows));
        let since = state.checkpoint.map_or(state.rows, |checkpoint| checkpoint.since);
        metrics::gauge!(measure::UNVOUCHED_ROWS).set(whole(since));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; what is lost is less than it shows")]
fn whole(count: u64) -> f64 {
    count as f64
}
