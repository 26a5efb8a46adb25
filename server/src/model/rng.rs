//! The only door to chance and to fresh identity.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use time::OffsetDateTime;
use uuid::Uuid;

/// Fills buffers with unpredictable bytes; passed to every flow, so that a test can decide what chance brings.
#[derive(Clone)]
pub struct Rng {
    fill: Arc<Fill>,
    /// The millisecond of the newest identifier.
    newest: Arc<AtomicU64>,
}

/// How far a clock may be put back without identifiers going back as well, in milliseconds: a day.
const HELD: u64 = 24 * 60 * 60 * 1000;

type Fill = dyn Fn(&mut [u8]) -> Result<(), NoEntropy> + Send + Sync;

/// The operating system would give no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoEntropy;

impl Rng {
    /// The operating system's generator, see `getrandom(2)`.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|bytes| getrandom::fill(bytes).map_err(|_| NoEntropy))
    }

    pub fn of(fill: impl Fn(&mut [u8]) -> Result<(), NoEntropy> + Send + Sync + 'static) -> Self {
        Self { fill: Arc::new(fill), newest: Arc::default() }
    }

    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoEntropy> {
        let mut bytes = [0; N];
        (self.fill)(&mut bytes)?;
        Ok(bytes)
    }

    /// A random identifier, which tells nothing (RFC 9562, version 4).
    pub fn uuid(&self) -> Result<Uuid, NoEntropy> {
        Ok(uuid::Builder::from_random_bytes(self.bytes()?).into_uuid())
    }

    /// An identifier that sorts by `at`, so that rows of the record land side by side in their index (RFC 9562,
    /// version 7). Where the clock was put back it stands still until the time has come again (section 6.2): what is
    /// recorded later never sorts before what was. A clock that was ahead by more than a day was wrong, and is not followed.
    pub fn uuid_at(&self, at: OffsetDateTime) -> Result<Uuid, NoEntropy> {
        let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        let follow = |newest: u64| if newest.abs_diff(millis) > HELD { millis } else { newest.max(millis) };
        let newest = self.newest.update(Ordering::Relaxed, Ordering::Relaxed, follow);
        let millis = follow(newest);
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()?).into_uuid())
    }
}

impl fmt::Debug for Rng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng")
    }
}
