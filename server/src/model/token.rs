//! Secrets that clients carry (RFC 6750): opaque, 256 random bits, known to the store only by their hash.

use crate::model::rng::{NoEntropy, Rng};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::fmt;
use std::marker::PhantomData;

/// The scope that reads the warehouse over MCP.
pub const SCOPE: &str = "mcp:sql";

/// What a secret is for.
pub trait Purpose {
    const NAME: &'static str;
    /// Begins every secret of this purpose, so that a scanner for leaked secrets can know one.
    const PREFIX: &'static str;
}

/// Access tokens.
pub struct Access;
/// Authorization codes.
pub struct Authorization;
/// Refresh tokens.
pub struct Renewal;

impl Purpose for Access {
    const NAME: &'static str = "Bearer";
    const PREFIX: &'static str = "pcat_";
}

impl Purpose for Authorization {
    const NAME: &'static str = "Code";
    const PREFIX: &'static str = "pcac_";
}

impl Purpose for Renewal {
    const NAME: &'static str = "Refresh";
    const PREFIX: &'static str = "pcrt_";
}

/// A bearer token as its holder knows it.
pub type Bearer = Secret<Access>;
/// An authorization code (RFC 6749, section 1.3.1).
pub type Code = Secret<Authorization>;
/// A refresh token (RFC 6749, section 1.5).
pub type Refresh = Secret<Renewal>;

/// A secret as its holder knows it. It is shown once, never stored, and never printed by `{:?}`.
pub struct Secret<P> {
    text: String,
    purpose: PhantomData<P>,
}

impl<P: Purpose> Secret<P> {
    pub fn generate(rng: &Rng) -> Result<Self, NoEntropy> {
        Ok(Self::of(&rng.bytes()?))
    }

    fn of(secret: &[u8; 32]) -> Self {
        Self { text: format!("{}{}", P::PREFIX, BASE64URL_NOPAD.encode(secret)), purpose: PhantomData }
    }

    /// What a client presented, if it has the shape of a secret of ours.
    #[must_use]
    pub fn presented(text: &str) -> Option<Self> {
        let secret = text.strip_prefix(P::PREFIX)?;
        let bytes = BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self { text: text.to_owned(), purpose: PhantomData })
    }

    /// What the store knows of it. Looking a hash up takes a time that depends on the hash alone, so that nothing can be
    /// learnt about a secret by timing.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.text.as_bytes()).into())
    }

    /// The secret itself, to be handed to its holder and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl Refresh {
    /// What follows this token: both secrets can be told again to whoever shows this one, and by nobody else, although
    /// the store knows neither. `salt` is chosen when the token is first used.
    #[must_use]
    pub fn successors(&self, salt: &[u8; 32]) -> (Bearer, Self) {
        let derive = |label: &str| -> [u8; 32] {
            Sha256::new().chain_update(label).chain_update(salt).chain_update(&self.text).finalize().into()
        };
        (Secret::of(&derive("access")), Self::of(&derive("refresh")))
    }
}

impl<P: Purpose> fmt::Debug for Secret<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(..)", P::NAME)
    }
}

/// SHA-256 of a secret.
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
    use super::{Bearer, Code, Refresh};
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

    #[test]
    fn secrets_of_different_purpose_are_different() {
        let code = Code::generate(&Rng::system()).unwrap();
        assert!(Bearer::presented(code.reveal()).is_none());
        assert!(Refresh::presented(code.reveal()).is_none());
        assert!(Code::presented(code.reveal()).is_some());
    }

    #[test]
    fn what_follows_a_refresh_token_depends_on_it_and_on_the_salt() {
        let token = Refresh::generate(&Rng::system()).unwrap();
        let pair = |token: &Refresh, salt: &[u8; 32]| {
            let (access, refresh) = token.successors(salt);
            (access.reveal().to_owned(), refresh.reveal().to_owned())
        };
        let first = pair(&token, &[1; 32]);
        assert_eq!(first, pair(&token, &[1; 32]));
        assert!(Bearer::presented(&first.0).is_some() && Refresh::presented(&first.1).is_some());
        assert_ne!(first.0.get(5..), first.1.get(5..));
        assert_ne!(first, pair(&token, &[2; 32]));
        assert_ne!(first, pair(&Refresh::generate(&Rng::system()).unwrap(), &[1; 32]));
    }
}
