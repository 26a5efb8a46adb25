//! The certificate by which the program itself speaks TLS, and its key.
//!
//! Invariant: whoever holds a [`Certificate`] holds a pair that belongs together and that a handshake can use. Whether a
//! client will believe it is another question, which [`Certificate::doubts`] answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_rustls::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{CertificateError, Error, InconsistentKeys, RootCertStore, ServerConfig};

/// All that is spoken once the handshake is over (RFC 7301).
const HTTP_1_1: &[u8] = b"http/1.1";
/// Whoever renews automatically does so well before this; what is left in the last two weeks was forgotten.
const SOON: Duration = Duration::from_hours(14 * 24);
/// The last second of the year 9999: the end of what a certificate can say (RFC 5280, section 4.1.2.5).
const FOR_EVER: u64 = 253_402_300_799;

/// A chain of certificates, the program's own first, and the key of that one.
#[derive(Clone)]
pub struct Certificate {
    config: Arc<ServerConfig>,
    own: CertificateDer<'static>,
}

/// Why a pair of files cannot be used, by the file that is to blame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("is not PEM: it should hold `-----BEGIN CERTIFICATE-----`")]
    ChainNotPem,
    #[error("holds no certificate")]
    NoCertificate,
    #[error("holds a certificate that cannot be read")]
    BadCertificate,
    #[error("is not PEM: it should hold `-----BEGIN PRIVATE KEY-----`")]
    KeyNotPem,
    #[error("holds no private key that is readable without a passphrase")]
    NoKey,
    #[error(
        "holds a key that TLS cannot use: take ECDSA (P-256, P-384), Ed25519, or RSA of 2048 bits or more"
    )]
    BadKey,
    #[error("is not the key of the certificate")]
    OtherKey,
}

impl Unusable {
    /// Whether the key's file is to blame, and not the certificate's.
    #[must_use]
    pub fn is_of_the_key(self) -> bool {
        matches!(self, Self::KeyNotPem | Self::NoKey | Self::BadKey | Self::OtherKey)
    }
}

/// Why clients may not believe a certificate that can be used otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("begins only on {}: until then no client believes it", .0.date())]
    TooEarly(OffsetDateTime),
    #[error("ended on {}: no client believes it any more", .0.date())]
    Over(OffsetDateTime),
    #[error("ends on {}: renew it", .0.date())]
    EndsSoon(OffsetDateTime),
    #[error(
        "is not made out to `{0}`, the host of `server.public_url`: who asks there by that name does not believe it"
    )]
    OtherName(String),
    #[error("is none that every client takes for a server's: {0}")]
    NotForServers(String),
}

impl Certificate {
    /// Reads both from PEM (RFC 7468): the chain may hold whatever leads to the root, the key must be in the clear.
    pub fn read(chain: &[u8], key: &[u8]) -> Result<Self, Vec<Unusable>> {
        match (read_chain(chain), read_key(key)) {
            (Ok(chain), Ok(key)) => Self::of(chain, key).map_err(|why| vec![why]),
            (chain, key) => Err([chain.err(), key.err()].into_iter().flatten().collect()),
        }
    }

    fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, Unusable> {
        let own = chain.first().cloned().ok_or(Unusable::NoCertificate)?;
        let provider = Arc::new(ring::default_provider());
        let pair = CertifiedKey::from_der(chain, key, &provider).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Unusable::OtherKey,
            Error::InvalidCertificate(_) => Unusable::BadCertificate,
            _ => Unusable::BadKey,
        })?;
        // TLS 1.2 and 1.3 (RFC 9325, section 3.1.1).
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = versions.map_err(|_| Unusable::BadKey)?.with_no_client_auth();
        let mut config = config.with_cert_resolver(Arc::new(SingleCertAndKey::from(pair)));
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        Ok(Self { config: Arc::new(config), own })
    }

    /// What a handshake needs.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// Why clients that ask for `host` may not believe it at this moment.
    #[must_use]
    pub fn doubts(&self, now: OffsetDateTime, host: &str) -> Vec<Doubt> {
        let Ok(parsed) = ParsedCertificate::try_from(&self.own) else {
            return vec![Doubt::NotForServers("it cannot be read".to_owned())];
        };
        let now = u64::try_from(now.unix_timestamp()).unwrap_or_default();
        let mut doubts: Vec<Doubt> = of_time(&parsed, now).into_iter().collect();
        let host = bare(host);
        if !ServerName::try_from(host).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok()) {
            doubts.push(Doubt::OtherName(host.to_owned()));
        }
        doubts
    }
}

/// The host of an authority as names and addresses are looked up: an IPv6 address without its brackets (RFC 3986, 3.2.2).
#[must_use]
pub fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// The certificates of a PEM file, in their order.
pub fn read_chain(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    if !holds_pem(pem) {
        return Err(Unusable::ChainNotPem);
    }
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let chain = chain.map_err(|_| Unusable::BadCertificate)?;
    match chain.first().map(ParsedCertificate::try_from) {
        None => Err(Unusable::NoCertificate),
        Some(Err(_)) => Err(Unusable::BadCertificate),
        Some(Ok(_)) => Ok(chain),
    }
}

