//! What a row-scoped view is told about the person on whose behalf it is read.

use crate::model::access::Holder;
use crate::model::attribute::AttributeName;
use std::fmt;

/// One fact about the caller, as a context setting tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    PersonId,
    PersonUsername,
    PersonEmail,
    /// Something that an administrator said of them; empty where nobody did.
    PersonAttribute(AttributeName),
    Profile,
}

const ATTRIBUTE: &str = "person.attribute.";

impl ContextValue {
    /// The words that the configuration knows.
    pub const WORDS: &str =
        "`person.id`, `person.username`, `person.email`, `person.attribute.NAME`, `profile`";

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "person.id" => Self::PersonId,
            "person.username" => Self::PersonUsername,
            "person.email" => Self::PersonEmail,
            "profile" => Self::Profile,
            other => Self::PersonAttribute(other.strip_prefix(ATTRIBUTE)?.parse().ok()?),
        })
    }

    /// What it tells about this holder.
    #[must_use]
    pub fn of(&self, holder: &Holder) -> String {
        match self {
            Self::PersonId => holder.person_id.to_string(),
            Self::PersonUsername => holder.person.to_string(),
            Self::PersonEmail => holder.email.clone(),
            Self::PersonAttribute(name) => holder.attributes.value(name).to_owned(),
            Self::Profile => holder.profile.to_string(),
        }
    }
}

/// How it is written in the configuration.
impl fmt::Display for ContextValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PersonId => f.write_str("person.id"),
            Self::PersonUsername => f.write_str("person.username"),
            Self::PersonEmail => f.write_str("person.email"),
            Self::PersonAttribute(name) => write!(f, "{ATTRIBUTE}{name}"),
            Self::Profile => f.write_str("profile"),
        }
    }
}
