//! Hearing what the program tells `tracing`, in one test among many of a process.

use tracing::Dispatch;
use tracing::subscriber::{DefaultGuard, NoSubscriber};
use tracing_subscriber::util::SubscriberInitExt;

/// A subscriber that hears this thread until it is dropped.
pub(crate) struct Listening {
    _heard: DefaultGuard,
    _deaf: Dispatch,
}

/// Lets a subscriber hear this thread.
///
/// While a process has a single subscriber, `tracing` asks the thread that is the first to pass a place whether anybody
/// listens, and keeps the answer for all of them: another test, on a thread without one, would silence the place for good.
/// Where there are two it asks both, so there is a second one, which hears nothing.
pub(crate) fn listen(subscriber: impl SubscriberInitExt) -> Listening {
    let deaf = Dispatch::new(NoSubscriber::new());
    Listening { _heard: subscriber.set_default(), _deaf: deaf }
}
