//! What was dropped of the record on purpose, because it need not be kept any longer.

use super::canonical::{Canonical, Digest};
use super::keys::{RecordKeys, Signature};
use time::OffsetDateTime;
use uuid::Uuid;

/// A statement that rows between two identifiers were dropped. The seals stay, so the chain stays whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retained {
    /// That of the event which tells the same.
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub actor: String,
    /// From this identifier on, up to the other and not with it.
    pub since: Uuid,
    pub until: Uuid,
    /// How many rows were there.
    pub rows: i64,
    /// `None` where there was no key.
    pub signature: Option<Signature>,
}

impl Retained {
    #[must_use]
    pub fn signed(self, keys: &RecordKeys) -> Self {
        let signature = keys.sign(self.digest());
        Self { signature, ..self }
    }

    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::of("portcullis/retained/1");
        canonical.uuid(self.id);
        canonical.moment(self.at);
        canonical.text(&self.actor);
        canonical.uuid(self.since);
        canonical.uuid(self.until);
        canonical.integer(self.rows);
        canonical.digest()
    }

    #[must_use]
    pub fn covers(&self, id: Uuid) -> bool {
        self.since <= id && id < self.until
    }
}
