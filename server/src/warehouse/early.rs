//! A transaction that is begun before it is known whether there will be anything to say in it: while the attempt is being
//! written down. The role is entered, and nothing of the agent's has been said.
//!
//! Where the last statement was refused by the gate, the next one is not prepared for: a flood of refused statements costs
//! the warehouse nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use super::gateway::Gateway;
use super::lease::Lease;
use super::run::Order;

/// Dropped without having been used, it ends its transaction and gives its connection back.
#[derive(Debug)]
pub struct Early {
    lease: Option<Lease>,
    gateway: Gateway,
}

/// Whether the last statement came to be run.
#[derive(Debug, Default)]
pub(super) struct Expectation(AtomicBool);

impl Expectation {
    pub(super) fn set(&self, is_expected: bool) {
        self.0.store(is_expected, Ordering::Relaxed);
    }

    fn holds(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Begins for this order, where a statement is to be expected and a connection rests.
pub async fn begin_early(gateway: &Gateway, order: &Order<'_>) -> Option<Early> {
    if !gateway.0.expectation.holds() {
        return None;
    }
    let lease = Lease::open_rested(&gateway.0, &order.entry()).await?;
    Some(Early { lease: Some(lease), gateway: gateway.clone() })
}

impl Early {
    pub(super) fn into_lease(mut self) -> Option<Lease> {
        self.lease.take()
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        let Some(lease) = self.lease.take() else { return };
        self.gateway.0.expectation.set(false);
        // Without a runtime the program is ending, and its connections end with it.
        if tokio::runtime::Handle::try_current().is_ok() {
            lease.settle();
        }
    }
}
