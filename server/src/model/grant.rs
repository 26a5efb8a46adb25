//! A grant: a person let a client read through one of their profiles. What a client carries descends from one.

use crate::model::pkce::Challenge;
use crate::model::profile::ProfileName;
use crate::model::redirect::RedirectUri;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Grant {
    pub id: Uuid,
    pub person_id: Uuid,
    pub client_id: Uuid,
    pub share: Share,
    pub approved_at: OffsetDateTime,
    /// Nothing that descends from the grant lives longer.
    pub ends_at: OffsetDateTime,
    pub stage: Stage,
}

/// What the person gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub profile: ProfileName,
    /// The person chose it among several. Otherwise it was the only one, and means nothing any more once there are others.
    pub profile_is_chosen: bool,
    pub scope: String,
    pub audience: String,
    /// Relations of the profile that the person kept back, as `schema.name`.
    pub left_out: Vec<String>,
}

/// How far a grant has come.
#[derive(Debug, Clone)]
pub enum Stage {
    /// The client holds a code and has yet to bring it.
    Approved(Approved),
    /// The code was brought, once; tokens descend from the grant.
    Exchanged { at: OffsetDateTime },
    /// Over, with everything that descends from it.
    Revoked { at: OffsetDateTime, by: String },
}

/// What a code is bound to.
#[derive(Debug, Clone)]
pub struct Approved {
    pub redirect_uri: RedirectUri,
    pub challenge: Challenge,
    pub code_expires_at: OffsetDateTime,
}

/// What comes with a code.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    pub client_id: Uuid,
    pub redirect_uri: Option<&'a str>,
    pub verifier: &'a str,
}

/// Why a code is not taken. The client is told no more than that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotExchanged {
    #[error("the code was brought before")]
    Twice,
    #[error("the code is too old")]
    Late,
    #[error("the code was issued to another client")]
    OtherClient,
    #[error("the code was sent to another redirect URI")]
    OtherRedirect,
    #[error("the verifier does not meet the challenge")]
    BadVerifier,
    #[error("the grant was revoked")]
    Revoked,
}

impl Grant {
    /// Takes the code, if it is brought in time by whom it was meant for.
    pub fn exchange(self, presented: &Presented<'_>, now: OffsetDateTime) -> Result<Self, NotExchanged> {
        let approved = match &self.stage {
            Stage::Approved(approved) => approved,
            Stage::Exchanged { .. } => return Err(NotExchanged::Twice),
            Stage::Revoked { .. } => return Err(NotExchanged::Revoked),
        };
        if now >= approved.code_expires_at {
            Err(NotExchanged::Late)
        } else if presented.client_id != self.client_id {
            Err(NotExchanged::OtherClient)
        } else if presented.redirect_uri.is_some_and(|uri| uri != approved.redirect_uri.as_str()) {
            Err(NotExchanged::OtherRedirect)
        } else if !approved.challenge.is_met_by(presented.verifier) {
            Err(NotExchanged::BadVerifier)
        } else {
            Ok(Self { stage: Stage::Exchanged { at: now }, ..self })
        }
    }

    /// When a token issued now ends that may live for `life`.
    #[must_use]
    pub fn end_of(&self, now: OffsetDateTime, life: Duration) -> OffsetDateTime {
        self.ends_at.min(now + life)
    }
}

#[cfg(test)]
mod tests {
    use super::{Approved, Grant, NotExchanged, Presented, Share, Stage};
    use std::time::Duration;
    use time::OffsetDateTime;
    use time::macros::datetime;
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn grant() -> Grant {
        Grant {
            id: Uuid::nil(),
            person_id: Uuid::nil(),
            client_id: Uuid::from_u128(7),
            share: Share {
                profile: "analyst".parse().unwrap(),
                profile_is_chosen: false,
                scope: "mcp:sql".to_owned(),
                audience: "https://db.example.com/mcp/sql/".to_owned(),
                left_out: Vec::new(),
            },
            approved_at: NOW,
            ends_at: NOW + Duration::from_secs(100),
            stage: Stage::Approved(Approved {
                redirect_uri: "http://127.0.0.1:9/cb".parse().unwrap(),
                challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap(),
                code_expires_at: NOW + Duration::from_mins(1),
            }),
        }
    }

    fn right() -> Presented<'static> {
        Presented {
            client_id: Uuid::from_u128(7),
            redirect_uri: Some("http://127.0.0.1:9/cb"),
            verifier: VERIFIER,
        }
    }

    #[test]
    fn a_code_is_taken_once_from_the_right_one_in_time() {
        let exchanged = grant().exchange(&right(), NOW).unwrap();
        assert_eq!(exchanged.exchange(&right(), NOW).unwrap_err(), NotExchanged::Twice);
        assert!(grant().exchange(&Presented { redirect_uri: None, ..right() }, NOW).is_ok());
        let late = NOW + Duration::from_mins(1);
        assert_eq!(grant().exchange(&right(), late).unwrap_err(), NotExchanged::Late);
        for (presented, why) in [
            (Presented { client_id: Uuid::nil(), ..right() }, NotExchanged::OtherClient),
            (
                Presented { redirect_uri: Some("http://127.0.0.1:10/cb"), ..right() },
                NotExchanged::OtherRedirect,
            ),
            (Presented { verifier: "x", ..right() }, NotExchanged::BadVerifier),
        ] {
            assert_eq!(grant().exchange(&presented, NOW).unwrap_err(), why);
        }
    }

    #[test]
    fn nothing_outlives_its_grant() {
        assert_eq!(grant().end_of(NOW, Duration::from_secs(10)), NOW + Duration::from_secs(10));
        assert_eq!(grant().end_of(NOW, Duration::from_secs(1000)), NOW + Duration::from_secs(100));
    }
}
