//! A time zone: the clock that a person reads by. The record itself is kept in UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;

/// A zone of the IANA database, which the program carries with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone: use a name like `Europe/Berlin`, or `UTC`")]
pub struct NotAZone(String);

impl Zone {
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// The zone of this name, or UTC where there is none any more.
    #[must_use]
    pub fn named(name: &str) -> Self {
        name.parse().unwrap_or_else(|_| Self::utc())
    }

    /// The names of all zones, UTC first.
    #[must_use]
    pub fn all() -> Vec<String> {
        let is_place = |name: &str| name.contains('/') && !name.starts_with("Etc/");
        let mut names: Vec<String> =
            jiff::tz::db().available().map(|name| name.to_string()).filter(|name| is_place(name)).collect();
        names.sort_unstable();
        names.insert(0, "UTC".to_owned());
        names
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A moment as the clocks there show it: `2026-01-02 03:04:05`.
    #[must_use]
    pub fn show(&self, at: OffsetDateTime) -> String {
        match timestamp(at) {
            Some(at) => at.to_zoned(self.rules.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            None => at.to_string(),
        }
    }

    /// What a person means who types `2026-01-02T03:04`, as the field of a form for a date and a time sends it; seconds
    /// may follow. A moment that the clocks there skip or repeat means its first reading.
    #[must_use]
    pub fn read(&self, typed: &str) -> Option<OffsetDateTime> {
        let typed: jiff::civil::DateTime = typed.parse().ok()?;
        let at = typed.to_zoned(self.rules.clone()).ok()?.timestamp();
        OffsetDateTime::from_unix_timestamp_nanos(at.as_nanosecond()).ok()
    }

    /// The same, the other way: what the field of a form holds.
    #[must_use]
    pub fn write(&self, at: OffsetDateTime) -> String {
        let at = timestamp(at).map(|at| at.to_zoned(self.rules.clone()));
        at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
    }
}

fn timestamp(at: OffsetDateTime) -> Option<Timestamp> {
    Timestamp::from_nanosecond(at.unix_timestamp_nanos()).ok()
}

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let unknown = || NotAZone(name.chars().take(64).collect());
        let rules = jiff::tz::db().get(name).map_err(|_| unknown())?;
        // A zone is called by its own name, in its own letters.
        let name = rules.iana_name().ok_or_else(unknown)?.to_owned();
        Ok(Self { name, rules })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use time::macros::datetime;

    #[test]
    fn a_moment_is_shown_by_the_clocks_of_the_zone() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        assert_eq!(zone.show(datetime!(2026-01-02 03:04:05 UTC)), "2026-01-02 04:04:05");
        assert_eq!(zone.show(datetime!(2026-07-02 03:04:05 UTC)), "2026-07-02 05:04:05");
        assert_eq!(Zone::utc().show(datetime!(2026-01-02 03:04:05 UTC)), "2026-01-02 03:04:05");
    }

    #[test]
    fn what_is_typed_is_meant_in_the_zone() {
        let zone: Zone = "America/New_York".parse().unwrap();
        let at = datetime!(2026-01-02 08:04:00 UTC);
        assert_eq!(zone.read("2026-01-02T03:04"), Some(at));
        assert_eq!(zone.read(&zone.write(at)), Some(at));
        for nonsense in ["", "yesterday", "2026-13-01T00:00"] {
            assert_eq!(zone.read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn an_unknown_zone_is_no_zone() {
        for name in ["", "Mars/Olympus", "../etc/passwd", "+01:00"] {
            assert!(name.parse::<Zone>().is_err(), "{name}");
        }
        assert_eq!(Zone::named("Mars/Olympus"), Zone::utc());
        assert_eq!("europe/berlin".parse::<Zone>().unwrap().name(), "Europe/Berlin");
    }
}
