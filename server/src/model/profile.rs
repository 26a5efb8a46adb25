//! A profile: the slice of the warehouse that its holders may read.

use std::fmt;
use std::str::FromStr;

/// The name of a profile, as in `[profiles.support]`: lower-case letters, digits and underscores, a letter first, at
/// most 63 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileName(String);

impl ProfileName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no profile name: use lower-case letters, digits and underscores, a letter first, at most 63"
)]
pub struct NotAProfileName(String);

impl FromStr for ProfileName {
    type Err = NotAProfileName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if is_name(name) { Ok(Self(name.to_owned())) } else { Err(NotAProfileName(name.to_owned())) }
    }
}

/// Whether it can be a name in the configuration and, in capitals, a part of a variable's.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= 63
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One relation of a profile's declaration: the whole of it, or some of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub schema: String,
    pub name: String,
    /// `None`: every column that the relation has.
    pub columns: Option<Vec<String>>,
    /// Columns whose values an agent is told beforehand, because they are few and harmless.
    pub values: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::ProfileName;

    #[test]
    fn names_are_plain_words() {
        for good in ["support", "analyst_2"] {
            assert!(good.parse::<ProfileName>().is_ok(), "{good}");
        }
        for bad in ["", "2nd", "Support", "a-b", "a b", "_a", &"a".repeat(64)] {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad}");
        }
    }
}
