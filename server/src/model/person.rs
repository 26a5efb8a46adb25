//! A person: somebody who may sign in, and on whose behalf agents read.

use crate::model::zone::Zone;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: Uuid,
    pub username: Username,
    pub email: String,
    pub display_name: String,
    pub active: bool,
    pub powers: Powers,
    /// The clock that they read by.
    pub zone: Zone,
}

/// What a person may beside signing in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Powers {
    /// Agents may read on their behalf.
    pub staff: bool,
    /// They look into the record of everybody.
    pub auditor: bool,
    /// They administer Portcullis.
    pub admin: bool,
}

impl Powers {
    /// Whether they may look into the record of everybody; administrators may.
    #[must_use]
    pub const fn can_audit(self) -> bool {
        self.auditor || self.admin
    }

    /// The words for what one has, in the order of weight.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let words = [(self.staff, "staff"), (self.auditor, "auditor"), (self.admin, "admin")];
        words.into_iter().filter(|(has, _)| *has).map(|(_, word)| word).collect()
    }
}

/// How a person is named at sign-in and in the record: lower case, plain characters, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Username(String);

impl Username {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no username: use lower-case letters, digits, `.`, `_`, `@` and `-`, a letter or digit first, at most 64"
)]
pub struct NotAUsername(String);

impl FromStr for Username {
    type Err = NotAUsername;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let fits = name.bytes().next().is_some_and(plain)
            && name.len() <= 64
            && name.bytes().all(|b| plain(b) || b"._@-".contains(&b));
        if fits { Ok(Self(name.to_owned())) } else { Err(NotAUsername(name.to_owned())) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Username;

    #[test]
    fn usernames_are_plain() {
        for good in ["demo", "a.b", "jo@example.com", "0x"] {
            assert!(good.parse::<Username>().is_ok(), "{good}");
        }
        for bad in ["", ".a", "Demo", "a b", "é", &"a".repeat(65)] {
            assert!(bad.parse::<Username>().is_err(), "{bad}");
        }
    }
}
