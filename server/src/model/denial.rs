//! A denial: a person whom we know was turned away at the door.

use crate::model::caller::Caller;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Denial {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub reason: DenialReason,
    pub subject: Subject,
    pub caller: Caller,
}

/// Who was turned away, with whatever they held.
#[derive(Debug, Clone)]
pub struct Subject {
    pub person_id: Uuid,
    pub person: Username,
    pub client_id: Uuid,
    pub client: String,
    /// `None` where the person was turned away before choosing one.
    pub profile: Option<ProfileName>,
    /// `None` where the person was turned away before there was a token.
    pub token_id: Option<Uuid>,
}

/// Which gate was shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenialReason {
    /// Ended, with everything else that the person held, when they signed out.
    SessionLogout,
    TokenRevoked,
    /// The client is no longer one that the configuration knows.
    BadApplication,
    ClientDisabled,
    WrongAudience,
    BadScope,
    InactiveOrNonStaff,
    /// The person has no second factor.
    NoMfa,
    /// The person does not hold the profile, or none at all.
    NoPerm,
    /// The token names no profile by choice, and by now there are several.
    AmbiguousProfile,
    /// The person is not signed in anywhere.
    NoSession,
    /// An administrator holds the person, the client, the token, the profile or everything.
    Paused,
}

impl DenialReason {
    pub const ALL: [Self; 12] = [
        Self::SessionLogout,
        Self::TokenRevoked,
        Self::BadApplication,
        Self::ClientDisabled,
        Self::WrongAudience,
        Self::BadScope,
        Self::InactiveOrNonStaff,
        Self::NoMfa,
        Self::NoPerm,
        Self::AmbiguousProfile,
        Self::NoSession,
        Self::Paused,
    ];

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The word of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SessionLogout => "session_logout",
            Self::TokenRevoked => "token_revoked",
            Self::BadApplication => "bad_application",
            Self::ClientDisabled => "client_disabled",
            Self::WrongAudience => "wrong_audience",
            Self::BadScope => "bad_scope",
            Self::InactiveOrNonStaff => "inactive_or_non_staff",
            Self::NoMfa => "no_mfa",
            Self::NoPerm => "no_perm",
            Self::AmbiguousProfile => "ambiguous_profile",
            Self::NoSession => "no_session",
            Self::Paused => "paused",
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::SessionLogout | Self::NoSession => "sign in, and connect again",
            Self::TokenRevoked | Self::WrongAudience | Self::BadScope => "connect again",
            Self::BadApplication => "this client is not one that may be used here",
            Self::ClientDisabled => "an administrator has disabled this client",
            Self::InactiveOrNonStaff => "your account may not be used by agents; ask an administrator",
            Self::NoMfa => "set up your second factor first",
            Self::NoPerm => "you hold no profile to read through; ask an administrator",
            Self::Paused => "an administrator has paused this; ask them, or try again later",
            Self::AmbiguousProfile => "you hold several profiles by now: connect again, and choose one",
        }
    }
}
