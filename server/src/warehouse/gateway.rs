//! One profile's way into the warehouse.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::early::Expectation;
use super::fault::Patience;
use super::form::Form;
use super::guard::Guard;
use super::reach::Roles;
use super::servers::{ServerOptions, Servers};
use super::shape::Shapes;
use crate::model::limits::Limits;
use crate::model::pooler::Pooler;
use crate::model::target::Target;
use crate::model::tools::Tools;

/// The name of our sessions while they rest.
const PROGRAM: &str = "portcullis";
/// How long the server may take to keep its own time before we end the statement ourselves.
pub(super) const GRACE: Duration = Duration::from_millis(500);

#[derive(Debug, Clone)]
pub struct GatewayOptions {
    /// Where the warehouse is, and the profile's own login.
    pub connect: PgConnectOptions,
    /// Standbys of it that are read instead, the first that will do, with the same login.
    pub replicas: Vec<PgConnectOptions>,
    pub target: Target,
    /// How far behind its primary a standby may be.
    pub max_lag: Duration,
    /// The role that is entered for each statement; it cannot log in.
    pub role: String,
    /// Schemas whose extension types and operators must be found without their schema.
    pub extension_schemas: Vec<String>,
    /// Settings that row-scoped views and policies read, as `portcullis.person`; an order brings their values.
    pub context: Vec<String>,
    pub limits: Limits,
    pub tools: Tools,
    pub timeouts: Timeouts,
    /// Connections to each server at most.
    pub pool_size: usize,
    /// How long an order waits for a connection, and a connection for the server.
    pub acquire_timeout: Duration,
    /// What stands between us and the warehouse.
    pub pooler: Pooler,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub statement: Duration,
    pub lock: Duration,
    pub idle_in_transaction: Duration,
}

/// Options that cannot work, whatever the warehouse says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("`{0}` is no name for a context setting: two lower-case words with a dot between them")]
    Context(String),
    #[error("`{0}` is no name for a role or a schema")]
    Name(String),
    #[error("a timeout must be at least a millisecond, or it means none at all")]
    NoTimeout,
    #[error("a pool holds at least one connection")]
    EmptyPool,
}

/// Cheap to clone; connects when it is first used, and again whenever it must.
#[derive(Debug, Clone)]
pub struct Gateway(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    made_of: [u8; 32],
    pub(super) guard: Guard,
    pub(super) limits: Limits,
    pub(super) tools: Tools,
    pub(super) patience: Patience,
    pub(super) servers: Servers,
    /// How types that are not built in become JSON, by number.
    pub(super) forms: Mutex<HashMap<u32, Form>>,
    pub(super) shapes: Shapes,
    pub(super) expectation: Expectation,
}

impl Gateway {
    pub fn new(options: GatewayOptions) -> Result<Self, Misfit> {
        options.check()?;
        let made_of = options.digest();
        let guard = Guard::new(&options);
        let GatewayOptions { connect, replicas, target, max_lag, limits, tools, timeouts, .. } = options;
        let way = |connect| {
            pooled(connect, options.pooler)
                .application_name(PROGRAM)
                .statement_cache_capacity(RESTING_STATEMENTS)
                .disable_statement_logging()
        };
        let servers = Servers::new(ServerOptions {
            home: way(connect),
            replicas: replicas.into_iter().map(way).collect(),
            target,
            max_lag,
            pool_size: options.pool_size,
            patience: options.acquire_timeout,
        });
        Ok(Self(Arc::new(Inner {
            made_of,
            guard,
            limits,
            tools,
            patience: Patience { statement: timeouts.statement, lock: timeouts.lock },
            servers,
            forms: Mutex::default(),
            shapes: Shapes::default(),
            expectation: Expectation::default(),
        })))
    }
}

impl Gateway {
    /// Whether another one of these options would be the same.
    #[must_use]
    pub fn is_made_of(&self, options: &GatewayOptions) -> bool {
        self.0.made_of == options.digest()
    }

    /// Connections to each server at most.
    #[must_use]
    pub fn pool_size(&self) -> usize {
        self.0.servers.home.pool.size()
    }

    /// The profile's role, and the login that becomes it.
    #[must_use]
    pub fn roles(&self) -> Roles<'_> {
        Roles { role: self.0.guard.role(), login: self.0.servers.home.pool.login() }
    }
}

/// Statements that a session may keep prepared. None of ours asks for it; the driver may, where it looks up a type.
const RESTING_STATEMENTS: usize = 2;

/// A pooler refuses to begin with settings that it does not know how to hand on; the guard makes its own.
fn pooled(connect: PgConnectOptions, pooler: Pooler) -> PgConnectOptions {
    match pooler {
        Pooler::None => connect,
        Pooler::Transaction => connect.extra_float_digits(None),
    }
}

impl GatewayOptions {
    /// Tells options apart without keeping their password.
    fn digest(&self) -> [u8; 32] {
        Sha256::digest(format!("{self:?}")).into()
    }

    fn check(&self) -> Result<(), Misfit> {
        let names = std::iter::once(&self.role).chain(&self.extension_schemas);
        if let Some(name) =
            names.into_iter().find(|name| name.is_empty() || name.len() > 63 || name.contains('\0'))
        {
            return Err(Misfit::Name(name.clone()));
        }
        if let Some(name) = self.context.iter().find(|name| !is_context_name(name)) {
            return Err(Misfit::Context(name.clone()));
        }
        let Timeouts { statement, lock, idle_in_transaction } = self.timeouts;
        if [statement, lock, idle_in_transaction].iter().any(|timeout| timeout.as_millis() == 0) {
            return Err(Misfit::NoTimeout);
        }
        if self.pool_size == 0 { Err(Misfit::EmptyPool) } else { Ok(()) }
    }
}

/// A setting of PostgreSQL's own has no dot, and could undo a guard.
fn is_context_name(name: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.len() <= 63 && name.split_once('.').is_some_and(|(class, key)| is_word(class) && is_word(key))
}

#[cfg(test)]
mod tests {
    use super::is_context_name;

    #[test]
    fn context_settings_cannot_be_settings_of_the_server() {
        for good in ["portcullis.person", "app.tenant_2"] {
            assert!(is_context_name(good), "{good}");
        }
        for bad in ["role", "statement_timeout", "a.", ".a", "a.b.c", "A.b", "a.b c", "a.b'"] {
            assert!(!is_context_name(bad), "{bad}");
        }
    }
}
