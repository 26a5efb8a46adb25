//! Bytes that can be read in one way only, and their SHA-256.
//!
//! Everything is written as a tag for its type, then, where its length is not given by the type, the length as eight bytes
//! (most significant first), then the content. The first thing is always a text that names what is written and in which
//! version, so that no two kinds of things can have the same bytes.

use data_encoding::{DecodeError, HEXLOWER};
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

/// SHA-256 of something written canonically.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoDigest {
    #[error("it is not hexadecimal")]
    NotHexadecimal(#[from] DecodeError),
    #[error("it has not 32 bytes")]
    Length,
}

impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        HEXLOWER.decode(text.as_bytes())?.try_into().map(Self).map_err(|_| NoDigest::Length)
    }
}

/// Takes things one after the other.
pub(super) struct Canonical(Sha256);

impl Canonical {
    /// `what` names the kind of thing and its version.
    pub(super) fn of(what: &str) -> Self {
        let mut canonical = Self(<Sha256 as sha2::Digest>::new());
        canonical.text(what);
        canonical
    }

    pub(super) fn digest(self) -> Digest {
        Digest(sha2::Digest::finalize(self.0).into())
    }

    pub(super) fn text(&mut self, text: &str) {
        self.tag(b't');
        self.length(text.len());
        self.put(text.as_bytes());
    }

    pub(super) fn texts(&mut self, texts: &[String]) {
        self.tag(b'l');
        self.length(texts.len());
        for text in texts {
            self.text(text);
        }
    }

    pub(super) fn uuid(&mut self, id: Uuid) {
        self.tag(b'u');
        self.put(id.as_bytes());
    }

    pub(super) fn integer(&mut self, number: i64) {
        self.tag(b'i');
        self.put(&number.to_be_bytes());
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.tag(b'f');
        self.put(&[u8::from(flag)]);
    }

    /// Microseconds since 1970, which is what PostgreSQL keeps.
    pub(super) fn moment(&mut self, at: OffsetDateTime) {
        self.tag(b'm');
        self.put(&micros(at).to_be_bytes());
    }

    pub(super) fn embed(&mut self, digest: Digest) {
        self.tag(b'd');
        self.put(&digest.0);
    }

    /// How many things follow.
    pub(super) fn count(&mut self, count: usize) {
        self.tag(b'n');
        self.length(count);
    }

    fn tag(&mut self, tag: u8) {
        self.put(&[tag]);
    }

    fn length(&mut self, length: usize) {
        self.put(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    }

    fn put(&mut self, bytes: &[u8]) {
        sha2::Digest::update(&mut self.0, bytes);
    }
}

pub(super) fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Canonical, Digest};

    #[test]
    fn what_reads_alike_side_by_side_is_told_apart() {
        let of = |texts: &[&str]| {
            let mut canonical = Canonical::of("test/1");
            for text in texts {
                canonical.text(text);
            }
            canonical.digest()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["ab"]), of(&["ab", ""]));
        let list = |texts: &[&str]| {
            let mut canonical = Canonical::of("test/1");
            canonical.texts(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
            canonical.digest()
        };
        assert_ne!(list(&["a", "b"]), of(&["a", "b"]));
    }

    /// `printf 't\0\0\0\0\0\0\0\6test/1i\0\0\0\0\0\0\0\7' | sha256sum`
    #[test]
    fn the_bytes_are_those_that_are_told() {
        let mut canonical = Canonical::of("test/1");
        canonical.integer(7);
        let digest = canonical.digest();
        assert_eq!(digest.to_string(), "1e2312fe4ef1957b1807931ecd588671f37cee3c8664bdcc946cea79aad9b130");
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }
}
