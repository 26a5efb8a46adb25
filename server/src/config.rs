//! Configuration: one TOML file, and secrets from the environment or from files of their own.
//!
//! Invariant: this is the only reader of the environment. Whatever is wrong is found at once, each fault with the path of
//! its key; nothing that decides about security has a silent default.

mod alerts;
mod authorization;
mod budgets;
mod canaries;
mod condition;
mod database;
mod effective;
mod limits;
pub(crate) mod policy;
mod profile;
mod raw;
mod reading;
mod record;
mod reload;
mod retention;
mod self_test;
mod server;
mod sessions;
mod store;
mod telemetry;
#[cfg(test)]
mod tests;
mod tls;
mod tools;
mod views;
mod warehouse;
mod webhook;

pub use effective::effective;
pub use reading::{Fault, Faults};
pub use tls::{CertificateFiles, FileState, Tls};

use crate::model::authorization::Authorization;
use crate::model::budget::Budgets;
use crate::model::canary::Canary;
use crate::model::chain::{CheckpointPolicy, RecordKeys};
use crate::model::context::ContextValue;
use crate::model::drift::Risk;
use crate::model::limits::Limits;
use crate::model::pooler::Pooler;
use crate::model::profile::{Declared, ProfileName};
use crate::model::sealed::Keyring;
use crate::model::self_test::SelfTest;
use crate::model::session::SessionLife;
use crate::model::surface_lock::{LockedRelations, SurfaceLock};
use crate::model::target::Target;
use crate::model::throttle::SignInThrottle;
use crate::model::tools::Tools;
use crate::model::tripwire::Tripwires;
use crate::model::view::Views;
use crate::model::warehouse::WarehouseName;
use crate::model::webhook::Webhook;
use crate::store::StoreOptions;
use crate::telemetry::Destination;
use raw::RawConfig;
use reading::Reading;
use sqlx::postgres::PgConnectOptions;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Everything that an operator decides.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: Server,
    pub store: Store,
    pub profiles: BTreeMap<ProfileName, Profile>,
    pub tokens: Tokens,
    pub authorization: Authorization,
    pub sessions: SessionLife,
    pub throttle: SignInThrottle,
    pub tripwires: Tripwires,
    /// Who is told of alerts, beside the log and the console.
    pub webhook: Option<Webhook>,
    /// `[warehouse]` first, then the others by name. Each is read by some profile.
    pub warehouses: Vec<Arc<Warehouse>>,
    /// Where health and metrics are told, if anywhere.
    pub watch: Option<SocketAddr>,
    /// Who is told of errors, beside the log.
    pub sentry: Option<sentry_types::Dsn>,
    /// Where traces go, if anywhere.
    pub telemetry: Option<Destination>,
    pub self_test: SelfTest,
    pub record: Record,
    /// How long the record is kept; `None`: for ever.
    pub retention: Option<time::Duration>,
    /// What works, and is less safe than it could be; each with the path of its key.
    pub cautions: Vec<Fault>,
}

/// How the record is sealed.
#[derive(Debug, Clone)]
pub struct Record {
    /// Signs checkpoints, and tells whose are believed.
    pub keys: RecordKeys,
    pub checkpoints: CheckpointPolicy,
    /// Where each checkpoint is written down outside of the store.
    pub checkpoint_file: Option<PathBuf>,
    /// Where each is sent to.
    pub webhook: Option<Webhook>,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    /// How people and agents reach the program: scheme, host and port, no path, no slash at the end.
    pub public_url: Url,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Other sites whose pages may speak to the MCP endpoint.
    pub browser_origins: Vec<String>,
    /// Connections of people, agents and proxies at most.
    pub connections: usize,
    /// Seals the secrets of second factors.
    pub keys: Keyring,
    /// How long answers in flight may take once the program was told to stop.
    pub drain: Duration,
    /// Where the program speaks TLS itself.
    pub tls: Option<Tls>,
}

#[derive(Debug, Clone)]
pub struct Store {
    pub options: StoreOptions,
    /// The owner of the store's tables, for `portcullis migrate` alone.
    pub owner: PgConnectOptions,
}

