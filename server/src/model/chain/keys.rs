//! Keys that sign checkpoints (Ed25519, RFC 8032).

use super::canonical::Digest;
use crate::model::sealed::{key_bytes, key_words};
use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// A signature, and the name of the key that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub key_id: String,
    pub bytes: [u8; 64],
}

/// Who signs, and whose signatures are believed. Never prints what signs.
#[derive(Clone, Default)]
pub struct RecordKeys {
    signing: Option<SigningKey>,
    known: Vec<PublicKey>,
}

/// The half of a key that anybody may have: with it a signature is checked.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: String,
    key: VerifyingKey,
}

/// Why there are no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoKeys {
    #[error("there is no key in it")]
    Empty,
    #[error("key number {0} is not 32 bytes in base 64 or in hexadecimal")]
    Unreadable(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is no public key of Ed25519: 32 bytes in base 64 or in hexadecimal")]
pub struct NoPublicKey;

/// Why a signature is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    #[error("it is signed with the key `{0}`, which is not known")]
    UnknownKey(String),
    #[error("its signature is forged")]
    Broken,
}

impl RecordKeys {
    /// Secret keys of 32 bytes each, in base 64 or hexadecimal, one a line or with commas between; the first signs, the
    /// signatures of all are believed. Lines with `#` are remarks.
    pub fn parse(text: &str) -> Result<Self, NoKeys> {
        let mut keys = Self::default();
        for (n, word) in key_words(text).enumerate() {
            let key = SigningKey::from_bytes(&key_bytes(word).ok_or(NoKeys::Unreadable(n + 1))?);
            keys.know(PublicKey::of(key.verifying_key()));
            keys.signing.get_or_insert(key);
        }
        if keys.signing.is_none() { Err(NoKeys::Empty) } else { Ok(keys) }
    }

    /// Believes the signatures of another key.
    pub fn know(&mut self, key: PublicKey) {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
    }

    /// All that are believed, the one that signs first.
    #[must_use]
    pub fn known(&self) -> &[PublicKey] {
        &self.known
    }

    /// The name of the key that signs.
    #[must_use]
    pub fn signing_id(&self) -> Option<&str> {
        self.signing.as_ref().and_then(|_| self.known.first()).map(|key| key.id.as_str())
    }

    /// `None` where nothing signs.
    #[must_use]
    pub fn sign(&self, digest: Digest) -> Option<Signature> {
        let key_id = self.signing_id()?.to_owned();
        let bytes = self.signing.as_ref()?.sign(&digest.0).to_bytes();
        Some(Signature { key_id, bytes })
    }

    pub fn check(&self, digest: Digest, signature: &Signature) -> Result<(), BadSignature> {
        let key = self.known.iter().find(|key| key.id == signature.key_id);
        let key = key.ok_or_else(|| BadSignature::UnknownKey(signature.key_id.clone()))?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.bytes);
        key.key.verify_strict(&digest.0, &signature).map_err(|_| BadSignature::Broken)
    }
}

impl fmt::Debug for RecordKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.known).finish()
    }
}

impl PublicKey {
    fn of(key: VerifyingKey) -> Self {
        let digest =
            Sha256::new().chain_update("portcullis record key").chain_update(key.as_bytes()).finalize();
        let id = HEXLOWER.encode(digest.get(..6).unwrap_or_default());
        Self { id, key }
    }

    /// The name of the key, which follows from it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl FromStr for PublicKey {
    type Err = NoPublicKey;

    fn from_str(text: &str) -> Result<Self, NoPublicKey> {
        let key =
            VerifyingKey::from_bytes(&key_bytes(text.trim()).ok_or(NoPublicKey)?).map_err(|_| NoPublicKey)?;
        if key.is_weak() { Err(NoPublicKey) } else { Ok(Self::of(key)) }
    }
}

/// As it is read.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.key.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self}", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::canonical::Digest;
    use super::{BadSignature, NoKeys, PublicKey, RecordKeys};

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    #[test]
    fn after_a_rotation_the_old_signatures_are_still_believed() {
        let digest = Digest([7; 32]);
        let old = RecordKeys::parse(OLD).unwrap();
        let signature = old.sign(digest).unwrap();
        let both = RecordKeys::parse(&format!("# rotated\n{NEW}\n{OLD}\n")).unwrap();
        assert_eq!(both.check(digest, &signature), Ok(()));
        assert_ne!(both.signing_id(), old.signing_id());
        let signature = both.sign(digest).unwrap();
        assert!(matches!(old.check(digest, &signature), Err(BadSignature::UnknownKey(_))));
    }

    #[test]
    fn the_public_half_checks_and_does_not_sign() {
        let digest = Digest([7; 32]);
        let signer = RecordKeys::parse(NEW).unwrap();
        let mut reader = RecordKeys::default();
        reader.know(signer.known()[0].to_string().parse::<PublicKey>().unwrap());
        let mut signature = signer.sign(digest).unwrap();
        assert_eq!(reader.check(digest, &signature), Ok(()));
        assert_eq!(reader.sign(digest), None);
        signature.bytes[5] ^= 1;
        assert_eq!(reader.check(digest, &signature), Err(BadSignature::Broken));
    }

    #[test]
    fn other_texts_are_no_keys() {
        assert_eq!(RecordKeys::parse("# nothing\n").unwrap_err(), NoKeys::Empty);
        assert_eq!(RecordKeys::parse("short").unwrap_err(), NoKeys::Unreadable(1));
        assert!("short".parse::<PublicKey>().is_err());
        // The neutral element, under which anything could be signed.
        assert!("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".parse::<PublicKey>().is_err());
    }

    #[test]
    fn what_signs_is_not_printed() {
        let keys = RecordKeys::parse(NEW).unwrap();
        assert!(!format!("{keys:?}").contains("0101"));
    }
}
