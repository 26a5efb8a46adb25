//! From a configuration to a program that can work.

use crate::config::{self, Config};
use crate::fetch::Fetch;
use crate::flow::passwords::{Effort, Hasher};
use crate::flow::running::Running;
use crate::flow::{Lasting, Parts, Portcullis, Profile, Warehouse};
use crate::http::Site;
use crate::model::clock::Clock;
use crate::model::profile::ProfileName;
use crate::model::rng::Rng;
use crate::store;
use crate::store::door::Door;
use crate::store::journal::Journal;
use crate::warehouse::{Administrator, Gateway, GatewayOptions, Misfit, Timeouts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the program is given beside its configuration.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub clock: Clock,
    pub rng: Rng,
    /// How documents of clients are fetched.
    pub fetch: Fetch,
    /// How much work a password's hash is.
    pub hashing: Effort,
}

impl Surroundings {
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Clock::system(),
            rng: Rng::system(),
            fetch: Fetch::system(),
            hashing: Effort::default(),
        }
    }
}

/// A profile that cannot work.
#[derive(Debug, thiserror::Error)]
#[error("profiles.{profile}: {misfit}")]
pub struct Unfit {
    pub profile: ProfileName,
    #[source]
    pub misfit: Misfit,
}

/// Puts the program together. Nothing is connected yet: each database is reached when it is first needed.
pub fn portcullis(config: &Config, surroundings: Surroundings) -> Result<Portcullis, Unfit> {
    let store = store::open(config.store.options.clone());
    let lasting = Lasting {
        door: Door::new(&store),
        journal: Journal::new(&store),
        store,
        running: Running::default(),
        passwords: Hasher::new(surroundings.hashing),
    };
    assembled(config, surroundings, lasting, &BTreeMap::new())
}

/// Puts the program together anew while it runs: it keeps its store and what it is reading, and the connections of each
/// profile that reads as before.
pub fn reloaded(
    config: &Config,
    surroundings: Surroundings,
    before: &Portcullis,
) -> Result<Portcullis, Unfit> {
    let profiles = before.profiles().map(|profile| (profile.name.clone(), profile.gateway.clone())).collect();
    assembled(config, surroundings, before.lasting(), &profiles)
}

fn assembled(
    config: &Config,
    surroundings: Surroundings,
    lasting: Lasting,
    gateways: &BTreeMap<ProfileName, Gateway>,
) -> Result<Portcullis, Unfit> {
    let (mut warehouses, mut profiles) = (Vec::new(), BTreeMap::new());
    for of_config in &config.warehouses {
        let warehouse = Arc::new(Warehouse {
            name: of_config.name.clone(),
            administrator: of_config.admin.clone().map(Administrator::new),
            canaries: of_config.canaries.clone(),
        });
        for (name, profile) in config.profiles_of(&of_config.name) {
            let unfit = |misfit| Unfit { profile: name.clone(), misfit };
            let profile = at_work(name, profile, &warehouse, gateways.get(name)).map_err(unfit)?;
            profiles.insert(name.clone(), Arc::new(profile));
        }
        warehouses.push(warehouse);
    }
    let Lasting { store, door, journal, running, passwords } = lasting;
    Ok(Portcullis::new(Parts {
        store,
        door,
        journal,
        warehouses,
        profiles,
        audience: config.audience(),
        longest_token: config.tokens.access,
        keys: config.server.keys.clone(),
        sessions: config.sessions,
        throttle: config.throttle,
        tripwires: config.tripwires.clone(),
        webhook: config.webhook.clone(),
        running,
        passwords,
        issuer: format!("Portcullis ({})", config.server.public_url.host_str().unwrap_or("local")),
        issuer_url: config.issuer_url(),
        authorization: config.authorization.clone(),
        record_keys: config.record.keys.clone(),
        checkpoints: config.record.checkpoints,
        checkpoint_file: config.record.checkpoint_file.clone(),
        checkpoint_webhook: config.record.webhook.clone(),
        fetch: surroundings.fetch,
        clock: surroundings.clock,
        rng: surroundings.rng,
        self_testing: config.self_test.clone(),
    }))
}

/// A profile that reads as before keeps its gateway, and with it its connections.
fn at_work(
    name: &ProfileName,
    profile: &config::Profile,
    warehouse: &Arc<Warehouse>,
    before: Option<&Gateway>,
) -> Result<Profile, Misfit> {
    let timeouts = Timeouts {
        statement: profile.timeouts.statement,
        lock: profile.timeouts.lock,
        idle_in_transaction: profile.timeouts.idle_in_transaction,
    };
    let options = GatewayOptions {
        connect: profile.connect.clone(),
        replicas: profile.replicas.clone(),
        target: profile.warehouse.target,
        max_lag: profile.warehouse.max_lag,
        role: profile.role.clone(),
        extension_schemas: profile.warehouse.extension_schemas.clone(),
        context: profile.context.keys().cloned().collect(),
        limits: profile.limits,
        tools: profile.tools,
        timeouts,
        pool_size: profile.warehouse.pool as usize,
        acquire_timeout: profile.warehouse.wait,
        pooler: profile.warehouse.pooler,
    };
    let gateway = match before {
        Some(gateway) if gateway.is_made_of(&options) => gateway.clone(),
        _ => Gateway::new(options)?,
    };
    Ok(Profile {
        name: name.clone(),
        warehouse: Arc::clone(warehouse),
        role: profile.role.clone(),
        login: profile.connect.get_username().to_owned(),
        gateway,
        declared: profile.relations.iter().cloned().chain(profile.views.declared()).collect(),
        views: profile.views.clone(),
        policy: profile.policy.clone(),
        limits: profile.limits,
        budgets: profile.budgets.clone(),
        tools: profile.tools,
        timeouts,
        context: profile.context.iter().map(|(setting, value)| (setting.clone(), value.clone())).collect(),
        surface: crate::flow::surface::SurfaceCache::default(),
        tolerate: profile.tolerate.clone(),
        canaries: profile.canaries.clone(),
        lock: profile.lock.clone(),
    })
}

/// The program as HTTP sees it.
#[must_use]
pub fn site(config: &Config, portcullis: Portcullis) -> Site {
    Site {
        portcullis,
        public_url: config.server.public_url.clone(),
        trusted_proxies: config.server.trusted_proxies.clone().into(),
        browser_origins: config.server.browser_origins.clone().into(),
        connections: config.server.connections,
        certificate: config.server.tls.as_ref().map(|tls| tls.certificate.clone()),
    }
}
