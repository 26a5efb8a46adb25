//! Hashes passwords: slowly, away from the threads that answer requests, and only a few at once, because each one takes
//! its memory.

use crate::model::rng::{NoEntropy, Rng};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for Effort {
    /// What OWASP recommends for argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// Hashes at once; each takes [`Effort::memory_kib`].
const AT_ONCE: usize = 4;
/// How long a hash waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Cheap to clone.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    effort: Effort,
    turns: Semaphore,
    /// The hash of a password that nobody has, to be checked where there is no person to check.
    nobody: OnceLock<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum NotHashed {
    #[error("too many passwords are being checked at once")]
    Crowded,
    #[error("the password could not be hashed: {0}")]
    Broken(String),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Whether a password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Right, and hashed with less work than we ask for today: hash it anew.
    RightButWeak,
    Wrong,
}

impl Hasher {
    #[must_use]
    pub fn new(effort: Effort) -> Self {
        Self(Arc::new(Inner { effort, turns: Semaphore::new(AT_ONCE), nobody: OnceLock::new() }))
    }

    /// A PHC string.
    pub async fn hash(&self, rng: &Rng, password: &str) -> Result<String, NotHashed> {
        let salt: [u8; 16] = rng.bytes()?;
        let (inner, password) = (Arc::clone(&self.0), password.to_owned());
        self.in_turn(move || hash(inner.effort, &password, &salt)).await
    }

    /// Checks a password against a PHC string; where there is none, it takes just as long to say no.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<Verdict, NotHashed> {
        let (inner, password) = (Arc::clone(&self.0), password.to_owned());
        self.in_turn(move || {
            let Some(hash) = hash else {
                verify(inner.effort, &password, &inner.nobody()?)?;
                return Ok(Verdict::Wrong);
            };
            verify(inner.effort, &password, &hash)
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, NotHashed> + Send + 'static,
    ) -> Result<T, NotHashed> {
        let turn = tokio::time::timeout(PATIENCE, self.0.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(NotHashed::Crowded) };
        tokio::task::spawn_blocking(work).await.map_err(|error| NotHashed::Broken(error.to_string()))?
    }
}

impl Inner {
    fn nobody(&self) -> Result<String, NotHashed> {
        if let Some(hash) = self.nobody.get() {
            return Ok(hash.clone());
        }
        // Nobody's password needs no secret salt.
        let hash = hash(self.effort, "", &[7; 16])?;
        Ok(self.nobody.get_or_init(|| hash).clone())
    }
}

fn hash(effort: Effort, password: &str, salt: &[u8]) -> Result<String, NotHashed> {
    let hash = argon2id(effort)?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| NotHashed::Broken(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify(effort: Effort, password: &str, hash: &str) -> Result<Verdict, NotHashed> {
    let hash = PasswordHash::new(hash).map_err(|error| NotHashed::Broken(error.to_string()))?;
    if argon2id(effort)?.verify_password(password.as_bytes(), &hash).is_err() {
        return Ok(Verdict::Wrong);
    }
    let least = |name: &str| hash.params.get_decimal(name).unwrap_or(0);
    let strong = hash.algorithm.as_str() == "argon2id"
        && least("m") >= effort.memory_kib
        && least("t") >= effort.passes;
    Ok(if strong { Verdict::Right } else { Verdict::RightButWeak })
}

fn argon2id(effort: Effort) -> Result<Argon2<'static>, NotHashed> {
    let params = Params::new(effort.memory_kib, effort.passes, 1, None)
        .map_err(|error| NotHashed::Broken(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::{Effort, Hasher, Verdict};
    use crate::model::rng::Rng;

    const LITTLE: Effort = Effort { memory_kib: 64, passes: 1 };
    const MORE: Effort = Effort { memory_kib: 128, passes: 1 };

    #[tokio::test]
    async fn a_password_is_known_again() {
        let hasher = Hasher::new(LITTLE);
        let hash = hasher.hash(&Rng::system(), "correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert_eq!(hasher.verify("correct horse", Some(hash.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(hasher.verify("correct horsf", Some(hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(
            hasher.verify("", None).await.unwrap(),
            Verdict::Wrong,
            "nobody's password lets nobody in"
        );
    }

    #[tokio::test]
    async fn a_weak_hash_is_noticed() {
        let hash = Hasher::new(LITTLE).hash(&Rng::system(), "correct horse").await.unwrap();
        let verdict = Hasher::new(MORE).verify("correct horse", Some(hash)).await.unwrap();
        assert_eq!(verdict, Verdict::RightButWeak);
    }

    #[test]
    fn the_parameters_are_those_of_owasp() {
        assert_eq!(Effort::default(), Effort { memory_kib: 19_456, passes: 2 });
    }
}
