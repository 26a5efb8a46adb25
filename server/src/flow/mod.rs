//! Deeds, one file each.
//!
//! Invariant: a flow knows nothing of HTTP or MCP; the same deed is done for an agent, for a person in the console and for
//! the command line.

pub mod add_person;
pub mod authenticate;
pub mod check;
pub mod describe_table;
pub mod issue_token;
pub mod list_tables;
pub mod migrate;
mod record;
pub mod refuse;
pub mod revoke_token;
pub mod run_query;
pub mod surface;

pub use record::{NoRecord, Recorded};

use crate::model::clock::Clock;
use crate::model::context::ContextValue;
use crate::model::limits::Limits;
use crate::model::profile::{Declared, ProfileName};
use crate::model::rng::Rng;
use crate::warehouse::Gateway;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use surface::SurfaceCache;

/// What every flow works with. Cheap to clone.
#[derive(Clone)]
pub struct Portcullis(Arc<Parts>);

/// What a [`Portcullis`] is made of.
pub struct Parts {
    pub store: PgPool,
    pub profiles: BTreeMap<ProfileName, Arc<Profile>>,
    /// The one canonical audience of our tokens.
    pub audience: String,
    /// The longest life of an access token.
    pub longest_token: Duration,
    pub clock: Clock,
    pub rng: Rng,
}

/// One profile at work.
pub struct Profile {
    pub name: ProfileName,
    pub gateway: Gateway,
    pub declared: Vec<Declared>,
    pub policy: gate::Policy,
    pub limits: Limits,
    /// Settings that row-scoped views read, and what each tells.
    pub context: Vec<(String, ContextValue)>,
    pub surface: SurfaceCache,
}

impl Portcullis {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn store(&self) -> &PgPool {
        &self.0.store
    }

    fn profile(&self, name: &ProfileName) -> Option<&Arc<Profile>> {
        self.0.profiles.get(name)
    }

    pub fn profiles(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.profiles.values()
    }

    #[must_use]
    pub fn audience(&self) -> &str {
        &self.0.audience
    }

    fn longest_token(&self) -> Duration {
        self.0.longest_token
    }

    fn now(&self) -> time::OffsetDateTime {
        self.0.clock.now()
    }

    #[must_use]
    pub fn rng(&self) -> &Rng {
        &self.0.rng
    }
}
