//! An event: something was changed, by somebody, for somebody.

use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Event {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub kind: EventKind,
    /// Who did it: a username, or where it was done from a shell, the account on that machine.
    pub actor: String,
    /// Whom it concerns.
    pub person_id: Option<Uuid>,
    /// What it concerns: a token's id, a profile's name.
    pub subject: String,
    /// What else is worth knowing; never a secret.
    pub detail: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    PersonCreated,
    ProfileAssigned,
    TokenIssued,
    TokenRevoked,
}

impl EventKind {
    /// The word of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PersonCreated => "person_created",
            Self::ProfileAssigned => "profile_assigned",
            Self::TokenIssued => "token_issued",
            Self::TokenRevoked => "token_revoked",
        }
    }
}
