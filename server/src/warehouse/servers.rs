//! The servers of a warehouse: the replicas, in their order, and the warehouse itself.
//!
//! The first that will do is read. One that did not is passed over for a while, so that one which swallows everything
//! does not hold up every call; then a single call finds out whether it will do again.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::time::Instant;

use super::fault::Fault;
use super::pool::Pool;
use super::standing::Standing;
use super::stop::Stopper;
use crate::model::measure;
use crate::model::target::Target;

/// How long a server is passed over that would not do.
const REST: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Servers {
    /// Where the warehouse's own address leads: what is granted is looked up there.
    pub(super) home: Arc<Server>,
    /// Those that are read, the first that will do first; never empty.
    read: Vec<Arc<Server>>,
}

#[derive(Debug)]
pub(super) struct Server {
    pub(super) pool: Pool,
    pub(super) stopper: Stopper,
    terms: Terms,
    /// Until when it is passed over.
    out: Mutex<Option<Instant>>,
}

/// What a server must be like to be read.
#[derive(Debug, Clone, Copy)]
struct Terms {
    must_be_standby: bool,
    max_lag: Duration,
}

/// How the servers of one gateway are reached.
pub(super) struct ServerOptions {
    pub(super) home: PgConnectOptions,
    pub(super) replicas: Vec<PgConnectOptions>,
    pub(super) target: Target,
    pub(super) max_lag: Duration,
    /// Connections to each at most.
    pub(super) pool_size: usize,
    pub(super) patience: Duration,
}

impl Servers {
    pub(super) fn new(options: ServerOptions) -> Self {
        let ServerOptions { home, replicas, target, max_lag, pool_size, patience } = options;
        let server = |connect: PgConnectOptions, must_be_standby| {
            Arc::new(Server {
                stopper: Stopper::new(connect.clone()),
                pool: Pool::new(connect, pool_size, patience),
                terms: Terms { must_be_standby, max_lag },
                out: Mutex::default(),
            })
        };
        let only_standbys = target == Target::Standby;
        let home = server(home, only_standbys);
        let mut read: Vec<_> = replicas.into_iter().map(|replica| server(replica, true)).collect();
        if read.is_empty() || !only_standbys {
            read.push(Arc::clone(&home));
        }
        Self { home, read }
    }

    /// Whether there is a choice.
    pub(super) fn are_several(&self) -> bool {
        self.read.len() > 1
    }

    pub(super) fn all(&self) -> &[Arc<Server>] {
        &self.read
    }

    /// All of them in the order in which a call tries them: those that would not do a moment ago come last.
    pub(super) fn in_turn(&self) -> impl Iterator<Item = &Arc<Server>> {
        let (mut first, mut last) = (self.read.iter(), VecDeque::new());
        std::iter::from_fn(move || {
            for server in first.by_ref() {
                if server.is_due() {
                    return Some(server);
                }
                last.push_back(server);
            }
            last.pop_front()
        })
    }

    /// The one that the next call tries first, unless that has something to find out.
    pub(super) fn first_sound(&self) -> Option<&Arc<Server>> {
        let now = Instant::now();
        let first = self.read.iter().find(|server| server.out().is_none_or(|until| until <= now))?;
        first.out().is_none().then_some(first)
    }
}

impl Server {
    /// How far it is behind its primary, where it is a standby; or why it is not read.
    pub(super) fn judge(&self, standing: Standing) -> Result<Option<Duration>, Fault> {
        let Terms { must_be_standby, max_lag } = self.terms;
        if let Standing::Standby { lag: Some(lag) } = standing {
            metrics::gauge!(measure::LAG_SECONDS, "server" => self.to_string()).set(lag.as_secs_f64());
        }
        match standing {
            Standing::Primary if must_be_standby => {
                Err(Fault::unavailable("it is a primary, and no standby"))
            }
            Standing::Primary => Ok(None),
            Standing::Standby { lag: Some(lag) } if lag <= max_lag => Ok(Some(lag)),
            Standing::Standby { lag } => Err(Fault::Stale { lag, most: max_lag }),
        }
    }

    pub(super) fn will_do(&self) {
        *self.out() = None;
    }

    pub(super) fn will_not_do(&self) {
        *self.out() = Some(Instant::now() + REST);
    }

    /// Whether it is its turn. Of those who ask once its rest is over, the first alone is told so.
    fn is_due(&self) -> bool {
        let now = Instant::now();
        let mut out = self.out();
        match *out {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                *out = Some(now + REST);
                true
            }
        }
    }

    /// Nothing that holds this lock can stop half-way.
    fn out(&self) -> MutexGuard<'_, Option<Instant>> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where it is.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = self.pool.connect_options();
        match options.get_socket() {
            Some(socket) => write!(f, "{}:{}", socket.display(), options.get_port()),
            None => write!(f, "{}:{}", options.get_host(), options.get_port()),
        }
    }
}
