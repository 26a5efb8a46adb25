//! Whether a bearer may pass, judged anew on every request from facts read in one statement.

use crate::model::attribute::Attributes;
use crate::model::client::ClientKind;
use crate::model::denial::{DenialReason, Subject};
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::model::token::SCOPE;
use time::OffsetDateTime;
use uuid::Uuid;

/// Every fact that decides about a bearer.
#[derive(Debug, Clone)]
pub struct Facts {
    pub holder: Holder,
    pub standing: Standing,
    pub scope: String,
    pub audience: String,
    pub profile_is_chosen: bool,
    /// Relations of the profile that the person kept back.
    pub left_out: Vec<String>,
    pub expires_at: OffsetDateTime,
    pub ended: Option<Ended>,
    /// Too many bad tokens came from where this one comes from.
    pub is_blocked: bool,
}

/// How a token ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Revoked,
    SignedOut,
}

/// What decides about a person who reads through a client, with a token and before there is one.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a gate of its own")]
pub struct Standing {
    pub active: bool,
    pub staff: bool,
    pub is_enrolled: bool,
    pub has_session: bool,
    /// The profiles that the person holds, those alone that exist.
    pub held: Vec<ProfileName>,
    pub client_kind: ClientKind,
    pub client_is_recognised: bool,
    pub client_is_disabled: bool,
    /// An administrator holds the person, the client or everything; with a token, that or its profile as well.
    pub is_paused: bool,
}

/// What an operator asks of everybody.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    pub now: OffsetDateTime,
    /// The one audience of our tokens.
    pub audience: &'a str,
    /// Agents read only while their person is signed in.
    pub require_live_session: bool,
}

/// Who holds a token, and through which client.
#[derive(Debug, Clone)]
pub struct Holder {
    pub token_id: Uuid,
    pub person_id: Uuid,
    pub person: Username,
    pub email: String,
    /// What views may know of them besides.
    pub attributes: Attributes,
    pub client_id: Uuid,
    pub client: String,
    /// Where the client had its answer sent when it was let in.
    pub redirect: Option<String>,
    pub profile: ProfileName,
}

impl Holder {
    /// The holder, as one who is turned away.
    #[must_use]
    pub fn into_subject(self) -> Subject {
        Subject {
            person_id: self.person_id,
            person: self.person,
            client_id: self.client_id,
            client: self.client,
            profile: Some(self.profile),
            token_id: Some(self.token_id),
        }
    }
}

/// Proof that a bearer passed every gate a moment ago; [`Facts::admit`] alone makes one.
#[derive(Debug, Clone)]
pub struct Access {
    holder: Holder,
    left_out: Vec<String>,
}

impl Access {
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Relations of the profile that the person kept back.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

/// Why a bearer may not pass.
#[derive(Debug)]
pub enum Denied {
    /// As good as no token: its time is over, or nobody listens to where it comes from.
    Unheard,
    /// A person whom we know is turned away; this is recorded.
    Resolved(DenialReason, Box<Holder>),
}

impl Facts {
    /// Admits the bearer where every gate is open; otherwise names the first one that is shut.
    pub fn admit(self, rules: &Rules<'_>) -> Result<Access, Denied> {
        if self.is_blocked {
            return Err(Denied::Unheard);
        }
        match self.shut_gate(rules) {
            Some(reason) => Err(Denied::Resolved(reason, Box::new(self.holder))),
            None if self.expires_at <= rules.now => Err(Denied::Unheard),
            None => Ok(Access { holder: self.holder, left_out: self.left_out }),
        }
    }

    fn shut_gate(&self, rules: &Rules<'_>) -> Option<DenialReason> {
        let standing = &self.standing;
        if let Some(ended) = self.ended {
            return Some(match ended {
                Ended::Revoked => DenialReason::TokenRevoked,
                Ended::SignedOut => DenialReason::SessionLogout,
            });
        }
        standing.shut_to_client().or_else(|| {
            if self.audience != rules.audience {
                Some(DenialReason::WrongAudience)
            } else if !self.scope.split(' ').any(|scope| scope == SCOPE) {
                Some(DenialReason::BadScope)
            } else if let Some(reason) = standing.shut_to_person() {
                Some(reason)
            } else if !standing.held.contains(&self.holder.profile) {
                Some(DenialReason::NoPerm)
            } else if !self.profile_is_chosen && standing.held.len() > 1 {
                Some(DenialReason::AmbiguousProfile)
            } else {
                standing.shut_without_session(rules)
            }
        })
    }
}

impl Standing {
    /// The first gate that is shut to this person through this client, whatever they ask for.
    #[must_use]
    pub fn shut_gate(&self, rules: &Rules<'_>) -> Option<DenialReason> {
        self.shut_to_client().or_else(|| self.shut_to_person()).or_else(|| self.shut_without_session(rules))
    }

    fn shut_to_client(&self) -> Option<DenialReason> {
        if self.is_paused {
            Some(DenialReason::Paused)
        } else if !self.client_is_recognised {
            Some(DenialReason::BadApplication)
        } else if self.client_is_disabled {
            Some(DenialReason::ClientDisabled)
        } else {
            None
        }
    }

    fn shut_to_person(&self) -> Option<DenialReason> {
        if !(self.active && self.staff) {
            Some(DenialReason::InactiveOrNonStaff)
        } else if !self.is_enrolled && !self.is_from_the_command_line() {
            Some(DenialReason::NoMfa)
        } else if self.held.is_empty() {
            Some(DenialReason::NoPerm)
        } else {
            None
        }
    }

