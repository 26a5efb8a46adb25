//! What is being read at this moment, so that it can be stopped when its reader is paused, locked out or revoked.

use crate::model::access::Holder;
use crate::model::pause::Scope;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The calls of this instance that are at work. Cheap to clone.
#[derive(Clone, Default)]
pub struct Running(Arc<Work>);

#[derive(Default)]
struct Work {
    calls: Mutex<HashMap<Uuid, Call>>,
    /// Whether the program was told to stop.
    stopping: AtomicBool,
    one_ended: Notify,
}

struct Call {
    holder: Holder,
    stop: CancellationToken,
}

/// One call at work; it is no longer when this is dropped.
pub(super) struct AtWork {
    running: Running,
    attempt: Uuid,
    stop: CancellationToken,
}

impl Running {
    /// A call begins its work. It ends early where nobody waits any more, or where it is stopped.
    pub(super) fn begin(&self, attempt: Uuid, holder: &Holder, gone: &CancellationToken) -> AtWork {
        let stop = gone.child_token();
        let call = Call { holder: holder.clone(), stop: stop.clone() };
        self.calls().insert(attempt, call);
        AtWork { running: self.clone(), attempt, stop }
    }

    pub(super) fn len(&self) -> usize {
        self.calls().len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Stops what this scope holds, and tells how many.
    pub(super) fn stop(&self, scope: &Scope) -> usize {
        let calls = self.calls();
        let held = calls.values().filter(|call| scope.holds(&call.holder) && !call.stop.is_cancelled());
        held.map(|call| call.stop.cancel()).count()
    }

    /// Ready as soon as no call is at work.
    pub(super) async fn settled(&self) {
        loop {
            let one_ended = self.0.one_ended.notified();
            if self.is_empty() {
                return;
            }
            one_ended.await;
        }
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Call>> {
        // Nothing panics while it holds the lock, and a map is whole between its calls.
        self.0.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin_to_stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }
}

impl AtWork {
    /// Tells when to stop.
    pub(super) fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.running.calls().remove(&self.attempt);
        self.running.0.one_ended.notify_waiters();
    }
}
