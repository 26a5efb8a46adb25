//! A secret that must be read again, sealed with one of the operator's keys.

use crate::model::rng::{NoEntropy, Rng};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// Which key, and what it sealed: the nonce, then the ciphertext with its tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    pub key_id: String,
    pub bytes: Vec<u8>,
}

/// The operator's keys: the first one seals, any of them opens. Never printed by `{:?}`.
#[derive(Clone)]
pub struct Keyring {
    first: SealingKey,
    others: Vec<SealingKey>,
}

#[derive(Clone)]
struct SealingKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Why there is no keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoKeyring {
    #[error("there is no key in it")]
    Empty,
    #[error("key number {0} is not 32 bytes in base 64 or in hexadecimal")]
    Unreadable(usize),
    #[error("key number {0} is there twice")]
    Twice(usize),
}

/// Why a sealed secret cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    #[error("it is sealed with the key `{0}`, which is not among the keys given")]
    NoSuchKey(String),
    #[error("the seal is broken")]
    Broken,
}

#[derive(Debug, thiserror::Error)]
pub enum NotSealed {
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    #[error("the cipher refuses")]
    Cipher,
}

const NONCE: usize = 24;

impl Keyring {
    /// Keys of 32 bytes each, in base 64 or hexadecimal, one a line or with commas between; lines with `#` are remarks.
    pub fn parse(text: &str) -> Result<Self, NoKeyring> {
        let mut keys: Vec<SealingKey> = Vec::new();
        for (n, word) in key_words(text).enumerate() {
            let key = SealingKey::parse(word).ok_or(NoKeyring::Unreadable(n + 1))?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(NoKeyring::Twice(n + 1));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(NoKeyring::Empty)?;
        Ok(Self { first, others: keys.collect() })
    }

    /// Seals a secret for one person and one purpose; it opens for no other.
    pub fn seal(
        &self,
        rng: &Rng,
        purpose: &str,
        person_id: Uuid,
        secret: &[u8],
    ) -> Result<Sealed, NotSealed> {
        let nonce: [u8; NONCE] = rng.bytes()?;
        let payload = Payload { msg: secret, aad: &binding(purpose, person_id) };
        let ciphertext =
            self.first.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| NotSealed::Cipher)?;
        let bytes = nonce.into_iter().chain(ciphertext).collect();
        Ok(Sealed { key_id: self.first.id.clone(), bytes })
    }

    pub fn open(&self, purpose: &str, person_id: Uuid, sealed: &Sealed) -> Result<Vec<u8>, NotOpened> {
        let key = std::iter::once(&self.first)
            .chain(&self.others)
            .find(|key| key.id == sealed.key_id)
            .ok_or_else(|| NotOpened::NoSuchKey(sealed.key_id.clone()))?;
        let (nonce, ciphertext) = sealed.bytes.split_first_chunk::<NONCE>().ok_or(NotOpened::Broken)?;
        let payload = Payload { msg: ciphertext, aad: &binding(purpose, person_id) };
        key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| NotOpened::Broken)
    }

    /// Whether a secret is sealed with another key than the one that seals now.
    #[must_use]
    pub fn is_outdated(&self, sealed: &Sealed) -> bool {
        sealed.key_id != self.first.id
    }

    /// The names of the keys, the sealing one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.first).chain(&self.others).map(|key| key.id.as_str())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ids()).finish()
    }
}

impl SealingKey {
    fn parse(word: &str) -> Option<Self> {
        let bytes = key_bytes(word)?;
        // A name for the key that tells nothing about it.
        let digest = Sha256::new().chain_update("portcullis key name").chain_update(bytes).finalize();
        let id = HEXLOWER.encode(digest.get(..6)?);
        Some(Self { id, cipher: XChaCha20Poly1305::new(&Key::from(bytes)) })
    }
}

/// The words of a text that should hold keys: one a line or with commas between; lines with `#` are remarks.
pub(in crate::model) fn key_words(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| line.split([',', ' ', '\t', '\r'])).filter(|word| !word.is_empty())
}

/// 32 bytes in base 64 or hexadecimal.
pub(in crate::model) fn key_bytes(word: &str) -> Option<[u8; 32]> {
    let word = word.as_bytes();
    let readings = [
        HEXLOWER_PERMISSIVE.decode(word),
        BASE64.decode(word),
        BASE64_NOPAD.decode(word),
        BASE64URL.decode(word),
        BASE64URL_NOPAD.decode(word),
    ];
    readings.into_iter().flatten().find_map(|bytes| bytes.try_into().ok())
}

fn binding(purpose: &str, person_id: Uuid) -> Vec<u8> {
    [purpose.as_bytes(), &[0], person_id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{Keyring, NoKeyring, NotOpened};
    use crate::model::rng::Rng;
    use uuid::Uuid;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    #[test]
    fn a_new_key_seals_and_an_old_one_still_opens() {
        let someone = Uuid::from_u128(7);
        let old = Keyring::parse(OLD).unwrap();
        let sealed = old.seal(&Rng::system(), "factor", someone, b"secret").unwrap();
        let both = Keyring::parse(&format!("# rotated\n{NEW}\n{OLD}\n")).unwrap();
        assert!(both.is_outdated(&sealed));
        assert_eq!(both.open("factor", someone, &sealed).unwrap(), b"secret");
        let sealed = both.seal(&Rng::system(), "factor", someone, b"secret").unwrap();
        assert!(!both.is_outdated(&sealed));
        assert!(matches!(old.open("factor", someone, &sealed), Err(NotOpened::NoSuchKey(_))));
    }

    #[test]
    fn a_secret_opens_for_its_person_and_purpose_alone() {
        let keys = Keyring::parse(NEW).unwrap();
        let mut sealed = keys.seal(&Rng::system(), "factor", Uuid::from_u128(1), b"secret").unwrap();
        assert_eq!(keys.open("factor", Uuid::from_u128(2), &sealed), Err(NotOpened::Broken));
        assert_eq!(keys.open("other", Uuid::from_u128(1), &sealed), Err(NotOpened::Broken));
        sealed.bytes.truncate(10);
        assert_eq!(keys.open("factor", Uuid::from_u128(1), &sealed), Err(NotOpened::Broken));
    }

    #[test]
    fn other_texts_are_no_keys() {
        assert_eq!(Keyring::parse("# nothing\n").unwrap_err(), NoKeyring::Empty);
        assert_eq!(Keyring::parse("short").unwrap_err(), NoKeyring::Unreadable(1));
        assert_eq!(Keyring::parse(&format!("{OLD},{OLD}")).unwrap_err(), NoKeyring::Twice(2));
    }

    #[test]
    fn keys_are_not_printed() {
        let keys = Keyring::parse(NEW).unwrap();
        assert!(!format!("{keys:?}").contains("0101"));
    }
}
