//! Where alerts are sent, and the signature by which the receiver knows them.

use crate::model::alert::Alert;
use data_encoding::HEXLOWER;
use ring::hmac;
use serde_json::json;
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

/// Whoever is told of alerts.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub url: Url,
    pub secret: Secret,
}

/// What both sides know. Never printed by `{:?}`.
#[derive(Clone)]
pub struct Secret(hmac::Key);

impl Secret {
    /// Fewer bytes than these could be guessed.
    pub const LEAST: usize = 24;

    #[must_use]
    pub fn new(secret: &str) -> Option<Self> {
        (secret.len() >= Self::LEAST).then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
    }

    /// `t=1772443200,v1=5257a8...`: the moment, and HMAC-SHA256 over the moment, a dot and the body.
    #[must_use]
    pub fn sign(&self, at: OffsetDateTime, body: &str) -> String {
        let seconds = at.unix_timestamp();
        let tag = hmac::sign(&self.0, format!("{seconds}.{body}").as_bytes());
        format!("t={seconds},v1={}", HEXLOWER.encode(tag.as_ref()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is sent: the same each time, so that a receiver can tell by `id` what it has had before.
#[must_use]
pub fn body(alert: &Alert, console: &str) -> String {
    json!({
        "id": alert.id,
        "at": alert.at.format(&Rfc3339).unwrap_or_default(),
        "kind": alert.kind.code(),
        "subject": alert.subject,
        "message": alert.message(),
        "url": format!("{console}/alerts"),
    })
    .to_string()
}

/// How long nothing is sent after so many attempts that failed: it doubles from five seconds to a quarter of an hour.
#[must_use]
pub fn rest(attempts: u32) -> Duration {
    let doubled = 1_u32 << attempts.saturating_sub(1).min(16);
    (Duration::from_secs(5) * doubled).min(Duration::from_mins(15))
}

#[cfg(test)]
mod tests {
    use super::{Secret, rest};
    use std::time::Duration;
    use time::macros::datetime;

    #[test]
    fn a_signature_can_be_checked_by_anybody_who_knows_the_secret() {
        let secret = Secret::new("a secret of both of the sides").unwrap();
        // printf '1772443200.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of both of the sides'
        assert_eq!(secret.sign(datetime!(2026-03-02 09:20 UTC), "{\"a\":1}"), SIGNED);
        assert!(Secret::new("short").is_none());
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn rests_grow_and_end_growing() {
        assert_eq!([1, 2, 3].map(rest), [5, 10, 20].map(Duration::from_secs));
        assert_eq!(rest(500), Duration::from_mins(15));
    }

    const SIGNED: &str = "t=1772443200,v1=552122f194348b8235760581aa60c0929b6eafad609dd4b5ac57572d31d57230";
}
