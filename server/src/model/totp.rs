//! Codes of an authenticator app (RFC 6238): six digits, a new one every 30 seconds, HMAC-SHA-1, which is what every app
//! can do.

use crate::model::rng::{NoEntropy, Rng};
use data_encoding::{BASE32, BASE32_NOPAD};
use std::fmt;
use time::OffsetDateTime;
use totp_rs::{Algorithm, Builder, Totp};

const BYTES: usize = 20;
const DIGITS: usize = 6;
const SECONDS: u64 = 30;
/// Clocks are wrong, and people slow: the code before and the code after count too.
const SKEW: u16 = 1;

/// What the app and we both know. Never printed by `{:?}`.
#[derive(Clone)]
pub struct TotpSecret([u8; BYTES]);

impl TotpSecret {
    pub fn generate(rng: &Rng) -> Result<Self, NoEntropy> {
        Ok(Self(rng.bytes()?))
    }

    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As a person types it, in base 32.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase();
        let bytes = BASE32.decode(text.as_bytes()).or_else(|_| BASE32_NOPAD.decode(text.as_bytes())).ok()?;
        Self::from_bytes(&bytes)
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// In groups of four, for a person to type.
    #[must_use]
    pub fn groups(&self) -> String {
        let text = BASE32_NOPAD.encode(&self.0);
        let groups: Vec<&str> =
            text.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        groups.join(" ")
    }

    /// The address that a QR code holds. Hash, digits and period are what every app assumes, so they are left out and the
    /// code has fewer modules.
    #[must_use]
    pub fn url(&self, issuer: &str, account: &str) -> String {
        let secret = BASE32_NOPAD.encode(&self.0);
        // Apps show a plus sign where a form would read a space.
        let escape = |text: &str| {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
        };
        let (issuer, account) = (escape(issuer), escape(account));
        format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}")
    }

    /// The step whose code this is, if it is one that counts at `now`.
    #[must_use]
    pub fn check(&self, code: &str, now: OffsetDateTime) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = u64::try_from(now.unix_timestamp()).ok()?;
        if code.len() != DIGITS {
            return None;
        }
        i64::try_from(self.totp()?.check(&code, now)?).ok()
    }

    /// The code at `now`.
    #[must_use]
    pub fn code(&self, now: OffsetDateTime) -> Option<String> {
        let now = u64::try_from(now.unix_timestamp()).ok()?;
        Some(self.totp()?.generate(now).to_string())
    }

    fn totp(&self) -> Option<Totp> {
        let builder =
            Builder::new().with_algorithm(Algorithm::SHA1).with_skew(SKEW).with_step_duration(SECONDS);
        builder.with_secret(self.0).build().ok()
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::TotpSecret;
    use time::{Duration, OffsetDateTime};

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890").unwrap()
    }

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(secret().code(at(seconds)).unwrap(), code);
            assert_eq!(secret().check(code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn the_neighbours_count_and_no_others() {
        let step = 1_111_111_109 / 30;
        let seen = |n: i64| secret().check("081804", at((step + n) * 30));
        assert_eq!([-2, -1, 0, 1, 2].map(seen), [None, Some(step), Some(step), Some(step), None]);
    }

    #[test]
    fn spaces_are_forgiven_and_nothing_else() {
        assert!(secret().check(" 287 082", at(59)).is_some());
        for wrong in ["", "28708", "2870822", "+28708", "28708a", "٢٨٧٠٨٢"] {
            assert_eq!(secret().check(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let url = secret().url("Portcullis (db.example.com)", "jo@example.com");
        assert_eq!(
            url,
            "otpauth://totp/Portcullis%20%28db.example.com%29:jo%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Portcullis%20%28db.example.com%29"
        );
        let again = TotpSecret::from_base32(&secret().groups().replace(' ', "")).unwrap();
        assert_eq!(again.as_bytes(), secret().as_bytes());
    }
}
