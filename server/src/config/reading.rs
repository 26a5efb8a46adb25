//! From what is written to what is meant, collecting every fault on the way.

use super::raw::{
    RawConfig, RawLimits, RawProfile, RawRelation, RawServer, RawSessions, RawSignInThrottle, RawStore,
    RawTimeouts, RawWarehouse,
};
use super::{Config, Profile, Server, Store, Timeouts, Tokens};
use crate::model::context::ContextValue;
use crate::model::limits::Limits;
use crate::model::profile::{Declared, ProfileName};
use crate::model::sealed::Keyring;
use crate::model::session::SessionLife;
use crate::model::throttle::SignInThrottle;
use crate::store::StoreOptions;
use sqlx::postgres::PgConnectOptions;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;
use url::Url;

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
    faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(folder: &'a Path, environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { folder, environment, faults: Vec::new() }
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
        let shared = self.warehouse(&raw.warehouse);
        let watch = raw.watch.as_ref().and_then(|watch| self.parsed("watch.listen", &watch.listen));
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
            let name = self.parsed::<ProfileName>(&key, name);
            let profile = self.profile(&key, profile, &raw.warehouse, &policy);
            if let (Some(name), Some(profile), Some(limits), Some(timeouts)) =
                (name, profile, limits, timeouts)
            {
                let lock = shared.locked(&name);
                profiles.insert(name, Profile { lock, ..profile(limits, timeouts) });
            }
        }
        self.logins_are_not_shared(&raw.profiles);
        Some(Config {
            server: server?,
            store: store?,
            profiles,
            tokens: tokens?,
            authorization: authorization?,
            sessions: sessions?,
            throttle: throttle?,
            tripwires,
            warehouse: shared,
            watch,
        })
    }

    fn server(&mut self, raw: &RawServer) -> Option<Server> {
        let listen = self.parsed("server.listen", &raw.listen);
        let public_url = self.public_url(&raw.public_url);
        let trusted_proxies = raw.trusted_proxies.iter().enumerate().filter_map(|(n, proxy)| {
            let key = format!("server.trusted_proxies[{n}]");
            match proxy.parse::<std::net::IpAddr>() {
                Ok(address) => Some(address.into()),
                Err(_) => self.parsed(&key, proxy),
            }
        });
        let trusted_proxies = trusted_proxies.collect();
        let browser_origins = self.origins(&raw.browser_origins);
        let keys = self.keys(raw.key_file.as_deref());
        Some(Server {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies,
            browser_origins,
            keys: keys?,
        })
    }

    fn origins(&mut self, origins: &[String]) -> Vec<String> {
        for (n, text) in origins.iter().enumerate() {
            let same = Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == *text);
            if !same {
                let message = format!("`{text}` is no origin: write it like `https://inspector.example.com`");
                self.fault(&format!("server.browser_origins[{n}]"), message);
            }
        }
        origins.to_vec()
    }

    /// The keys that seal second factors: without one nobody could sign in.
    fn keys(&mut self, file: Option<&str>) -> Option<Keyring> {
        let key = "server.key_file";
        let before = self.faults.len();
        let Some(text) = self.secret(key, file, "PORTCULLIS_KEY") else {
            if self.faults.len() == before {
                let message =
                    "there is no key, here or in `PORTCULLIS_KEY`: make one by `openssl rand -base64 32`";
                self.fault(key, message);
            }
            return None;
        };
        Keyring::parse(&text).map_err(|error| self.fault(key, error.to_string())).ok()
    }

    fn public_url(&mut self, text: &str) -> Option<Url> {
        let key = "server.public_url";
        let url: Url = self.parsed(key, text)?;
        let host = url.host_str().unwrap_or_default();
        let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        if !(url.scheme() == "https" || (url.scheme() == "http" && loopback)) {
            self.fault(key, format!("`{text}` must begin with https:// (http:// is for loopback alone)"));
        } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            self.fault(key, format!("`{text}` must be scheme, host and port alone, with no path"));
        } else if !url.username().is_empty() || url.password().is_some() {
            self.fault(key, "must not hold a username or password");
        } else {
            return Some(url);
        }
        None
    }

    fn store(&mut self, raw: &RawStore) -> Option<Store> {
        let connect = self.database("store.url", &raw.url);
        let password = self.secret("store", raw.password_file.as_deref(), "PORTCULLIS_STORE_PASSWORD");
        let owner_url = raw.owner_url.as_deref();
        let owner = owner_url.map(|url| self.database("store.owner_url", url));
        let owner_file = raw.owner_password_file.as_deref();
        let owner_password = self.secret("store.owner", owner_file, "PORTCULLIS_STORE_OWNER_PASSWORD");
        let pool = self.pool("store.pool", raw.pool, 20);
        let wait = self.duration_or("store.wait", raw.wait.as_deref(), Duration::from_secs(2));
        let connect = with_password(connect?, password);
        let owner = match owner {
            Some(owner) => with_password(owner?, owner_password),
            None => connect.clone(),
        };
        Some(Store { options: StoreOptions { connect, pool, wait: wait? }, owner })
    }

    fn profile<'r>(
        &mut self,
        key: &str,
        raw: &'r RawProfile,
        warehouse: &'r RawWarehouse,
        policy: &gate::Policy,
    ) -> Option<impl FnOnce(Limits, Timeouts) -> Profile + use<'r>> {
        let connect = self.database("warehouse.url", &warehouse.url);
        let name = key.strip_prefix("profiles.").unwrap_or(key).to_ascii_uppercase();
        let variable = format!("PORTCULLIS_PROFILE_{name}_PASSWORD");
        let password = self.secret(key, raw.password_file.as_deref(), &variable);
        let pool = self.pool("warehouse.pool", warehouse.pool, 10);
        let wait = self.duration_or("warehouse.wait", warehouse.wait.as_deref(), Duration::from_secs(2));
        for (part, role) in [("role", &raw.role), ("login", &raw.login)] {
            if role.is_empty() || role.len() > 63 {
                self.fault(&format!("{key}.{part}"), format!("`{role}` is no name of a PostgreSQL role"));
            }
        }
        if raw.role == raw.login {
            let message = "is the role itself: a login of its own keeps the role from being reached outside the program";
            self.fault(&format!("{key}.login"), message);
        }
        let relations = self.relations(key, &raw.relations);
        let context = self.context(key, &raw.context);
        let mut policy = policy.clone();
        raw.policy
            .apply(&mut policy, &mut |part, message| self.fault(&format!("{key}.policy.{part}"), message));
        for (operator, schema) in &policy.extension_operators {
            if !warehouse.extension_schemas.contains(schema) {
                let message =
                    format!("`{schema}` is not in `warehouse.extension_schemas`, so it would not be found");
                self.fault(&format!("{key}.policy.extension_operators.{operator:?}"), message);
            }
        }
        let tolerate = self.tolerate(key, &raw.tolerate);
        let connect = with_password(connect?.username(&raw.login), password);
        let wait = wait?;
        Some(move |limits, timeouts| Profile {
            connect,
            pool,
            wait,
            role: raw.role.clone(),
            relations,
            context,
            extension_schemas: warehouse.extension_schemas.clone(),
            policy,
            limits,
            timeouts,
            tolerate,
            lock: None,
        })
    }

    fn relations(&mut self, key: &str, raw: &[RawRelation]) -> Vec<Declared> {
        let key = format!("{key}.relations");
        if raw.is_empty() {
            self.fault(&key, "there is none, so the profile could read nothing");
        }
        let mut declared: Vec<Declared> = Vec::with_capacity(raw.len());
        for (n, relation) in raw.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let (name, columns) = match relation {
                RawRelation::Whole(name) => (name, None),
                RawRelation::Part(part) => (&part.name, Some(part.columns.clone())),
            };
            let Some((schema, name)) = name.split_once('.').filter(|(s, n)| !s.is_empty() && !n.is_empty())
            else {
                self.fault(&key, format!("`{name}` has no schema: write `public.{name}`"));
                continue;
            };
            if schema == "information_schema" || schema.starts_with("pg_") || schema == "portcullis" {
                self.fault(
                    &key,
                    format!("`{schema}` is not for agents: declare relations of your own alone"),
                );
            }
            if columns.as_ref().is_some_and(Vec::is_empty) {
                self.fault(
                    &format!("{key}.columns"),
                    "there is none; leave `columns` out to declare them all",
                );
            }
            if declared.iter().any(|other| other.schema == schema && other.name == name) {
                self.fault(&key, format!("`{schema}.{name}` is declared twice"));
            }
            declared.push(Declared { schema: schema.to_owned(), name: name.to_owned(), columns });
        }
        declared
    }

    fn context(&mut self, key: &str, raw: &BTreeMap<String, String>) -> BTreeMap<String, ContextValue> {
        let mut context = BTreeMap::new();
        for (setting, value) in raw {
            let key = format!("{key}.context.{setting:?}");
            // Custom settings are two words with a dot between them; anything else is one of PostgreSQL's own.
            let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !setting.split_once('.').is_some_and(|(class, name)| word(class) && word(name)) {
                self.fault(
                    &key,
                    "the name of a setting of yours has two words with a dot, like `portcullis.person`",
                );
            }
            if let Some(value) = ContextValue::named(value) {
                context.insert(setting.clone(), value);
            } else {
                let known = ContextValue::ALL.map(ContextValue::word).join("`, `");
                self.fault(&key, format!("`{value}` is unknown; there are `{known}`"));
            }
        }
        context
    }

    /// A login shared by two profiles could enter the role of either, in a single statement.
    fn logins_are_not_shared(&mut self, profiles: &BTreeMap<String, RawProfile>) {
        let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, profile) in profiles {
            if let Some(other) = holders.insert(&profile.login, name) {
                let message =
                    format!("`{}` is the login of `{other}` too: each profile needs its own", profile.login);
                self.fault(&format!("profiles.{name}.login"), message);
            }
        }
    }

    fn limits(&mut self, raw: &RawLimits) -> Option<Limits> {
        let before = self.faults.len();
        let values = [
            ("default_rows", raw.default_rows, 1, 100_000),
            ("hard_rows", raw.hard_rows, 1, 100_000),
            ("bytes", raw.bytes, 1_024, 64 << 20),
            ("cell_bytes", raw.cell_bytes, 16, 1 << 20),
        ];
        for (name, value, least, most) in values {
            if !(least..=most).contains(&value) {
                self.fault(&format!("limits.{name}"), format!("`{value}` is not between {least} and {most}"));
            }
        }
        if raw.default_rows > raw.hard_rows {
            self.fault("limits.default_rows", "is above `limits.hard_rows`");
        }
        (self.faults.len() == before).then_some(Limits {
            default_rows: raw.default_rows,
            hard_rows: raw.hard_rows,
            bytes: raw.bytes,
            cell: raw.cell_bytes,
        })
    }

    fn timeouts(&mut self, raw: &RawTimeouts) -> Option<Timeouts> {
        // Clients give a call up after a minute, so an answer must come well before.
        let most = Duration::from_secs(45);
        let statement = self.bounded("timeouts.statement", &raw.statement, most);
        let lock = self.bounded("timeouts.lock", &raw.lock, most);
        let idle = self.bounded("timeouts.idle_in_transaction", &raw.idle_in_transaction, most);
        Some(Timeouts { statement: statement?, lock: lock?, idle_in_transaction: idle? })
    }

    fn tokens(&mut self, access: Option<&str>) -> Option<Tokens> {
        let key = "oauth.access_token";
        let six_hours = Duration::from_hours(6);
        let access = self.duration_or(key, access, six_hours)?;
        let longest = Duration::from_hours(30 * 24);
        if access.is_zero() || access > longest {
            self.fault(key, "is not between a second and 30 days");
        }
        Some(Tokens { access })
    }

    fn sessions(&mut self, raw: &RawSessions) -> Option<SessionLife> {
        let idle = self.duration_or("sessions.idle", raw.idle.as_deref(), Duration::from_hours(8))?;
        let absolute =
            self.duration_or("sessions.absolute", raw.absolute.as_deref(), Duration::from_hours(24))?;
        let longest = Duration::from_hours(30 * 24);
        for (key, time) in [("sessions.idle", idle), ("sessions.absolute", absolute)] {
            if time < Duration::from_mins(1) || time > longest {
                self.fault(key, "is not between a minute and 30 days");
            }
        }
        if idle > absolute {
            self.fault("sessions.idle", "is above `sessions.absolute`");
        }
        Some(SessionLife { idle, absolute })
    }

    fn sign_in_throttle(&mut self, raw: &RawSignInThrottle) -> Option<SignInThrottle> {
        let key = "throttle.sign_in";
        let attempts = raw.attempts.unwrap_or(5);
        let address_attempts = raw.address_attempts.unwrap_or(30);
        for (name, value) in [("attempts", attempts), ("address_attempts", address_attempts)] {
            if !(1..=1_000).contains(&value) {
                self.fault(&format!("{key}.{name}"), format!("`{value}` is not between 1 and 1000"));
            }
        }
        let window = format!("{key}.window");
        let window = self.duration_or(&window, raw.window.as_deref(), Duration::from_hours(1))?;
        let longest_key = format!("{key}.longest_delay");
        let longest_delay =
            self.duration_or(&longest_key, raw.longest_delay.as_deref(), Duration::from_mins(5))?;
        if longest_delay < Duration::from_secs(1) || longest_delay > Duration::from_hours(1) {
            self.fault(&longest_key, "is not between a second and an hour");
        }
        if window < longest_delay {
            self.fault(
                &format!("{key}.window"),
                "is below `longest_delay`, so it would forget before it lets go",
            );
        }
        Some(SignInThrottle { attempts, address_attempts, window, longest_delay })
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

    fn pool(&mut self, key: &str, raw: Option<u32>, default: u32) -> u32 {
        let pool = raw.unwrap_or(default);
        if !(1..=1_000).contains(&pool) {
            self.fault(key, format!("`{pool}` is not between 1 and 1000"));
        }
        pool
    }

    pub(super) fn database(&mut self, key: &str, text: &str) -> Option<PgConnectOptions> {
        if let Ok(url) = Url::parse(text)
            && url.password().is_some()
        {
            self.fault(key, "holds a password: put it into the environment or a file of its own");
        }
        // The text is not repeated: it may hold a secret.
        let options = PgConnectOptions::from_str(text);
        options.map_err(|error| self.fault(key, format!("is no address of a PostgreSQL: {error}"))).ok()
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
        // Each profile reads the one warehouse; its faults are told once.
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
