//! A checkpoint: how far the chain had grown, told so that it can be held against the chain later.

use super::canonical::{Canonical, Digest};
use super::keys::{RecordKeys, Signature};
use time::OffsetDateTime;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The seal that was the last then, and its link.
    pub position: i64,
    pub link: Digest,
    pub at: OffsetDateTime,
    /// How many rows were sealed.
    pub rows: i64,
    /// `None` where there was no key.
    pub signature: Option<Signature>,
}

impl Checkpoint {
    /// The same, signed where there is a key.
    #[must_use]
    pub fn signed(self, keys: &RecordKeys) -> Self {
        let signature = keys.sign(self.digest());
        Self { signature, ..self }
    }

    /// What is signed.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::of("portcullis/checkpoint/1");
        canonical.integer(self.position);
        canonical.moment(self.at);
        canonical.integer(self.rows);
        canonical.embed(self.link);
        canonical.digest()
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{BadSignature, RecordKeys};
    use super::{Checkpoint, Digest};
    use time::macros::datetime;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            position: 1,
            link: Digest([9; 32]),
            at: datetime!(2026-03-02 09:00 UTC),
            rows: 2,
            signature: None,
        }
    }

    #[test]
    fn what_is_signed_stays_what_it_is() {
        let digest = checkpoint().digest();
        assert_eq!(digest.to_string(), "aaa5e3fe3a2d05449a976f43007f0b5bab1008d1e0b7c17f64fc0321c5830adc");
    }

    #[test]
    fn a_signature_is_for_one_checkpoint_alone() {
        let keys = RecordKeys::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        let signed = checkpoint().signed(&keys);
        let signature = signed.signature.clone().unwrap();
        assert_eq!(keys.check(signed.digest(), &signature), Ok(()));
        let other = Checkpoint { rows: 3, ..signed };
        assert_eq!(keys.check(other.digest(), &signature), Err(BadSignature::Broken));
    }
}
