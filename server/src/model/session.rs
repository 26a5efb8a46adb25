//! A session: a browser that a person signs in with.

use crate::model::local_path::LocalPath;
use crate::model::sealed::Sealed;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long sessions live.
#[derive(Debug, Clone, Copy)]
pub struct SessionLife {
    /// Without a request.
    pub idle: Duration,
    /// Whatever happens.
    pub absolute: Duration,
}

/// How long the second factor may take.
pub const PATIENCE: Duration = Duration::from_mins(15);

/// How long the second factor, once shown, opens the dangerous acts.
pub const FRESH: Duration = Duration::from_mins(5);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names the session in lists and in the record; it stays the same while the cookie changes.
    pub id: Uuid,
    pub person_id: Uuid,
    pub began_at: OffsetDateTime,
    pub stage: Stage,
    /// Where the person wanted to go.
    pub next: Option<LocalPath>,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The password was right; the second factor is still to be shown, or to be enrolled.
    Password {
        /// The secret that was offered for enrolment.
        enrolment: Option<Sealed>,
    },
    SignedIn {
        at: OffsetDateTime,
        /// When the second factor was last shown.
        proven_at: OffsetDateTime,
    },
}

impl Session {
    /// The second factor was shown: the session counts from here on.
    #[must_use]
    pub fn signed_in(self, at: OffsetDateTime) -> Self {
        Self { stage: Stage::SignedIn { at, proven_at: at }, ..self }
    }

    /// The second factor was shown again.
    #[must_use]
    pub fn proven(self, now: OffsetDateTime) -> Self {
        match self.stage {
            Stage::SignedIn { at, .. } => Self { stage: Stage::SignedIn { at, proven_at: now }, ..self },
            Stage::Password { .. } => self,
        }
    }

    /// A secret was offered for enrolment.
    #[must_use]
    pub fn offered(self, secret: Sealed) -> Self {
        Self { stage: Stage::Password { enrolment: Some(secret) }, ..self }
    }

    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        matches!(self.stage, Stage::SignedIn { .. })
    }

    /// Whether the second factor was shown a moment ago, as the dangerous acts ask.
    #[must_use]
    pub fn is_fresh(&self, now: OffsetDateTime) -> bool {
        matches!(self.stage, Stage::SignedIn { proven_at, .. } if now < proven_at + FRESH)
    }
}

/// One line of the list of a person's sessions.
#[derive(Debug, Clone)]
pub struct SessionLine {
    pub id: Uuid,
    pub signed_in_at: OffsetDateTime,
    pub seen_at: OffsetDateTime,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{FRESH, Session, Stage};
    use time::{Duration, OffsetDateTime};
    use uuid::Uuid;

    #[test]
    fn a_proof_is_fresh_for_five_minutes() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let session = Session {
            id: Uuid::nil(),
            person_id: Uuid::nil(),
            began_at: now,
            stage: Stage::Password { enrolment: None },
            next: None,
            ip: None,
            user_agent: None,
        };
        assert!(!session.clone().proven(now).is_fresh(now), "a password alone proves nothing");
        let session = session.signed_in(now);
        assert!(session.is_fresh(now + FRESH - Duration::SECOND));
        assert!(!session.is_fresh(now + FRESH));
        assert!(session.proven(now + FRESH).is_fresh(now + FRESH));
    }
}
