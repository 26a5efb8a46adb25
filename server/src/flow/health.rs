//! Whether the program can work, for those who watch it.

use crate::flow::Portcullis;
use crate::model::measure;
use crate::store::{alerts, migrations};
use std::time::Duration;
use tokio::time::timeout;

/// How long the store may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    #[error("the store gives no answer")]
    NoStore,
    #[error("the store lacks {0} migration(s)")]
    Behind(usize),
}

/// Whether requests can be answered now.
pub async fn ready(portcullis: &Portcullis) -> Result<(), NotReady> {
    match timeout(PATIENCE, migrations::pending(portcullis.store())).await {
        Ok(Ok(0)) => Ok(()),
        Ok(Ok(pending)) => Err(NotReady::Behind(pending)),
        Ok(Err(_)) | Err(_) => Err(NotReady::NoStore),
    }
}

/// Measures what changes by itself.
pub async fn gauge(portcullis: &Portcullis) {
    let store = portcullis.store();
    metrics::gauge!(measure::STORE_OPEN).set(f64::from(store.size()));
    metrics::gauge!(measure::STORE_IDLE).set(u32::try_from(store.num_idle()).map_or(f64::MAX, f64::from));
    metrics::gauge!(measure::AT_WORK)
        .set(u32::try_from(portcullis.running().len()).map_or(f64::MAX, f64::from));
    // A store that is away shows in the other numbers.
    if let Ok(Ok(open)) = timeout(PATIENCE, alerts::count_open(store)).await {
        metrics::gauge!(measure::OPEN_ALERTS).set(u32::try_from(open).map_or(f64::MAX, f64::from));
    }
}
