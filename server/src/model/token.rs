//! Bearer tokens (RFC 6750): opaque, 256 random bits, known to the store only by their hash.

use crate::model::rng::{NoEntropy, Rng};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// The scope that reads the warehouse over MCP.
pub const SCOPE: &str = "mcp:sql";

/// Begins every access token, so that a scanner for leaked secrets can know one.
const PREFIX: &str = "pcat_";

/// A bearer token as its holder knows it. It is shown once, never stored, and never printed by `{:?}`.
pub struct Bearer(String);

impl Bearer {
    pub fn generate(rng: &Rng) -> Result<Self, NoEntropy> {
        let secret: [u8; 32] = rng.bytes()?;
        Ok(Self(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&secret))))
    }

    /// What a client presented, if it has the shape of a token of ours.
    #[must_use]
    pub fn presented(text: &str) -> Option<Self> {
        let secret = text.strip_prefix(PREFIX)?;
        let bytes = BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// What the store knows of it. Looking a hash up takes a time that depends on the hash alone, so that nothing can be
    /// learnt about a token by timing.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The token itself, to be handed to its holder and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(..)")
    }
}

/// SHA-256 of a bearer token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::Bearer;
    use crate::model::rng::Rng;

    #[test]
    fn a_token_is_known_again() {
        let bearer = Bearer::generate(&Rng::system()).unwrap();
        let again = Bearer::presented(bearer.reveal()).unwrap();
        assert_eq!(bearer.hash().as_bytes(), again.hash().as_bytes());
        assert_eq!(bearer.reveal().len(), 48);
    }

    #[test]
    fn other_texts_are_no_tokens() {
        for text in ["", "pcat_", "pcat_AAAA", "secret", "pcat_!!!!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(Bearer::presented(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        let bearer = Bearer::generate(&Rng::system()).unwrap();
        assert_eq!(format!("{bearer:?}"), "Bearer(..)");
    }
}
