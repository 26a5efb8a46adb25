//! A call: an attempt together with what became of it, as the index over the record knows it.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Allowed,
    Refused,
    Failed,
    /// No outcome was written in time: the program ended in the midst of it, or lost its store.
    Unfinished,
}

impl Ending {
    pub const ALL: [Self; 4] = [Self::Allowed, Self::Refused, Self::Failed, Self::Unfinished];

    /// The word of the index, and where there is an outcome, of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unfinished => "unfinished",
        }
    }

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.code() == code)
    }
}

/// An attempt without an outcome for so long will get none: no statement may run so long.
pub const PATIENCE: Duration = Duration::minutes(10);

/// The first identifier (RFC 9562, version 7) of a millisecond, and so a border between what was before and since.
#[must_use]
pub fn first_id_at(at: OffsetDateTime) -> Uuid {
    let millis = at.unix_timestamp_nanos() / 1_000_000;
    border(u64::try_from(millis).unwrap_or(0))
}

/// The moment that an identifier carries.
#[must_use]
pub fn moment_of(id: Uuid) -> OffsetDateTime {
    let nanos = i128::from(millis(id)) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A stretch of time, 2^27 ms or some 37 hours long. What calls can be found by is kept by the stretch, so that looking
/// for something rare is a glance at each stretch, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch(pub i64);

impl Stretch {
    /// The statement that adds to the index reckons the same way.
    const BITS: u32 = 27;

    #[must_use]
    pub fn of(id: Uuid) -> Self {
        Self(i64::try_from(millis(id) >> Self::BITS).unwrap_or(i64::MAX))
    }

    /// No call of this stretch is before it, and none of an earlier one after.
    #[must_use]
    pub fn begin(self) -> Uuid {
        border(u64::try_from(self.0).unwrap_or(0).checked_shl(Self::BITS).unwrap_or(0))
    }

    #[must_use]
    pub fn later(self, by: i64) -> Self {
        Self(self.0.saturating_add(by))
    }
}

const fn millis(id: Uuid) -> u64 {
    (id.as_u128() >> 80) as u64
}

fn border(millis: u64) -> Uuid {
    Uuid::from_u128(u128::from(millis & ((1 << 48) - 1)) << 80)
}

#[cfg(test)]
mod tests {
    use super::{Stretch, first_id_at, moment_of};
    use crate::model::rng::Rng;
    use time::Duration;
    use time::macros::datetime;

    #[test]
    fn identifiers_carry_their_moment() {
        let at = datetime!(2026-03-02 09:00:00.125 UTC);
        let id = Rng::system().uuid_at(at).unwrap();
        assert_eq!(moment_of(id), at);
        assert!(first_id_at(at) < id && id < first_id_at(at + Duration::milliseconds(1)));
    }

    #[test]
    fn a_stretch_begins_where_the_one_before_ends() {
        let id = Rng::system().uuid_at(datetime!(2026-03-02 09:00 UTC)).unwrap();
        let stretch = Stretch::of(id);
        assert!(stretch.begin() <= id && id < stretch.later(1).begin());
        assert_eq!(Stretch::of(stretch.begin()), stretch);
        assert_eq!(
            moment_of(stretch.later(1).begin()) - moment_of(stretch.begin()),
            Duration::milliseconds(1 << 27)
        );
    }
}