    fn shut_without_session(&self, rules: &Rules<'_>) -> Option<DenialReason> {
        let must = rules.require_live_session && !self.is_from_the_command_line();
        (must && !self.has_session).then_some(DenialReason::NoSession)
    }

    /// The holder of a token from the command line never signed in: whoever has the program's shell and its
    /// configuration vouched for them. So nothing that belongs to signing in is asked.
    fn is_from_the_command_line(&self) -> bool {
        self.client_kind == ClientKind::CommandLine
    }
}

#[cfg(test)]
mod tests {
    use super::{Denied, Ended, Facts, Holder, Rules, Standing};
    use crate::model::attribute::Attributes;
    use crate::model::client::ClientKind;
    use crate::model::denial::DenialReason;
    use time::macros::datetime;
    use time::{Duration, OffsetDateTime};
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);
    const HERE: &str = "https://db.example.com/mcp/sql/";
    const RULES: Rules<'static> = Rules { now: NOW, audience: HERE, require_live_session: true };

    fn open() -> Facts {
        Facts {
            holder: Holder {
                token_id: Uuid::nil(),
                person_id: Uuid::nil(),
                person: "demo".parse().unwrap(),
                email: "demo@example.com".to_owned(),
                attributes: Attributes::default(),
                client_id: Uuid::nil(),
                client: "Claude Code".to_owned(),
                redirect: None,
                profile: "analyst".parse().unwrap(),
            },
            standing: Standing {
                active: true,
                staff: true,
                is_enrolled: true,
                has_session: true,
                held: vec!["analyst".parse().unwrap()],
                client_kind: ClientKind::Dynamic,
                client_is_recognised: true,
                client_is_disabled: false,
                is_paused: false,
            },
            scope: "mcp:sql".to_owned(),
            audience: HERE.to_owned(),
            profile_is_chosen: false,
            left_out: Vec::new(),
            expires_at: NOW + Duration::SECOND,
            ended: None,
            is_blocked: false,
        }
    }

    #[test]
    fn open_gates_admit() {
        assert!(open().admit(&RULES).is_ok());
    }

    #[test]
    fn each_shut_gate_has_its_reason() {
        type Shut = fn(&mut Facts);
        let cases: [(DenialReason, Shut); 16] = [
            (DenialReason::TokenRevoked, |f| f.ended = Some(Ended::Revoked)),
            (DenialReason::SessionLogout, |f| f.ended = Some(Ended::SignedOut)),
            (DenialReason::Paused, |f| f.standing.is_paused = true),
            (DenialReason::BadApplication, |f| f.standing.client_is_recognised = false),
            (DenialReason::ClientDisabled, |f| f.standing.client_is_disabled = true),
            (DenialReason::WrongAudience, |f| f.audience = "https://elsewhere".to_owned()),
            (DenialReason::BadScope, |f| f.scope = "openid mcp:sqlx".to_owned()),
            (DenialReason::BadScope, |f| f.scope = String::new()),
            (DenialReason::InactiveOrNonStaff, |f| f.standing.active = false),
            (DenialReason::InactiveOrNonStaff, |f| f.standing.staff = false),
            (DenialReason::NoMfa, |f| f.standing.is_enrolled = false),
            (DenialReason::NoPerm, |f| f.standing.held.clear()),
            (DenialReason::NoPerm, |f| f.standing.held = vec!["support".parse().unwrap()]),
            (DenialReason::AmbiguousProfile, |f| f.standing.held.push("support".parse().unwrap())),
            (DenialReason::NoSession, |f| f.standing.has_session = false),
            (DenialReason::TokenRevoked, |f| {
                f.ended = Some(Ended::Revoked);
                f.expires_at = NOW;
            }),
        ];
        for (reason, shut) in cases {
            let mut facts = open();
            shut(&mut facts);
            let denied = facts.admit(&RULES).unwrap_err();
            assert!(matches!(denied, Denied::Resolved(r, _) if r == reason), "{reason:?}: {denied:?}");
        }
    }

    #[test]
    fn a_profile_that_was_chosen_stays_the_one() {
        let mut facts = open();
        facts.profile_is_chosen = true;
        facts.standing.held.push("support".parse().unwrap());
        assert!(facts.admit(&RULES).is_ok());
    }

    #[test]
    fn sessions_are_asked_for_where_the_operator_wants_them() {
        let mut facts = open();
        facts.standing.has_session = false;
        assert!(facts.clone().admit(&Rules { require_live_session: false, ..RULES }).is_ok());
        facts.standing.client_kind = ClientKind::CommandLine;
        facts.standing.is_enrolled = false;
        assert!(facts.admit(&RULES).is_ok(), "nobody signs in on the command line");
    }

    #[test]
    fn where_too_many_bad_tokens_come_from_good_ones_are_not_heard() {
        let mut facts = open();
        facts.is_blocked = true;
        assert!(matches!(facts.admit(&RULES), Err(Denied::Unheard)));
    }

    #[test]
    fn a_token_ends_on_the_instant() {
        let mut facts = open();
        facts.expires_at = NOW;
        assert!(matches!(facts.admit(&RULES), Err(Denied::Unheard)));
    }
}
