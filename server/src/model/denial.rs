//! A denial: a person whom we know was turned away at the door.

use crate::model::access::Holder;
use crate::model::caller::Caller;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Denial {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub reason: DenialReason,
    pub holder: Holder,
    pub caller: Caller,
}

/// Which gate was shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DenialReason {
    TokenRevoked,
    ClientDisabled,
    WrongAudience,
    BadScope,
    InactiveOrNonStaff,
    NoPerm,
}

impl DenialReason {
    /// The word of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TokenRevoked => "token_revoked",
            Self::ClientDisabled => "client_disabled",
            Self::WrongAudience => "wrong_audience",
            Self::BadScope => "bad_scope",
            Self::InactiveOrNonStaff => "inactive_or_non_staff",
            Self::NoPerm => "no_perm",
        }
    }
}
