//! One transaction on one connection, from `begin` to `rollback`.
//!
//! Invariant: a connection goes back to the pool only after a rollback that the server has confirmed. A lease that is
//! dropped before, by whatever way, stops its statement on the server and closes its connection.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::fault::Fault;
use super::gateway::Inner;
use super::guard::{Backend, Entry, ROLLBACK};
use super::pool::Berth;
use crate::telemetry::Layer;

/// A rollback has nothing to do; where it takes longer, something is wrong.
const ROLLBACK_PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Lease {
    // The order matters: the server is told to stop before the connection closes.
    watch: Watch,
    pub(super) connection: PgConnection,
}

/// Stops the statement on the server when it is dropped; the place in the pool is kept until that is done.
#[derive(Debug)]
struct Watch {
    gateway: Arc<Inner>,
    backend: Option<Backend>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Enters the profile's role in a new transaction. A connection that died while it rested is replaced: nothing ran.
    pub(super) async fn open(gateway: &Arc<Inner>, entry: &Entry<'_>) -> Result<Self, Fault> {
        let mut berth = gateway.pool.take().await?;
        let backend = match enter(gateway, &mut berth, entry).await {
            Err(fault) if berth.rested && fault.is_of_the_session() => {
                tracing::debug!(
                    fault = format_args!("{fault:#}"),
                    "a resting connection to the warehouse had died"
                );
                berth = gateway.pool.replace(berth).await?;
                enter(gateway, &mut berth, entry).await?
            }
            entered => entered?,
        };
        Ok(Self::of(gateway, berth, backend))
    }

    /// The same on a connection that rests, where one does and is well.
    pub(super) async fn open_rested(gateway: &Arc<Inner>, entry: &Entry<'_>) -> Option<Self> {
        let mut berth = gateway.pool.take_rested()?;
        let backend = Layer::Begin.around(enter(gateway, &mut berth, entry)).await.ok()?;
        Some(Self::of(gateway, berth, backend))
    }

    fn of(gateway: &Arc<Inner>, berth: Berth, backend: Backend) -> Self {
        let watch =
            Watch { gateway: Arc::clone(gateway), backend: Some(backend), permit: Some(berth.permit) };
        Self { watch, connection: berth.connection }
    }

    /// Ends the transaction without making its reader wait for that.
    pub(super) fn settle(self) {
        tokio::spawn(self.roll_back());
    }

    async fn roll_back(mut self) {
        match timeout(ROLLBACK_PATIENCE, sqlx::raw_sql(ROLLBACK).execute(&mut self.connection)).await {
            Ok(Ok(_)) => {
                let Self { mut watch, connection } = self;
                watch.backend = None;
                watch.gateway.pool.rest(connection);
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection to the warehouse was lost");
            }
            Err(_elapsed) => {
                tracing::warn!("the warehouse did not confirm a rollback; its connection is closed");
            }
        }
    }
}

async fn enter(gateway: &Inner, berth: &mut Berth, entry: &Entry<'_>) -> Result<Backend, Fault> {
    let patience = gateway.pool.patience;
    match timeout(patience, gateway.guard.enter(&mut berth.connection, entry)).await {
        Ok(entered) => entered,
        Err(_elapsed) => Err(Fault::unavailable(format!(
            "it did not begin a transaction within {} ms",
            patience.as_millis()
        ))),
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let Some(backend) = self.backend.take() else { return };
        let (gateway, permit) = (Arc::clone(&self.gateway), self.permit.take());
        // Without a runtime the program is ending, and its connections end with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                gateway.stopper.stop(&backend).await;
                drop(permit);
            });
        }
    }
}
