//! One transaction on one connection, from `begin` to `rollback`.
//!
//! Invariant: a connection goes back to the pool only after a rollback that the server has confirmed. A lease that is
//! dropped before, by whatever way, stops its statement on the server and closes its connection.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};

use super::fault::Fault;
use super::gateway::Inner;
use super::guard::{Backend, Entry, Guard, ROLLBACK};
use super::pool::Berth;
use super::servers::Server;
use super::standing::Standing;
use crate::telemetry::Layer;

/// A rollback has nothing to do; where it takes longer, something is wrong.
const ROLLBACK_PATIENCE: Duration = Duration::from_secs(1);
/// What has just arrived at a standby is replayed in a moment. Until then it looks as old as what it replayed last, which
/// may be hours where nobody writes.
const MOMENT: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct Lease {
    // The order matters: the server is told to stop before the connection closes.
    watch: Watch,
    pub(super) connection: PgConnection,
    /// How far its server is behind, where that is a standby.
    pub(super) lag: Option<Duration>,
}

/// Stops the statement on the server when it is dropped; the place in the pool is kept until that is done.
#[derive(Debug)]
struct Watch {
    server: Arc<Server>,
    backend: Option<Backend>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Enters the profile's role in a new transaction, on the first server that will do.
    pub(super) async fn open(gateway: &Inner, entry: &Entry<'_>) -> Result<Self, Fault> {
        let servers = &gateway.servers;
        let mut told = Fault::unavailable("there is no server to read");
        for server in servers.in_turn() {
            match Self::open_at(server, &gateway.guard, entry).await {
                Ok(lease) => {
                    server.will_do();
                    return Ok(lease);
                }
                // The next one is not there to be flooded when this one is full.
                Err(fault @ Fault::Busy { .. }) => return Err(fault),
                Err(fault) => {
                    if servers.are_several() {
                        server.will_not_do();
                        tracing::warn!(%server, fault = format_args!("{fault:#}"), "a server of the warehouse is passed over");
                    }
                    // How old they are tells more than that another one is away.
                    if !matches!(told, Fault::Stale { .. }) {
                        told = fault;
                    }
                }
            }
        }
        Err(told)
    }

    /// The same on one server. A standby that seems too old is asked again.
    pub(super) async fn open_at(
        server: &Arc<Server>,
        guard: &Guard,
        entry: &Entry<'_>,
    ) -> Result<Self, Fault> {
        match Self::open_once(server, guard, entry).await {
            Err(Fault::Stale { .. }) => {
                sleep(MOMENT).await;
                Box::pin(Self::open_once(server, guard, entry)).await
            }
            opened => opened,
        }
    }

    /// A connection that died while it rested is replaced: nothing ran.
    async fn open_once(server: &Arc<Server>, guard: &Guard, entry: &Entry<'_>) -> Result<Self, Fault> {
        let mut berth = server.pool.take().await?;
        let entered = match enter(server, guard, &mut berth, entry).await {
            Err(fault) if berth.rested && fault.is_of_the_session() => {
                tracing::debug!(
                    fault = format_args!("{fault:#}"),
                    "a resting connection to the warehouse had died"
                );
                berth = server.pool.replace(berth).await?;
                enter(server, guard, &mut berth, entry).await?
            }
            entered => entered?,
        };
        Self::of(server, berth, entered)
    }

    /// The same on a connection that rests, where one does and is well.
    pub(super) async fn open_rested(gateway: &Inner, entry: &Entry<'_>) -> Option<Self> {
        let server = gateway.servers.first_sound()?;
        let mut berth = server.pool.take_rested()?;
        let entered = Layer::Begin.around(enter(server, &gateway.guard, &mut berth, entry)).await.ok()?;
        Self::of(server, berth, entered).ok()
    }

    fn of(server: &Arc<Server>, berth: Berth, entered: (Backend, Standing)) -> Result<Self, Fault> {
        let (backend, standing) = entered;
        let watch = Watch { server: Arc::clone(server), backend: Some(backend), permit: Some(berth.permit) };
        let mut lease = Self { watch, connection: berth.connection, lag: None };
        match server.judge(standing) {
            Ok(lag) => {
                lease.lag = lag;
                Ok(lease)
            }
            Err(fault) => {
                lease.settle();
                Err(fault)
            }
        }
    }

    /// Ends the transaction without making its reader wait for that.
    pub(super) fn settle(self) {
        tokio::spawn(self.roll_back());
    }

    async fn roll_back(mut self) {
        match timeout(ROLLBACK_PATIENCE, sqlx::raw_sql(ROLLBACK).execute(&mut self.connection)).await {
            Ok(Ok(_)) => {
                let Self { mut watch, connection, .. } = self;
                watch.backend = None;
                watch.server.pool.rest(connection);
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

async fn enter(
    server: &Server,
    guard: &Guard,
    berth: &mut Berth,
    entry: &Entry<'_>,
) -> Result<(Backend, Standing), Fault> {
    let patience = server.pool.patience;
    match timeout(patience, guard.enter(&mut berth.connection, entry)).await {
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
        let (server, permit) = (Arc::clone(&self.server), self.permit.take());
        // Without a runtime the program is ending, and its connections end with it.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                server.stopper.stop(&backend).await;
                drop(permit);
            });
        }
    }
}
