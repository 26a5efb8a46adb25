//! The only door to the time of day.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;
use time::{Duration, OffsetDateTime};

/// Tells the time; passed to every flow, so that a test decides what time it is.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
    steady: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The machine's clock, in UTC, cut to the microseconds that PostgreSQL keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn system() -> Self {
        let begun = Instant::now();
        let elapsed = move || begun.elapsed().try_into().unwrap_or(Duration::MAX);
        Self::of(OffsetDateTime::now_utc).with_steady(elapsed)
    }

    /// A clock that shows what `now` says, and is never put right.
    pub fn of(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let shown = Arc::clone(&now);
        Self { now, steady: Arc::new(move || shown() - OffsetDateTime::UNIX_EPOCH) }
    }

    /// The same clock, where time passes as `steady` says, whatever is shown.
    #[must_use]
    pub fn with_steady(self, steady: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { steady: Arc::new(steady), ..self }
    }

    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let now = (self.now)();
        let micros = now.microsecond();
        now.replace_microsecond(micros).unwrap_or(now)
    }

    /// How much time has passed since some moment, by a clock that nobody puts right (`clock_gettime(2)`,
    /// `CLOCK_MONOTONIC`).
    #[must_use]
    pub fn steady(&self) -> Duration {
        (self.steady)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use time::macros::datetime;

    #[test]
    fn time_is_cut_to_microseconds() {
        let clock = Clock::of(|| datetime!(2026-01-02 03:04:05.123_456_789 UTC));
        assert_eq!(clock.now(), datetime!(2026-01-02 03:04:05.123_456 UTC));
    }
}
