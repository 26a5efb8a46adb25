//! The only door to the time of day.

use std::fmt;
use std::sync::Arc;
use time::OffsetDateTime;

/// Tells the time; passed to every flow, so that a test decides what time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl Clock {
    /// The machine's clock, in UTC, cut to the microseconds that PostgreSQL keeps.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    pub fn system() -> Self {
        Self::of(OffsetDateTime::now_utc)
    }

    /// A clock that shows what `now` says.
    pub fn of(now: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        let now = (self.0)();
        let micros = now.microsecond();
        now.replace_microsecond(micros).unwrap_or(now)
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
