//! Deeds, one file each.
//!
//! Invariant: a flow knows nothing of HTTP or MCP; the same deed is done for an agent, for a person in the console and for
//! the command line.

pub mod add_person;
pub mod alert;
pub mod assign_profile;
pub mod authenticate;
pub mod authorize;
pub mod budget;
mod canary;
pub mod change_password;
pub mod check;
pub mod checkpoint_file;
pub mod consent;
mod deliver;
pub mod deliver_alerts;
pub mod deliver_checkpoints;
mod deny;
pub mod describe_table;
pub mod doctor;
pub mod drain;
pub mod end_grant;
pub mod enrol_factor;
pub mod exchange;
pub mod explain_query;
pub mod export;
pub mod export_chain;
mod failure;
mod find_calls;
mod find_client;
mod happened;
pub mod health;
pub mod index_calls;
pub mod issue_token;
pub mod list_tables;
pub mod manage_clients;
pub mod manage_person;
pub mod migrate;
pub mod overview;
pub mod passwords;
pub mod pause;
pub mod people;
pub mod prove;
pub mod reconcile_grants;
mod record;
pub mod refuse;
pub mod register_client;
pub mod retain;
pub mod review_call;
pub mod review_calls;
pub mod review_denials;
pub mod review_events;
pub mod review_surface;
pub mod revoke_token;
pub mod role_setup;
pub mod run_query;
pub mod running;
pub mod seal_record;
pub mod seal_state;
pub mod self_test;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod smoke;
mod standing;
mod strangers;
pub mod surface;
pub mod surface_lock;
mod throttle;
pub mod tidy_up;
pub mod try_sql;
pub mod usage;
pub mod verify_file;
pub mod verify_record;
pub mod watch_drift;
pub mod watch_usage;

pub use crate::warehouse::{Fault, Overrun};
pub use failure::Failure;
pub use record::{NoRecord, NotAnswered, Recorded};

use crate::fetch::Fetch;
use crate::model::authorization::Authorization;
use crate::model::budget::Budgets;
use crate::model::canary::Canary;
use crate::model::chain::{CheckpointPolicy, RecordKeys};
use crate::model::clock::Clock;
use crate::model::context::ContextValue;
use crate::model::drift::Risk;
use crate::model::limits::Limits;
use crate::model::profile::{Declared, ProfileName};
use crate::model::rng::Rng;
use crate::model::sealed::Keyring;
use crate::model::self_test::SelfTest;
use crate::model::session::SessionLife;
use crate::model::surface_lock::LockedRelations;
use crate::model::throttle::SignInThrottle;
use crate::model::tools::Tools;
use crate::model::tripwire::Tripwires;
use crate::model::view::Views;
use crate::model::warehouse::WarehouseName;
use crate::model::webhook::Webhook;
use crate::store::Store;
use crate::store::door::Door;
use crate::store::journal::Journal;
use crate::warehouse::{Administrator, Gateway, Timeouts};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use surface::SurfaceCache;

/// What every flow works with. Cheap to clone.
#[derive(Clone)]
pub struct Portcullis(Arc<Parts>);

/// What a [`Portcullis`] is made of.
pub struct Parts {
    pub store: Store,
    /// Asks who comes in.
    pub door: Door,
    /// Writes the record of calls.
    pub journal: Journal,
    pub warehouses: Vec<Arc<Warehouse>>,
    pub profiles: BTreeMap<ProfileName, Arc<Profile>>,
    /// The one canonical audience of our tokens.
    pub audience: String,
    /// The longest life of an access token.
    pub longest_token: Duration,
    /// Seals the secrets of second factors.
    pub keys: Keyring,
    pub sessions: SessionLife,
    pub throttle: SignInThrottle,
    pub tripwires: Tripwires,
    /// Who is told of alerts, beside the log and the console.
    pub webhook: Option<Webhook>,
    pub running: running::Running,
    pub passwords: passwords::Hasher,
    /// What an authenticator app calls us.
    pub issuer: String,
    /// What the standards call our issuer: how clients reach us, without a slash at the end.
    pub issuer_url: String,
    pub authorization: Authorization,
    /// Signs checkpoints of the record, and tells whose are believed.
    pub record_keys: RecordKeys,
    pub checkpoints: CheckpointPolicy,
    /// Where checkpoints are kept outside of the store.
    pub checkpoint_file: Option<PathBuf>,
    /// Where they are sent to.
    pub checkpoint_webhook: Option<Webhook>,
    pub fetch: Fetch,
    pub clock: Clock,
    pub rng: Rng,
    pub self_testing: SelfTest,
}

/// What outlives a change of the configuration.
pub struct Lasting {
    pub store: Store,
    pub door: Door,
    pub journal: Journal,
    pub running: running::Running,
    pub passwords: passwords::Hasher,
}

