//! What a row-scoped view is told about the person on whose behalf it is read.

use crate::model::access::Holder;

/// One fact about the caller, as a context setting tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextValue {
    PersonId,
    PersonUsername,
    PersonEmail,
    Profile,
}

impl ContextValue {
    pub const ALL: [Self; 4] = [Self::PersonId, Self::PersonUsername, Self::PersonEmail, Self::Profile];

    /// How it is written in the configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PersonId => "person.id",
            Self::PersonUsername => "person.username",
            Self::PersonEmail => "person.email",
            Self::Profile => "profile",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.word() == word)
    }

    /// What it tells about this holder.
    #[must_use]
    pub fn of(self, holder: &Holder) -> String {
        match self {
            Self::PersonId => holder.person_id.to_string(),
            Self::PersonUsername => holder.person.to_string(),
            Self::PersonEmail => holder.email.clone(),
            Self::Profile => holder.profile.to_string(),
        }
    }
}
