//! What many callers want of the store at one time, said in one statement: one round trip for all of them, and where it
//! writes, one commit and one wait for the disk.
//!
//! Whoever comes alone is served at once. Whoever comes while that is under way waits for its end, and is served together
//! with all who came meanwhile: nobody is ever given what a statement found that began before they came. The statement is
//! said by a task of its own, so that a caller who goes away takes nothing of anybody else's along.
//!
//! Invariant: a caller is answered only after the commit of a statement that held what they want.

use crate::store::{Store, StoreError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// Callers of one statement at most, and their bytes, so that neither the statement nor its memory grows with the load.
const MOST_CALLERS: usize = 256;
const MOST_BYTES: usize = 4 << 20;
/// Callers that may wait; whoever comes then is turned away.
const MOST_WAITING: usize = 16_384;

/// Something that is wanted of the store.
pub(super) trait Wish: Send + Sync + Sized + 'static {
    type Granted: Send + 'static;

    /// About how many bytes it has.
    fn weight(&self) -> usize;

    /// Grants all of them or none, each in its place, in bounded time. Granting one again changes nothing.
    fn grant(
        store: &Store,
        wishes: &[Self],
    ) -> impl Future<Output = Result<Vec<Self::Granted>, StoreError>> + Send;
}

pub(super) struct Together<W: Wish>(Arc<Shared<W>>);

struct Shared<W: Wish> {
    store: Store,
    queue: Mutex<Queue<W>>,
    rested: Notify,
}

struct Queue<W: Wish> {
    waiting: Vec<Waiting<W>>,
    is_served: bool,
}

struct Waiting<W: Wish> {
    wish: W,
    caller: oneshot::Sender<Result<W::Granted, StoreError>>,
}

impl<W: Wish> Clone for Together<W> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<W: Wish> Together<W> {
    pub(super) fn new(store: Store) -> Self {
        let queue = Mutex::new(Queue { waiting: Vec::new(), is_served: false });
        Self(Arc::new(Shared { store, queue, rested: Notify::new() }))
    }

    /// Returns once the wish is granted; it is granted as well where nobody waits for that any more.
    pub(super) async fn ask(&self, wish: W) -> Result<W::Granted, StoreError> {
        let (caller, told) = oneshot::channel();
        self.0.enter(Waiting { wish, caller })?;
        // Nobody speaks where the program ends, or the speaker broke down.
        told.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    /// Ready as soon as nobody waits.
    pub(super) async fn settled(&self) {
        loop {
            let rested = self.0.rested.notified();
            if !self.0.queue().is_served {
                return;
            }
            rested.await;
        }
    }
}

impl<W: Wish> Shared<W> {
    fn enter(self: &Arc<Self>, waiting: Waiting<W>) -> Result<(), StoreError> {
        let mut queue = self.queue();
        if queue.waiting.len() >= MOST_WAITING {
            return Err(sqlx::Error::PoolTimedOut.into());
        }
        queue.waiting.push(waiting);
        if !queue.is_served {
            queue.is_served = true;
            tokio::spawn(Speaker { shared: Arc::clone(self), is_at_rest: false }.speak());
        }
        Ok(())
    }

    /// Nothing that holds this lock can stop half-way, so the queue is whole even if the lock is poisoned.
    fn queue(&self) -> MutexGuard<'_, Queue<W>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who are served next, the first of them first; `None` where nobody waits, and then the speaker is at rest.
    fn next(&self) -> Option<Vec<Waiting<W>>> {
        let mut queue = self.queue();
        if queue.waiting.is_empty() {
            queue.is_served = false;
            self.rested.notify_waiters();
            return None;
        }
        let mut bytes = 0;
        let fitting = queue.waiting.iter().take(MOST_CALLERS).take_while(|waiting| {
            let is_first = bytes == 0;
            bytes += waiting.wish.weight();
            is_first || bytes <= MOST_BYTES
        });
        let count = fitting.count();
        Some(queue.waiting.drain(..count).collect())
    }
}

/// The one who speaks to the store. If it breaks down, those who wait are told so, and the next caller finds the place
/// free.
struct Speaker<W: Wish> {
    shared: Arc<Shared<W>>,
    is_at_rest: bool,
}

impl<W: Wish> Speaker<W> {
    async fn speak(mut self) {
        while let Some(next) = self.shared.next() {
            let (wishes, callers): (Vec<W>, Vec<_>) =
                next.into_iter().map(|waiting| (waiting.wish, waiting.caller)).unzip();
            // Whoever is gone does not hear it.
            match W::grant(&self.shared.store, &wishes).await {
                Ok(granted) => {
                    for (caller, granted) in callers.into_iter().zip(granted) {
                        let _ = caller.send(Ok(granted));
                    }
                }
                // One that the store will not have must not withhold the answers of the others.
                Err(StoreError::Broken(_) | StoreError::Conflict { .. }) if wishes.len() > 1 => {
                    for (wish, caller) in wishes.iter().zip(callers) {
                        let granted = W::grant(&self.shared.store, std::slice::from_ref(wish)).await;
                        let _ = caller.send(granted.and_then(only));
                    }
                }
                Err(error) => {
                    for caller in callers {
                        let _ = caller.send(Err(error.clone()));
                    }
                }
            }
        }
        self.is_at_rest = true;
    }
}

fn only<T>(granted: Vec<T>) -> Result<T, StoreError> {
    granted.into_iter().next().ok_or_else(|| sqlx::Error::RowNotFound.into())
}

impl<W: Wish> Drop for Speaker<W> {
    fn drop(&mut self) {
        if !self.is_at_rest {
            let mut queue = self.shared.queue();
            queue.waiting.clear();
            queue.is_served = false;
            self.shared.rested.notify_waiters();
        }
    }
}