/// One warehouse at work.
pub struct Warehouse {
    pub name: WarehouseName,
    /// Who may change what is granted there; nothing else uses it.
    pub administrator: Option<Administrator>,
    /// Relations outside of every profile that nobody has a reason to name.
    pub canaries: Vec<Canary>,
}

/// One profile at work.
pub struct Profile {
    pub name: ProfileName,
    /// What it reads.
    pub warehouse: Arc<Warehouse>,
    /// The role that is entered for each statement, and the one that signs in to enter it.
    pub role: String,
    pub login: String,
    pub gateway: Gateway,
    /// What agents may read, the views of our own included.
    pub declared: Vec<Declared>,
    pub views: Views,
    pub policy: gate::Policy,
    pub limits: Limits,
    pub budgets: Budgets,
    pub tools: Tools,
    pub timeouts: Timeouts,
    /// Settings that row-scoped views read, and what each tells.
    pub context: Vec<(String, ContextValue)>,
    pub surface: SurfaceCache,
    /// Dangers that its operator accepts by name.
    pub tolerate: Vec<Risk>,
    /// Relations of the profile that nobody has a reason to read.
    pub canaries: Vec<Canary>,
    /// What was there when somebody last looked, if that was written down.
    pub lock: Option<LockedRelations>,
}

impl Portcullis {
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    #[must_use]
    pub fn lasting(&self) -> Lasting {
        let Parts { store, door, journal, running, passwords, .. } = &*self.0;
        Lasting {
            store: store.clone(),
            door: door.clone(),
            journal: journal.clone(),
            running: running.clone(),
            passwords: passwords.clone(),
        }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    fn door(&self) -> &Door {
        &self.0.door
    }

    fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// Ready once every call that is at work has its outcome on record, whether or not somebody waits for it.
    pub async fn settled(&self) {
        self.running().settled().await;
        self.journal().settled().await;
    }

    fn profile(&self, name: &ProfileName) -> Option<&Arc<Profile>> {
        self.0.profiles.get(name)
    }

    pub fn profiles(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.profiles.values()
    }

    /// `[warehouse]` first, then the others by name.
    pub fn warehouses(&self) -> impl Iterator<Item = &Arc<Warehouse>> {
        self.0.warehouses.iter()
    }

    /// Whether a word about one of them must say which.
    #[must_use]
    pub fn has_several_warehouses(&self) -> bool {
        self.0.warehouses.len() > 1
    }

    /// The profiles that read one warehouse, by name.
    pub fn profiles_of(&self, warehouse: &Warehouse) -> impl Iterator<Item = &Arc<Profile>> {
        self.profiles().filter(move |profile| profile.warehouse.name == warehouse.name)
    }

    fn self_testing(&self) -> &SelfTest {
        &self.0.self_testing
    }

    #[must_use]
    pub fn audience(&self) -> &str {
        &self.0.audience
    }

    fn longest_token(&self) -> Duration {
        self.0.longest_token
    }

    fn keys(&self) -> &Keyring {
        &self.0.keys
    }

    /// How long sessions live.
    #[must_use]
    pub fn session_life(&self) -> SessionLife {
        self.0.sessions
    }

    fn throttle(&self) -> SignInThrottle {
        self.0.throttle
    }

    /// What raises an alert about a person's usage.
    #[must_use]
    pub fn tripwires(&self) -> &Tripwires {
        &self.0.tripwires
    }

    fn webhook(&self) -> Option<&Webhook> {
        self.0.webhook.as_ref()
    }

    /// What is being read at this moment.
    fn running(&self) -> &running::Running {
        &self.0.running
    }

    fn passwords(&self) -> &passwords::Hasher {
        &self.0.passwords
    }

    fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Who issues our tokens, as the standards name it.
    #[must_use]
    pub fn issuer_url(&self) -> &str {
        &self.0.issuer_url
    }

    /// What the operator decided about authorization.
    #[must_use]
    pub fn authorization(&self) -> &Authorization {
        &self.0.authorization
    }

    /// Signs checkpoints of the record, and tells whose are believed.
    #[must_use]
    pub fn record_keys(&self) -> &RecordKeys {
        &self.0.record_keys
    }

    fn checkpoints(&self) -> CheckpointPolicy {
        self.0.checkpoints
    }

    fn checkpoint_file(&self) -> Option<&Path> {
        self.0.checkpoint_file.as_deref()
    }

    fn checkpoint_webhook(&self) -> Option<&Webhook> {
        self.0.checkpoint_webhook.as_ref()
    }

    fn fetch(&self) -> &Fetch {
        &self.0.fetch
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    #[must_use]
    pub fn now(&self) -> time::OffsetDateTime {
        self.0.clock.now()
    }

    #[must_use]
    pub fn rng(&self) -> &Rng {
        &self.0.rng
    }
}
