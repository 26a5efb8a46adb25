//! An alert: something that an operator should look at. Neither statements nor rows stand in one.

use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Alert {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub kind: AlertKind,
    /// Whom it concerns.
    pub person_id: Option<Uuid>,
    /// What it concerns: a username, mostly.
    pub subject: String,
    pub detail: Value,
    /// Who has looked at it, and when.
    pub acknowledged: Option<(String, OffsetDateTime)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// A person was given a profile.
    ProfileGained,
    /// A person holds more than one profile now.
    SeveralProfiles,
    /// A person crossed one of the thresholds of `[alerts]`.
    Usage,
    /// A person has used up a soft budget.
    Budget,
    /// The warehouse opens to a profile's roles something else than what is declared.
    Drift,
    /// An attack of the program on itself got through.
    SelfTest,
    /// A person touched a relation that nobody has a reason to touch.
    Canary,
}

impl AlertKind {
    pub const ALL: [Self; 7] = [
        Self::ProfileGained,
        Self::SeveralProfiles,
        Self::Usage,
        Self::Budget,
        Self::Drift,
        Self::SelfTest,
        Self::Canary,
    ];

    /// The word of the store and of the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ProfileGained => "profile_gained",
            Self::SeveralProfiles => "several_profiles",
            Self::Usage => "usage",
            Self::Budget => "budget",
            Self::Drift => "drift",
            Self::SelfTest => "self_test",
            Self::Canary => "canary",
        }
    }

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Alert {
    /// What it says, as a sentence without a full stop.
    #[must_use]
    pub fn message(&self) -> String {
        let subject = &self.subject;
        let word = |key: &str| self.detail.get(key).and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| self.detail.get(key).and_then(Value::as_u64).unwrap_or_default();
        match self.kind {
            AlertKind::ProfileGained => {
                format!("`{subject}` was given the profile `{}` by {}", word("profile"), word("actor"))
            }
            AlertKind::SeveralProfiles => {
                format!("`{subject}` holds more than one profile now: {}", word("held"))
            }
            AlertKind::Usage => format!(
                "`{subject}` had {} {} calls within {}; the threshold is {}",
                number("count"),
                word("decision"),
                word("window"),
                number("threshold"),
            ),
            AlertKind::Budget => format!(
                "`{subject}` used {} {} of profile `{}` within {}; the budget is {}",
                number("used"),
                word("measured"),
                word("profile"),
                word("window"),
                number("budget"),
            ),
            AlertKind::Drift => format!(
                "profile `{subject}` differs from its declaration in {} way(s): {}; see `portcullis doctor`",
                number("count"),
                word("drift"),
            ),
            AlertKind::SelfTest => {
                format!(
                    "profile `{subject}` failed its self-test: {} attack(s) were not stopped",
                    number("count")
                )
            }
            AlertKind::Canary => format!(
                "`{subject}` touched the canary `{}` through profile `{}`; call {} was {}",
                word("canary"),
                word("profile"),
                word("call"),
                word("decision"),
            ),
        }
    }
}
