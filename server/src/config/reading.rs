//! From what is written to what is meant, collecting every fault on the way.

use super::raw::RawConfig;
use super::{Config, Profile};
use crate::model::pooler::Pooler;
use crate::model::profile::ProfileName;
use sqlx::postgres::PgConnectOptions;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// One thing that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `profiles.support.role`; empty where it is about the file as a whole.
    pub key: String,
    pub message: String,
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    pub(super) fn one(key: &str, message: String) -> Self {
        Self(vec![Fault { key: key.to_owned(), message }])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, Fault { key, message }) in self.0.iter().enumerate() {
            let line = if n == 0 { "" } else { "\n" };
            let colon = if key.is_empty() { "" } else { ": " };
            write!(f, "{line}{key}{colon}{message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Reads a configuration, and remembers what was wrong with it.
pub(super) struct Reading<'a> {
    pub(super) folder: &'a Path,
    environment: &'a dyn Fn(&str) -> Option<String>,
    pub(super) faults: Vec<Fault>,
    /// What works, and is less safe than it could be.
    pub(super) cautions: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(folder: &'a Path, environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { folder, environment, faults: Vec::new(), cautions: Vec::new() }
    }

    pub(super) fn finish(self, config: Option<Config>) -> Result<Config, Faults> {
        match config {
            Some(config) if self.faults.is_empty() => Ok(config),
            _ => Err(Faults(self.faults)),
        }
    }

    /// The configuration; where it is `None` there is a fault. Every part is read before any is missed, so that all
    /// faults are told at once.
    pub(super) fn config(&mut self, raw: &RawConfig) -> Option<Config> {
        let server = self.server(&raw.server);
        let store = self.store(&raw.store);
        let limits = self.limits(&raw.limits);
        let timeouts = self.timeouts(&raw.timeouts);
        let tokens = self.tokens(raw.oauth.access_token.as_deref());
        let authorization = self.authorization(&raw.oauth, &raw.throttle);
        let sessions = self.sessions(&raw.sessions);
        let throttle = self.sign_in_throttle(&raw.throttle.sign_in);
        let tripwires = self.tripwires(&raw.alerts);
        let webhook = self.webhook("alerts", raw.alerts.webhook.as_ref());
        let warehouses = self.warehouses(raw);
        let record = self.record(&raw.record);
        let retention = self.retention(&raw.retention);
        let watch = raw.watch.as_ref().and_then(|watch| self.parsed("watch.listen", &watch.listen));
        let sentry = raw.alerts.sentry.as_ref().and_then(|raw| self.sentry(&raw.dsn));
        let telemetry = self.telemetry(raw.telemetry.as_ref());
        let mut policy = gate::Policy::default();
        if let Some(max_bytes) = raw.limits.sql_bytes {
            if max_bytes > policy.max_bytes || max_bytes == 0 {
                let message = format!("`{max_bytes}` is not between 1 and {}", policy.max_bytes);
                self.fault("limits.sql_bytes", message);
            }
            policy.max_bytes = max_bytes;
        }
        if raw.profiles.is_empty() {
            self.fault("profiles", "there is none, so nobody could read anything: add `[profiles.NAME]`");
        }
        let mut profiles = BTreeMap::new();
        for (name, profile) in &raw.profiles {
            let key = format!("profiles.{name}");
            let budgets = self.budgets(&key, &raw.budgets, &profile.budget);
            let name = self.parsed::<ProfileName>(&key, name);
            let warehouse = self.read_by(&key, profile, &warehouses);
            let profile = self.profile(&key, profile, warehouse, &policy);
            if let (Some(name), Some(profile), Some(limits), Some(timeouts)) =
                (name, profile, limits, timeouts)
            {
                let profile: Profile = profile(limits, timeouts);
                let lock = profile.warehouse.locked(&name);
                profiles.insert(name, Profile { budgets, lock, ..profile });
            }
        }
        self.logins_are_not_shared(&raw.profiles);
        self.all_are_read(&warehouses, &raw.profiles);
        let warehouses = warehouses.into_sound();
        for warehouse in &warehouses {
            let of_it = profiles.values().filter(|profile| profile.warehouse.name == warehouse.name);
            self.canaries_are_outside(warehouse, of_it);
        }
        let self_test = self.self_test(&raw.self_test);
        self.views_are_not_shared(profiles.iter().map(|(name, profile)| (name.as_str(), &profile.views)));
        Some(Config {
            server: server?,
            store: store?,
            profiles,
            tokens: tokens?,
            authorization: authorization?,
            sessions: sessions?,
            throttle: throttle?,
            tripwires,
            webhook,
            warehouses,
            watch,
            sentry,
            telemetry,
            self_test,
            record,
            retention,
            cautions: std::mem::take(&mut self.cautions),
        })
    }

    pub(super) fn bounded(&mut self, key: &str, text: &str, most: Duration) -> Option<Duration> {
        let duration = self.duration_or(key, Some(text), most)?;
        if duration < Duration::from_millis(1) || duration > most {
            let message = format!("`{text}` is not between 1ms and {}", humantime::format_duration(most));
            self.fault(key, message);
            return None;
        }
        Some(duration)
    }

    pub(super) fn duration_or(
        &mut self,
        key: &str,
        text: Option<&str>,
        default: Duration,
    ) -> Option<Duration> {
        let Some(text) = text else { return Some(default) };
        let duration = humantime::parse_duration(text).ok();
        if duration.is_none() {
            self.fault(key, format!("`{text}` is no length of time: write it like `5s` or `6h`"));
        }
        duration
    }

    pub(super) fn pool(&mut self, key: &str, raw: Option<u32>, default: u32) -> u32 {
        let pool = raw.unwrap_or(default);
        if !(1..=1_000).contains(&pool) {
            self.fault(key, format!("`{pool}` is not between 1 and 1000"));
        }
        pool
    }

    pub(super) fn pooler(&mut self, key: &str, raw: Option<&str>) -> Pooler {
        let Some(word) = raw else { return Pooler::None };
        let pooler = Pooler::named(word);
        if pooler.is_none() {
            let known = Pooler::ALL.map(Pooler::word).join("`, `");
            self.fault(key, format!("`{word}` is unknown; there are `{known}`"));
        }
        pooler.unwrap_or_default()
    }

    /// A secret from a file or from the environment; none where neither is there (`peer` and certificates need none).
    pub(super) fn secret(&mut self, key: &str, file: Option<&str>, variable: &str) -> Option<String> {
        let from_environment = (self.environment)(variable);
        let Some(file) = file else { return from_environment };
        if from_environment.is_some() {
            let message = format!("is given twice: by the file and by `{variable}`");
            self.fault(key, message);
        }
        let path = self.folder.join(file);
        match std::fs::read_to_string(&path) {
            Ok(secret) => Some(secret.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => {
                self.fault(key, format!("`{}` cannot be read: {error}", path.display()));
                None
            }
        }
    }

    pub(super) fn parsed<T>(&mut self, key: &str, text: &str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        text.parse().map_err(|error: T::Err| self.fault(key, format!("`{text}`: {error}"))).ok()
    }

    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>) {
        let fault = Fault { key: key.to_owned(), message: message.into() };
        // What is said for all profiles is read for each of them; its faults are told once.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

pub(super) fn with_password(options: PgConnectOptions, password: Option<String>) -> PgConnectOptions {
    match password {
        Some(password) => options.password(&password),
        None => options,
    }
}
