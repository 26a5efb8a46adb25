//! Tripwires: how many calls of a kind one person may have within a window before an alert is raised. They never hold
//! anything up.

use std::time::Duration;
use time::OffsetDateTime;

/// The thresholds of each kind of call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tripwires(pub Vec<Tripwire>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tripwire {
    pub watched: Watched,
    pub window: Duration,
    /// The count that raises the alert.
    pub threshold: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watched {
    Allowed,
    Refused,
    /// Turned away at the door.
    Denied,
}

impl Watched {
    pub const ALL: [Self; 3] = [Self::Allowed, Self::Refused, Self::Denied];

    /// The word of the configuration and of the record.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Denied => "denied",
        }
    }
}

impl Tripwire {
    /// When the window began that `now` lies in. Windows are fixed: they begin at whole multiples of their length since
    /// 1970, so that all instances agree and each crossing is told once.
    #[must_use]
    pub fn began_at(&self, now: OffsetDateTime) -> OffsetDateTime {
        window_began(self.window, now)
    }
}

/// When the fixed window of this length began that `now` lies in.
#[must_use]
pub fn window_began(window: Duration, now: OffsetDateTime) -> OffsetDateTime {
    let length = i64::try_from(window.as_secs()).unwrap_or(i64::MAX).max(1);
    let seconds = now.unix_timestamp();
    OffsetDateTime::from_unix_timestamp(seconds - seconds.rem_euclid(length)).unwrap_or(now)
}

impl Tripwires {
    pub fn of(&self, watched: Watched) -> impl Iterator<Item = &Tripwire> {
        self.0.iter().filter(move |tripwire| tripwire.watched == watched)
    }

    /// The threshold for exactly this window, if there is one.
    #[must_use]
    pub fn threshold(&self, watched: Watched, window: Duration) -> Option<u64> {
        self.of(watched).find(|tripwire| tripwire.window == window).map(|tripwire| tripwire.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::{Tripwire, Watched};
    use std::time::Duration;
    use time::macros::datetime;

    #[test]
    fn windows_are_fixed() {
        let hourly = Tripwire { watched: Watched::Allowed, window: Duration::from_hours(1), threshold: 50 };
        assert_eq!(hourly.began_at(datetime!(2026-01-02 03:59:59.9 UTC)), datetime!(2026-01-02 03:00 UTC));
        assert_eq!(hourly.began_at(datetime!(2026-01-02 04:00 UTC)), datetime!(2026-01-02 04:00 UTC));
        let daily = Tripwire { window: Duration::from_hours(24), ..hourly };
        assert_eq!(daily.began_at(datetime!(2026-01-02 04:00 UTC)), datetime!(2026-01-02 00:00 UTC));
    }
}
