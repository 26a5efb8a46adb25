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
    SignIn,
    SignInFailed,
    SignOut,
    SessionEnded,
    FactorEnrolled,
    FactorProven,
    FactorFailed,
    FactorReset,
    RecoveryCodeUsed,
    RecoveryCodesRenewed,
    PasswordChanged,
    PersonActivated,
    PersonDeactivated,
    ProfileWithdrawn,
    SetupLinkMade,
    ClientRegistered,
    ClientDisabled,
    ClientEnabled,
    GrantApproved,
    GrantDenied,
    GrantRevoked,
    CodeReused,
    RefreshTokenReused,
    PowersChanged,
    AttributesChanged,
    AlertAcknowledged,
    /// Somebody took calls of the record away, as a file.
    RecordExported,
    Paused,
    Resumed,
    GrantsApplied,
    SelfTested,
    /// Somebody held the record against its seals.
    RecordVerified,
    /// What need not be kept any longer was dropped.
    RetentionApplied,
}

impl EventKind {
    pub const ALL: [Self; 37] = [
        Self::PersonCreated,
        Self::ProfileAssigned,
        Self::TokenIssued,
        Self::TokenRevoked,
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::SessionEnded,
        Self::FactorEnrolled,
        Self::FactorProven,
        Self::FactorFailed,
        Self::FactorReset,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesRenewed,
        Self::PasswordChanged,
        Self::PersonActivated,
        Self::PersonDeactivated,
        Self::ProfileWithdrawn,
        Self::SetupLinkMade,
        Self::ClientRegistered,
        Self::ClientDisabled,
        Self::ClientEnabled,
        Self::GrantApproved,
        Self::GrantDenied,
        Self::GrantRevoked,
        Self::CodeReused,
        Self::RefreshTokenReused,
        Self::PowersChanged,
        Self::AttributesChanged,
        Self::AlertAcknowledged,
        Self::RecordExported,
        Self::Paused,
        Self::Resumed,
        Self::GrantsApplied,
        Self::SelfTested,
        Self::RecordVerified,
        Self::RetentionApplied,
    ];

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
    /// The word of the record.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PersonCreated => "person_created",
            Self::ProfileAssigned => "profile_assigned",
            Self::TokenIssued => "token_issued",
            Self::TokenRevoked => "token_revoked",
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignOut => "sign_out",
            Self::SessionEnded => "session_ended",
            Self::FactorEnrolled => "factor_enrolled",
            Self::FactorProven => "factor_proven",
            Self::FactorFailed => "factor_failed",
            Self::FactorReset => "factor_reset",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::PasswordChanged => "password_changed",
            Self::PersonActivated => "person_activated",
            Self::PersonDeactivated => "person_deactivated",
            Self::ProfileWithdrawn => "profile_withdrawn",
            Self::SetupLinkMade => "setup_link_made",
            Self::ClientRegistered => "client_registered",
            Self::ClientDisabled => "client_disabled",
            Self::ClientEnabled => "client_enabled",
            Self::GrantApproved => "grant_approved",
            Self::GrantDenied => "grant_denied",
            Self::GrantRevoked => "grant_revoked",
            Self::CodeReused => "code_reused",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::PowersChanged => "powers_changed",
            Self::AttributesChanged => "attributes_changed",
            Self::AlertAcknowledged => "alert_acknowledged",
            Self::RecordExported => "record_exported",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::GrantsApplied => "grants_applied",
            Self::SelfTested => "self_tested",
            Self::RecordVerified => "record_verified",
            Self::RetentionApplied => "retention_applied",
        }
    }
}
