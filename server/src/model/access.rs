//! Whether a bearer may pass, judged anew on every request from facts read in one statement.

use crate::model::denial::DenialReason;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use crate::model::token::SCOPE;
use time::OffsetDateTime;
use uuid::Uuid;

/// Every fact that decides about a bearer.
#[derive(Debug, Clone)]
pub struct Facts {
    pub holder: Holder,
    pub scope: String,
    pub audience: String,
    pub expires_at: OffsetDateTime,
    pub revoked_at: Option<OffsetDateTime>,
    pub active: bool,
    pub staff: bool,
    pub client_disabled_at: Option<OffsetDateTime>,
    pub profile_is_assigned: bool,
}

/// Who holds a token, and through which client.
#[derive(Debug, Clone)]
pub struct Holder {
    pub token_id: Uuid,
    pub person_id: Uuid,
    pub person: Username,
    pub email: String,
    pub client_id: Uuid,
    pub client: String,
    pub profile: ProfileName,
}

/// Proof that a bearer passed every gate at `at`; [`Facts::admit`] alone makes one.
#[derive(Debug, Clone)]
pub struct Access {
    holder: Holder,
}

impl Access {
    #[must_use]
    pub fn holder(&self) -> &Holder {
        &self.holder
    }
}

/// Why a bearer may not pass.
#[derive(Debug)]
pub enum Denied {
    /// As good as no token: its time is over.
    Expired,
    /// A person whom we know is turned away; this is recorded.
    Resolved(DenialReason, Box<Holder>),
}

impl Facts {
    /// Admits the bearer where every gate is open at `now`; otherwise names the first one that is shut.
    pub fn admit(self, now: OffsetDateTime, audience: &str) -> Result<Access, Denied> {
        match self.shut_gate(audience) {
            Some(reason) => Err(Denied::Resolved(reason, Box::new(self.holder))),
            None if self.expires_at <= now => Err(Denied::Expired),
            None => Ok(Access { holder: self.holder }),
        }
    }

    fn shut_gate(&self, audience: &str) -> Option<DenialReason> {
        if self.revoked_at.is_some() {
            Some(DenialReason::TokenRevoked)
        } else if self.client_disabled_at.is_some() {
            Some(DenialReason::ClientDisabled)
        } else if self.audience != audience {
            Some(DenialReason::WrongAudience)
        } else if !self.scope.split(' ').any(|scope| scope == SCOPE) {
            Some(DenialReason::BadScope)
        } else if !(self.active && self.staff) {
            Some(DenialReason::InactiveOrNonStaff)
        } else if !self.profile_is_assigned {
            Some(DenialReason::NoPerm)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Denied, Facts, Holder};
    use crate::model::denial::DenialReason;
    use time::macros::datetime;
    use time::{Duration, OffsetDateTime};
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-01-01 12:00 UTC);
    const HERE: &str = "https://db.example.com/mcp/sql/";

    fn open() -> Facts {
        Facts {
            holder: Holder {
                token_id: Uuid::nil(),
                person_id: Uuid::nil(),
                person: "demo".parse().unwrap(),
                email: "demo@example.com".to_owned(),
                client_id: Uuid::nil(),
                client: "command line".to_owned(),
                profile: "analyst".parse().unwrap(),
            },
            scope: "mcp:sql".to_owned(),
            audience: HERE.to_owned(),
            expires_at: NOW + Duration::SECOND,
            revoked_at: None,
            active: true,
            staff: true,
            client_disabled_at: None,
            profile_is_assigned: true,
        }
    }

    #[test]
    fn open_gates_admit() {
        assert!(open().admit(NOW, HERE).is_ok());
    }

    #[test]
    fn each_shut_gate_has_its_reason() {
        type Shut = fn(&mut Facts);
        let cases: [(DenialReason, Shut); 8] = [
            (DenialReason::TokenRevoked, |f| f.revoked_at = Some(NOW)),
            (DenialReason::ClientDisabled, |f| f.client_disabled_at = Some(NOW)),
            (DenialReason::WrongAudience, |f| f.audience = "https://elsewhere".to_owned()),
            (DenialReason::BadScope, |f| f.scope = "openid mcp:sqlx".to_owned()),
            (DenialReason::BadScope, |f| f.scope = String::new()),
            (DenialReason::InactiveOrNonStaff, |f| f.active = false),
            (DenialReason::InactiveOrNonStaff, |f| f.staff = false),
            (DenialReason::NoPerm, |f| f.profile_is_assigned = false),
        ];
        for (reason, shut) in cases {
            let mut facts = open();
            shut(&mut facts);
            let denied = facts.admit(NOW, HERE).unwrap_err();
            assert!(matches!(denied, Denied::Resolved(r, _) if r == reason), "{reason:?}: {denied:?}");
        }
    }

    #[test]
    fn a_token_ends_on_the_instant() {
        let mut facts = open();
        facts.expires_at = NOW;
        assert!(matches!(facts.admit(NOW, HERE), Err(Denied::Expired)));
    }
}
