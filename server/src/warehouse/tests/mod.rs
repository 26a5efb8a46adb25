//! The warehouse from the inside, against a real PostgreSQL: statements that no gate would admit included.

mod caps;
mod catalog;
mod early;
mod escape;
mod faults;
mod guards;
mod standby;
mod stopping;
mod trips;
mod types;

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::run::{Statement, read};
use super::{Failure, Fault, Gateway, GatewayOptions, Order, Timeouts};
use crate::embedded::Cluster;
use crate::model::answer::Answer;
use crate::model::limits::Limits;
use crate::model::pooler::Pooler;
use crate::model::target::Target;
use crate::model::tools::Tools;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static HOUSES: AtomicU32 = AtomicU32::new(0);

/// A database of its own for one test, with a role that reads its public tables and a login that may enter that role.
struct House {
    number: u32,
    url: String,
}

impl House {
    /// Runs `setup` as the superuser, then lets the role read every table of `public`.
    async fn with(setup: &str) -> Self {
        let cluster = CLUSTER.get_or_init(|| async { Cluster::ephemeral().await.unwrap() }).await;
        Self::within(cluster, setup).await
    }

    async fn within(cluster: &Cluster, setup: &str) -> Self {
        let number = HOUSES.fetch_add(1, Ordering::Relaxed);
        let house = Self { number, url: cluster.superuser_url(&format!("house_{number}")) };
        let mut admin = connect(&cluster.superuser_url("postgres")).await;
        let (role, login) = (house.role(), house.login());
        for statement in [
            format!("create database house_{number}"),
            format!("create role {role} nologin"),
            format!("create role {login} login noinherit in role {role}"),
        ] {
            execute(&mut admin, &statement).await;
        }
        let mut admin = house.admin().await;
        execute(&mut admin, setup).await;
        execute(&mut admin, &format!("grant select on all tables in schema public to {role}")).await;
        house
    }

    fn role(&self) -> String {
        format!("reader_{}", self.number)
    }

    fn login(&self) -> String {
        format!("gateway_{}", self.number)
    }

    async fn admin(&self) -> PgConnection {
        connect(&self.url).await
    }

    fn options(&self) -> GatewayOptions {
        GatewayOptions {
            connect: PgConnectOptions::from_str(&self.url).unwrap().username(&self.login()),
            replicas: Vec::new(),
            target: Target::default(),
            max_lag: Duration::from_secs(30),
            role: self.role(),
            extension_schemas: Vec::new(),
            context: Vec::new(),
            limits: Limits { default_rows: 10, hard_rows: 100, bytes: 262_144, cell: 4096 },
            tools: Tools::default(),
            timeouts: Timeouts {
                statement: Duration::from_secs(5),
                lock: Duration::from_secs(1),
                idle_in_transaction: Duration::from_secs(10),
            },
            pool_size: 4,
            acquire_timeout: Duration::from_secs(2),
            pooler: Pooler::None,
        }
    }

    fn gateway(&self) -> Gateway {
        Gateway::new(self.options()).unwrap()
    }

    fn gateway_with(&self, change: impl FnOnce(&mut GatewayOptions)) -> Gateway {
        let mut options = self.options();
        change(&mut options);
        Gateway::new(options).unwrap()
    }

    /// How many sessions of the login do something, or have left something undone.
    async fn busy_sessions(&self) -> i64 {
        let busy = "select count(*) from pg_stat_activity where usename = $1 and state <> 'idle'";
        sqlx::query_scalar(busy).bind(self.login()).fetch_one(&mut self.admin().await).await.unwrap()
    }

    async fn is_calm_within(&self, patience: Duration) -> bool {
        within(patience, async || self.busy_sessions().await == 0).await
    }
}

async fn connect(url: &str) -> PgConnection {
    PgConnectOptions::from_str(url).unwrap().disable_statement_logging().connect().await.unwrap()
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

async fn within(patience: Duration, mut holds: impl AsyncFnMut() -> bool) -> bool {
    let deadline = tokio::time::Instant::now() + patience;
    while tokio::time::Instant::now() < deadline {
        if holds().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    false
}

fn order() -> Order<'static> {
    Order {
        attempt: Uuid::from_u128(0x1234),
        person: "ada",
        client: "cli",
        context: &[],
        limit: None,
        cancelled: CancellationToken::new(),
    }
}

/// Runs a statement of `columns` columns that no gate has seen.
async fn ask(gateway: &Gateway, sql: &str, columns: usize) -> Result<Answer, Failure> {
    ask_as(gateway, sql, columns, order()).await
}

async fn ask_as(gateway: &Gateway, sql: &str, columns: usize, order: Order<'_>) -> Result<Answer, Failure> {
    let columns: Vec<String> = (1..=columns).map(|column| format!("column {column}")).collect();
    read(gateway, Statement { text: sql, columns: &columns, limit: None }, order, None).await
}

async fn rows(gateway: &Gateway, sql: &str, columns: usize) -> String {
    ask(gateway, sql, columns).await.unwrap_or_else(|failure| panic!("{sql}: {failure:?}")).rows
}

async fn fault(gateway: &Gateway, sql: &str, columns: usize) -> Fault {
    ask(gateway, sql, columns).await.expect_err(sql).fault
}
