//! Slows guessing down, for all instances together.
//!
//! A guess is counted before it is judged, so that a thousand at once are no more than one after the other. The wait
//! after each doubles, up to a bound, and what comes too early costs nothing: nobody can lock an account for ever. Where
//! a person has signed in from before, only guesses from there count.

use crate::flow::{Failure, Portcullis};
use crate::model::throttle::{Guess, network};
use crate::store::guesses::{self, GuessKey};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;
use time::OffsetDateTime;

/// How long a place stays known.
const KNOWN: time::Duration = time::Duration::days(90);

/// Since when a place must have been used to be known.
pub(super) fn known_since(portcullis: &Portcullis) -> OffsetDateTime {
    portcullis.now() - KNOWN
}

/// The counters that one guess is on.
pub(super) struct Counters(Vec<(Guess, GuessKey)>);

/// A guess came too early, or could not be counted.
pub(super) enum NotTaken {
    Wait(Duration),
    Failure(Failure),
}

impl<E: Into<Failure>> From<E> for NotTaken {
    fn from(error: E) -> Self {
        Self::Failure(error.into())
    }
}

impl Counters {
    /// Of a password for the account that is called `name`, whether or not there is one.
    pub(super) fn of_password(name: &str, ip: Option<IpAddr>, is_known_place: bool) -> Self {
        let network = ip.map(network);
        match network {
            Some(network) if is_known_place => Self(vec![(Guess::AccountHere, key(name, Some(network)))]),
            network => {
                let address = network.map(|network| (Guess::Address, key("", Some(network))));
                Self(address.into_iter().chain([(Guess::Account, key(name, None))]).collect())
            }
        }
    }

    /// Of a code, by somebody who knows the password.
    pub(super) fn of_code(person_id: uuid::Uuid, ip: Option<IpAddr>, is_known_place: bool) -> Self {
        let name = person_id.to_string();
        match ip.map(network) {
            Some(network) if is_known_place => Self(vec![(Guess::CodeHere, key(&name, Some(network)))]),
            _ => Self(vec![(Guess::Code, key(&name, None))]),
        }
    }

    /// Counts a guess on each.
    pub(super) async fn take(&self, portcullis: &Portcullis) -> Result<(), NotTaken> {
        let now = portcullis.now();
        for (guess, key) in &self.0 {
            if !guesses::take(portcullis.store(), *guess, key, now, portcullis.throttle()).await? {
                let free_at = guesses::free_at(portcullis.store(), *guess, key).await?.unwrap_or(now);
                let wait = Duration::try_from(free_at - now).unwrap_or_default();
                return Err(NotTaken::Wait(wait.max(Duration::from_secs(1))));
            }
        }
        Ok(())
    }

    /// The guess was right.
    pub(super) async fn forgive(&self, portcullis: &Portcullis) -> Result<(), Failure> {
        let now = portcullis.now();
        for (guess, key) in &self.0 {
            guesses::forgive(portcullis.store(), *guess, key, now).await?;
        }
        guesses::purge(portcullis.store(), now - portcullis.throttle().window, now).await?;
        Ok(())
    }
}

/// A hash, so that a password typed into the wrong field is not kept.
fn key(name: &str, network: Option<IpAddr>) -> GuessKey {
    let network = network.map(|network| network.to_string()).unwrap_or_default();
    Sha256::new().chain_update(name).chain_update([0]).chain_update(network).finalize().into()
}