fn read_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, Unusable> {
    if !holds_pem(pem) {
        return Err(Unusable::KeyNotPem);
    }
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| Unusable::NoKey)
}

fn holds_pem(text: &[u8]) -> bool {
    text.windows(11).any(|window| window == b"-----BEGIN ")
}

/// The library tells when a certificate begins and ends only by refusing it at another time. It looks at that, and at what
/// the certificate is for, before it looks for an issuer; so where it finds no issuer among none, all else is well.
fn of_time(parsed: &ParsedCertificate<'_>, now: u64) -> Option<Doubt> {
    let nobody = RootCertStore::empty();
    let at = |second: u64| {
        let moment = UnixTime::since_unix_epoch(Duration::from_secs(second));
        verify_server_cert_signed_by_trust_anchor(parsed, &nobody, &[], moment, &[]).err()
    };
    let ends = |error: Option<Error>| match error {
        Some(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            Some(not_after)
        }
        _ => None,
    };
    match at(now) {
        Some(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
            return Some(Doubt::TooEarly(moment(not_before)));
        }
        Some(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
            return Some(Doubt::Over(moment(not_after)));
        }
        None | Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {}
        Some(error) => return Some(Doubt::NotForServers(error.to_string())),
    }
    let end = ends(at(FOR_EVER))?;
    let begin = match at(0) {
        Some(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
            not_before.as_secs()
        }
        _ => 0,
    };
    // Some live for days: those are renewed in their last third.
    let soon = SOON.as_secs().min(end.as_secs().saturating_sub(begin) / 4);
    (end.as_secs().saturating_sub(now) < soon).then(|| Doubt::EndsSoon(moment(end)))
}

fn moment(moment: UnixTime) -> OffsetDateTime {
    let seconds = i64::try_from(moment.as_secs()).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate")
    }
}

#[cfg(test)]
mod tests {
    use super::{Certificate, Doubt, Unusable};
    use rcgen::{CertificateParams, KeyPair};
    use time::OffsetDateTime;
    use time::macros::datetime;

    const NOON: OffsetDateTime = datetime!(2026-05-01 12:00 UTC);

    fn made(from: OffsetDateTime, until: OffsetDateTime) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["db.example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (from, until);
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    fn year() -> (String, String) {
        made(datetime!(2026-01-01 0:00 UTC), datetime!(2027-01-01 0:00 UTC))
    }

    fn read(chain: &str, key: &str) -> Result<Certificate, Vec<Unusable>> {
        Certificate::read(chain.as_bytes(), key.as_bytes())
    }

    fn doubts(from: OffsetDateTime, until: OffsetDateTime, host: &str) -> Vec<Doubt> {
        let (chain, key) = made(from, until);
        read(&chain, &key).unwrap().doubts(NOON, host)
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let ((chain, key), (other, other_key)) = (year(), year());
        assert!(read(&chain, &key).is_ok());
        assert!(read(&format!("{chain}{other}"), &key).is_ok(), "what follows leads to the root");
        let why = |chain: &str, key: &str| read(chain, key).unwrap_err();
        assert_eq!(why(&chain, &other_key), [Unusable::OtherKey]);
        assert_eq!(why("\u{30}\u{82}", ""), [Unusable::ChainNotPem, Unusable::KeyNotPem]);
        assert_eq!(why(&key, &chain), [Unusable::NoCertificate, Unusable::NoKey]);
        let broken = chain.replacen("MII", "AAA", 1).replacen("MIIB", "AAAA", 1);
        assert_ne!(broken, chain);
        assert_eq!(why(&broken, &key), [Unusable::BadCertificate]);
        let sealed = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert_eq!(why(&chain, &sealed), [Unusable::NoKey]);
        let senseless = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(why(&chain, senseless), [Unusable::BadKey]);
    }

    #[test]
    fn what_clients_would_not_believe_is_told_before_they_do_not() {
        let (year, day) = (datetime!(2026-01-01 0:00 UTC), datetime!(2026-05-02 12:00 UTC));
        let next = datetime!(2027-01-01 0:00 UTC);
        assert_eq!(doubts(year, next, "db.example.com"), []);
        assert_eq!(doubts(year, NOON, "db.example.com"), [Doubt::EndsSoon(NOON)]);
        assert_eq!(doubts(year, day, "db.example.com"), [Doubt::EndsSoon(day)]);
        assert_eq!(doubts(datetime!(2026-04-30 0:00 UTC), day, "db.example.com"), [], "one of few days");
        let past = datetime!(2026-04-01 0:00 UTC);
        assert_eq!(doubts(year, past, "db.example.com"), [Doubt::Over(past)]);
        assert_eq!(doubts(day, next, "db.example.com"), [Doubt::TooEarly(day)]);
        assert_eq!(doubts(year, next, "www.example.com"), [Doubt::OtherName("www.example.com".to_owned())]);
        assert_eq!(doubts(year, next, "[::1]"), [Doubt::OtherName("::1".to_owned())]);
    }

    #[test]
    fn nothing_of_the_key_is_shown() {
        let (chain, key) = year();
        assert_eq!(format!("{:?}", read(&chain, &key).unwrap()), "Certificate");
    }
}
