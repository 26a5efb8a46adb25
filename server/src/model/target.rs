//! Which servers of a warehouse are read.

use std::time::Duration;

/// Whether the primary is read where no standby will do; in the words of libpq's `target_session_attrs`
/// (PostgreSQL's documentation, "Parameter Key Words").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    #[default]
    PreferStandby,
    /// Never.
    Standby,
}

/// How far behind its primary a standby may be, where the configuration says nothing. PostgreSQL's own
/// `max_standby_streaming_delay` lets a sound standby fall behind by half of it, for the sake of those who read.
pub const MAX_LAG: Duration = Duration::from_mins(1);

impl Target {
    pub const ALL: [Self; 2] = [Self::PreferStandby, Self::Standby];

    /// As the configuration calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PreferStandby => "prefer-standby",
            Self::Standby => "standby",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.word() == word)
    }
}