/// What is common to all profiles that read one warehouse.
#[derive(Debug, Clone)]
pub struct Warehouse {
    pub name: WarehouseName,
    /// The way there; each profile comes with a login of its own.
    pub connect: PgConnectOptions,
    /// Standbys of it that are read in its place, the first that will do.
    pub replicas: Vec<PgConnectOptions>,
    pub target: Target,
    /// How far behind its primary a standby may be.
    pub max_lag: Duration,
    pub pooler: Pooler,
    /// Connections of each profile to each server at most.
    pub pool: u32,
    /// How long a statement waits for one.
    pub wait: Duration,
    pub extension_schemas: Vec<String>,
    /// Who may change what is granted, for `portcullis grants --apply` and its like in the console alone.
    pub admin: Option<PgConnectOptions>,
    pub lock: LockFile,
    /// Relations outside of every profile that nobody has a reason to name.
    pub canaries: Vec<Canary>,
}

/// Where the surface lock is kept, and whether it is there.
#[derive(Debug, Clone)]
pub struct LockFile {
    pub path: PathBuf,
    /// Whether the configuration names it, so that it must be there.
    pub is_named: bool,
    pub lock: Option<SurfaceLock>,
}

/// One profile: a slice of a warehouse, the roles that enforce it, and its limits.
#[derive(Debug, Clone)]
pub struct Profile {
    pub warehouse: Arc<Warehouse>,
    /// The way there and to its replicas, with the profile's login.
    pub connect: PgConnectOptions,
    pub replicas: Vec<PgConnectOptions>,
    /// The NOLOGIN role entered for each statement.
    pub role: String,
    pub relations: Vec<Declared>,
    /// Those that the program makes itself.
    pub views: Views,
    /// Settings that row-scoped views read, and what each of them tells.
    pub context: BTreeMap<String, ContextValue>,
    pub policy: gate::Policy,
    pub tools: Tools,
    pub limits: Limits,
    pub budgets: Budgets,
    pub timeouts: Timeouts,
    /// Dangers that the operator accepts by name.
    pub tolerate: Vec<Risk>,
    /// Relations of the profile that nobody has a reason to read.
    pub canaries: Vec<Canary>,
    /// What was there when somebody last looked, if that was written down.
    pub lock: Option<LockedRelations>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub statement: Duration,
    pub lock: Duration,
    pub idle_in_transaction: Duration,
}

#[derive(Debug, Clone, Copy)]
pub struct Tokens {
    /// The longest life of an access token.
    pub access: Duration,
}

impl Config {
    /// Reads `file`, and secrets from this process's environment.
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
    pub fn load(file: &Path) -> Result<Self, Faults> {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Faults::one("", format!("`{}` cannot be read: {error}", file.display())))?;
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        Self::parse(&text, &folder, &|name| std::env::var(name).ok())
    }

    /// Reads `text`; relative paths of secret files start at `folder`, and `environment` stands for the environment.
    pub fn parse(
        text: &str,
        folder: &Path,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Faults> {
        let raw: RawConfig = toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(0, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            Faults::one("", format!("line {line}: {}", error.message()))
        })?;
        let mut reading = Reading::new(folder, environment);
        let config = reading.config(&raw);
        reading.finish(config)
    }

    /// The profiles that read one warehouse, by name.
    pub fn profiles_of(&self, warehouse: &WarehouseName) -> impl Iterator<Item = (&ProfileName, &Profile)> {
        self.profiles.iter().filter(move |(_, profile)| profile.warehouse.name == *warehouse)
    }

    /// Who issues our tokens, as the standards name it: the address of the program, without a slash at the end.
    #[must_use]
    pub fn issuer_url(&self) -> String {
        self.server.public_url.as_str().trim_end_matches('/').to_owned()
    }

    /// The one canonical audience of our tokens (RFC 8707): the address of the MCP endpoint, its slash included.
    #[must_use]
    pub fn audience(&self) -> String {
        audience(&self.server.public_url)
    }
}

/// The canonical audience of a server at `public_url`.
#[must_use]
pub fn audience(public_url: &Url) -> String {
    format!("{}mcp/sql/", public_url.as_str())
}

/// Where PostgreSQL's server programs are, if the environment says so; and the search path of programs.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
pub fn postgres_binaries() -> (Option<PathBuf>, Option<std::ffi::OsString>) {
    let named = std::env::var_os("PORTCULLIS_PG_BIN").filter(|named| !named.is_empty());
    (named.map(PathBuf::from), std::env::var_os("PATH"))
}

/// Who acts on this machine, for the record of what was done from a shell.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one reader of the environment")]
pub fn shell_account() -> String {
    let account = std::env::var("SUDO_USER").or_else(|_| std::env::var("USER"));
    format!("shell:{}", account.unwrap_or_else(|_| "unknown".to_owned()))
}
