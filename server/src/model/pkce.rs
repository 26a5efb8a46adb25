//! Proof key for code exchange (RFC 7636): whoever asked is whoever comes back. `S256` alone; `plain` proves nothing to
//! somebody who saw the request.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// SHA-256 of a verifier that only the client knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`code_challenge` is not the base64url text of a SHA-256")]
pub struct NotAChallenge;

impl FromStr for Challenge {
    type Err = NotAChallenge;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match BASE64URL_NOPAD.decode(text.as_bytes()) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(text.to_owned())),
            _ => Err(NotAChallenge),
        }
    }
}

impl Challenge {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` is what was hashed. It need not be compared in constant time: both sides are hashes of
    /// something that an attacker would have to know whole.
    #[must_use]
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        (43..=128).contains(&verifier.len())
            && verifier.bytes().all(unreserved)
            && BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes())) == self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    /// RFC 7636, appendix B.
    #[test]
    fn the_example_of_the_standard_is_met() {
        let challenge: Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".parse().unwrap();
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!challenge.is_met_by(""));
    }

    #[test]
    fn other_texts_are_no_challenges() {
        for text in [
            "",
            "x",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
        ] {
            assert!(text.parse::<Challenge>().is_err(), "{text}");
        }
    }
}
