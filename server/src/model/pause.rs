//! A pause: what may not read for the time being.

use crate::model::access::Holder;
use crate::model::profile::ProfileName;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Everything,
    Profile(ProfileName),
    Person(Uuid),
    Client(Uuid),
    Token(Uuid),
}

impl Scope {
    /// The word of the store.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Profile(_) => "profile",
            Self::Person(_) => "person",
            Self::Client(_) => "client",
            Self::Token(_) => "token",
        }
    }

    /// Which one of its kind.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Everything => String::new(),
            Self::Profile(profile) => profile.to_string(),
            Self::Person(id) | Self::Client(id) | Self::Token(id) => id.to_string(),
        }
    }

    #[must_use]
    pub fn named(kind: &str, key: &str) -> Option<Self> {
        Some(match kind {
            "everything" => Self::Everything,
            "profile" => Self::Profile(key.parse().ok()?),
            "person" => Self::Person(key.parse().ok()?),
            "client" => Self::Client(key.parse().ok()?),
            "token" => Self::Token(key.parse().ok()?),
            _ => return None,
        })
    }

    /// Whether it holds somebody who asks.
    #[must_use]
    pub fn holds(&self, holder: &Holder) -> bool {
        match self {
            Self::Everything => true,
            Self::Profile(profile) => *profile == holder.profile,
            Self::Person(id) => *id == holder.person_id,
            Self::Client(id) => *id == holder.client_id,
            Self::Token(id) => *id == holder.token_id,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Pause {
    pub scope: Scope,
    /// What is held, for people to read.
    pub subject: String,
    pub began_at: OffsetDateTime,
    pub began_by: String,
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use uuid::Uuid;

    #[test]
    fn a_scope_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        let profile = "analyst".parse().unwrap();
        for scope in [
            Scope::Everything,
            Scope::Profile(profile),
            Scope::Person(id),
            Scope::Client(id),
            Scope::Token(id),
        ] {
            assert_eq!(Scope::named(scope.kind(), &scope.key()), Some(scope));
        }
        assert_eq!(Scope::named("person", "everybody"), None);
        assert_eq!(Scope::named("weather", ""), None);
    }
}
