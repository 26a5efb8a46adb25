//! Seats for connections: so many and no more, so that nobody who opens thousands of them can take the descriptors that
//! the databases need. Where all seats are taken, the connection that has asked for nothing the longest makes room for the
//! next one; whoever is being answered keeps theirs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long a connection at rest needs to leave.
const MOMENT: Duration = Duration::from_millis(100);

#[derive(Debug, Clone)]
pub(super) struct Seats {
    free: Arc<Semaphore>,
    hall: Arc<Mutex<Hall>>,
    closing: CancellationToken,
}

#[derive(Debug, Default)]
struct Hall {
    /// Who asks for nothing at the moment, the longest first.
    resting: BTreeMap<u64, CancellationToken>,
    next: u64,
    somebody_waits: bool,
}

/// One connection's place, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    hall: Arc<Mutex<Hall>>,
    leave: CancellationToken,
    closing: CancellationToken,
    /// Where among the resting; `None` while a request is answered.
    place: Mutex<Option<u64>>,
    _permit: Option<OwnedSemaphorePermit>,
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Attended(Arc<Seat>);

impl Seats {
    pub(super) fn new(seats: usize) -> Self {
        let free = Arc::new(Semaphore::new(seats.min(Semaphore::MAX_PERMITS)));
        Self { free, hall: Arc::default(), closing: CancellationToken::new() }
    }

    /// Takes a seat for a new connection; one caller at a time.
    pub(super) async fn take(&self) -> Arc<Seat> {
        let permit = if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            Some(permit)
        } else {
            self.wait_for_room().await
        };
        let closing = self.closing.clone();
        let leave = closing.child_token();
        let hall = Arc::clone(&self.hall);
        let seat = Seat { hall, leave, closing, place: Mutex::default(), _permit: permit };
        seat.rest();
        Arc::new(seat)
    }

    /// Asks one after the other to leave, for some need their time.
    async fn wait_for_room(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            lock(&self.hall).make_room();
            if let Ok(permit) = timeout(MOMENT, Arc::clone(&self.free).acquire_owned()).await {
                lock(&self.hall).somebody_waits = false;
                // It is never closed.
                return permit.ok();
            }
        }
    }

    /// Asks everybody to leave once they have their answer.
    pub(super) fn close(&self) {
        self.closing.cancel();
    }
}

impl Hall {
    fn make_room(&mut self) {
        match self.resting.pop_first() {
            Some((_, longest)) => longest.cancel(),
            None => self.somebody_waits = true,
        }
    }
}

impl Seat {
    /// Ready once this connection should end as soon as it owes no answer.
    pub(super) async fn asked_to_leave(&self) {
        self.leave.cancelled().await;
    }

    /// Whether everybody is asked to leave, and not this connection alone.
    pub(super) fn is_at_the_end(&self) -> bool {
        self.closing.is_cancelled()
    }

    /// A request came; its connection rests again when what is returned is dropped.
    pub(super) fn attend(self: &Arc<Self>) -> Attended {
        if let Some(place) = lock(&self.place).take() {
            lock(&self.hall).resting.remove(&place);
        }
        Attended(Arc::clone(self))
    }

    fn rest(&self) {
        let mut hall = lock(&self.hall);
        if hall.somebody_waits {
            hall.somebody_waits = false;
            self.leave.cancel();
            return;
        }
        let place = hall.next;
        hall.next += 1;
        hall.resting.insert(place, self.leave.clone());
        drop(hall);
        *lock(&self.place) = Some(place);
    }
}

impl Drop for Attended {
    fn drop(&mut self) {
        self.0.rest();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(place) = lock(&self.place).take() {
            lock(&self.hall).resting.remove(&place);
        }
    }
}

/// Nothing that holds one of these locks can stop half-way, so what it guards is whole even if the lock is poisoned.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Seats;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn the_longest_at_rest_makes_room() {
        let seats = Seats::new(2);
        let (first, second) = (seats.take().await, seats.take().await);
        drop(first.attend());
        let mut third = Box::pin(seats.take());
        assert!((&mut third).now_or_never().is_none(), "no seat is free");
        assert!(second.asked_to_leave().now_or_never().is_some(), "the second asked for nothing the longest");
        assert!(first.asked_to_leave().now_or_never().is_none());
        drop(second);
        third.await;
    }

    #[tokio::test]
    async fn who_is_being_answered_keeps_their_seat_until_then() {
        let seats = Seats::new(1);
        let first = seats.take().await;
        let attended = first.attend();
        let mut second = Box::pin(seats.take());
        assert!((&mut second).now_or_never().is_none());
        assert!(first.asked_to_leave().now_or_never().is_none(), "an answer is owed");
        drop(attended);
        assert!(first.asked_to_leave().now_or_never().is_some());
        drop(first);
        second.await;
    }

    #[tokio::test]
    async fn a_connection_that_ended_leaves_nothing_behind() {
        let seats = Seats::new(1);
        for _ in 0..3 {
            let seat = seats.take().await;
            drop(seat.attend());
        }
        assert!(super::lock(&seats.hall).resting.is_empty());
    }

    #[tokio::test]
    async fn all_are_asked_to_leave_at_the_end() {
        let seats = Seats::new(2);
        let seat = seats.take().await;
        seats.close();
        assert!(seat.asked_to_leave().now_or_never().is_some());
    }
}
