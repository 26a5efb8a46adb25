//! How far back somebody looks at usage.

use time::{Duration, OffsetDateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Sixty minutes, to the second.
    Hour,
    /// The running hour and the 23 before it.
    Day,
    /// The running hour and the 167 before it.
    Week,
}

impl Window {
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// As it stands in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
        }
    }

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.code() == code)
    }

    #[must_use]
    pub const fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
            Self::Week => Duration::WEEK,
        }
    }

    /// When it began.
    #[must_use]
    pub fn since(self, now: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Hour => now - self.length(),
            Self::Day | Self::Week => hour(now) + Duration::HOUR - self.length(),
        }
    }

    /// How long one point of a trend is.
    #[must_use]
    pub const fn slot(self) -> Duration {
        match self {
            Self::Hour => Duration::minutes(5),
            Self::Day => Duration::HOUR,
            Self::Week => Duration::hours(6),
        }
    }

    /// How many points a trend has.
    #[must_use]
    pub fn slots(self) -> usize {
        usize::try_from(self.length().whole_seconds() / self.slot().whole_seconds()).unwrap_or(0)
    }
}

/// When the hour of a moment began.
#[must_use]
pub fn hour(at: OffsetDateTime) -> OffsetDateTime {
    let seconds = at.unix_timestamp();
    OffsetDateTime::from_unix_timestamp(seconds - seconds.rem_euclid(3600)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::Window;
    use time::macros::datetime;

    #[test]
    fn a_day_has_the_running_hour_and_the_23_before() {
        let now = datetime!(2026-03-02 09:20 UTC);
        assert_eq!(Window::Hour.since(now), datetime!(2026-03-02 08:20 UTC));
        assert_eq!(Window::Day.since(now), datetime!(2026-03-01 10:00 UTC));
        assert_eq!(Window::Week.since(now), datetime!(2026-02-23 10:00 UTC));
        assert_eq!(Window::ALL.map(Window::slots), [12, 24, 28]);
    }
}
