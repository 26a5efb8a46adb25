//! Recovery codes: ten of them, for the day the phone is lost, each good once.

use crate::model::rng::{NoEntropy, Rng};
use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// How many a person gets.
pub const MANY: usize = 10;
/// Enough that a hash cannot be turned back by trying.
const BYTES: usize = 10;

/// A code as its holder knows it. It is shown once, never stored, and never printed by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode([u8; BYTES]);

impl RecoveryCode {
    pub fn generate(rng: &Rng) -> Result<Self, NoEntropy> {
        Ok(Self(rng.bytes()?))
    }

    /// What somebody typed, if it has the shape of a code: case, spaces and dashes are forgiven, and so are the digits
    /// that look like letters.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                '0' => 'O',
                '1' => 'I',
                '8' => 'B',
                other => other,
            })
            .collect();
        BASE32_NOPAD.decode(plain.as_bytes()).ok()?.try_into().ok().map(Self)
    }

    /// What the store knows of it; the same code of another person has another hash.
    #[must_use]
    pub fn hash(&self, person_id: Uuid) -> [u8; 32] {
        let digest =
            Sha256::new().chain_update("portcullis recovery code\0").chain_update(person_id.as_bytes());
        digest.chain_update(self.0).finalize().into()
    }

    /// In groups of four.
    #[must_use]
    pub fn reveal(&self) -> String {
        let text = BASE32_NOPAD.encode(&self.0).to_ascii_lowercase();
        let groups: Vec<&str> =
            text.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        groups.join("-")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::RecoveryCode;
    use crate::model::rng::Rng;
    use uuid::Uuid;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::generate(&Rng::system()).unwrap();
        let text = code.reveal();
        assert_eq!(text.len(), 19);
        let sloppy =
            format!(" {} ", text.to_uppercase().replace('-', "  ").replace('O', "0").replace('B', "8"));
        for typed in [text.clone(), sloppy, text.replace('-', "")] {
            assert!(RecoveryCode::typed(&typed) == Some(code.clone()), "{typed}");
        }
        assert!(RecoveryCode::typed("123456").is_none());
    }

    #[test]
    fn a_hash_belongs_to_its_person() {
        let code = RecoveryCode::generate(&Rng::system()).unwrap();
        assert_ne!(code.hash(Uuid::from_u128(1)), code.hash(Uuid::from_u128(2)));
    }
}
