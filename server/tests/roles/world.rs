//! A warehouse, a store and a profile for one test.

use server::config::Config;
use server::embedded::{Cluster, shop};
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::doctor::{Examined, examine};
use server::flow::migrate::migrate;
use server::flow::reconcile_grants::{Applied, NotApplied, apply, compare};
use server::flow::surface_lock::survey;
use server::model::drift::Finding;
use server::model::person::Powers;
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
static COUNT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct World {
    pub(crate) number: u32,
    cluster: &'static Cluster,
    folder: PathBuf,
    text: String,
}

/// Every kind of relation, and names that need quotes.
const WAREHOUSE: &str = r#"
    create table public.orders (id int primary key, customer int, total numeric(10,2));
    create table public.customers (id int primary key, name text, city text, password text);
    create table public.secrets (id int primary key, token text);
    create view public.open_orders as select id, total from public.orders where total > 0;
    create materialized view public.totals as select customer, sum(total) as total from public.orders group by customer;
    create table public.events (id int, day date) partition by range (day);
    create table public.events_1 partition of public.events for values from ('2026-01-01') to ('2026-02-01');
    create schema "Odd ""Schema""";
    create table "Odd ""Schema"""."Select" (id int, "Two Words" int, "from" int);
    insert into public.orders values (1, 1, 10);
"#;

/// Declares each kind of relation, some in whole and some by column.
pub(crate) const DECLARED: &str = r#"[
    "public.orders",
    { name = "public.customers", columns = ["id", "name"] },
    "public.open_orders",
    "public.totals",
    "public.events",
    { name = "Odd \"Schema\".Select", columns = ["id", "Two Words", "from"] },
]"#;

impl World {
    /// Nothing is granted yet.
    pub(crate) async fn new(declared: &str) -> Self {
        let cluster = cluster().await;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("portcullis-roles-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
        for statement in [
            format!("create role owner_{number} login"),
            format!("create role reader_{number} nologin noinherit"),
            format!("create role gateway_{number} login noinherit in role reader_{number}"),
            format!("create database warehouse_{number} owner owner_{number}"),
            format!("create database store_{number} owner portcullis_owner"),
            format!("revoke all on database warehouse_{number}, store_{number} from public"),
            format!("grant connect on database warehouse_{number} to gateway_{number}"),
            format!("grant connect on database store_{number} to portcullis_app"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut root).await.unwrap();
        }
        let text = CONFIGURATION
            .replace("{store}", &cluster.url("portcullis_app", &format!("store_{number}")))
            .replace("{owner}", &cluster.url("portcullis_owner", &format!("store_{number}")))
            .replace("{warehouse}", &cluster.url("nobody", &format!("warehouse_{number}")))
            .replace("{admin}", &cluster.url(&format!("owner_{number}"), &format!("warehouse_{number}")))
            .replace("{relations}", declared)
            .replace("{n}", &number.to_string());
        let world = Self { number, cluster, folder, text };
        world.configure(|text| text);
        world.say(&format!("set role owner_{number}; {WAREHOUSE}")).await;
        migrate(&world.config().store.owner, "portcullis_app").await.unwrap();
        world
    }

    /// Granted is what is declared.
    pub(crate) async fn granted(declared: &str) -> Self {
        let world = Self::new(declared).await;
        world.apply("test").await.unwrap();
        world
    }

    /// Writes the configuration anew.
    pub(crate) fn configure(&self, change: impl FnOnce(String) -> String) {
        std::fs::write(self.file(), change(self.text.clone())).unwrap();
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("portcullis.toml")
    }

    pub(crate) fn config(&self) -> Config {
        let text = std::fs::read_to_string(self.file()).unwrap();
        let environment = |name: &str| (name == "PORTCULLIS_KEY").then(|| KEY.to_owned());
        Config::parse(&text, &self.folder, &environment).unwrap()
    }

    pub(crate) fn portcullis(&self) -> Portcullis {
        wiring::portcullis(&self.config(), Surroundings::system()).unwrap()
    }

    pub(crate) fn role(&self) -> String {
        format!("reader_{}", self.number)
    }

    pub(crate) fn login(&self) -> String {
        format!("gateway_{}", self.number)
    }

    /// Writes down what is there now.
    pub(crate) async fn lock(&self) {
        let portcullis = self.portcullis();
        let lock = survey(&portcullis, portcullis.warehouses().next().unwrap()).await.unwrap();
        std::fs::write(self.folder.join("portcullis.surface.lock"), lock.text()).unwrap();
    }

    /// Says something to the warehouse as its superuser; `{role}`, `{login}`, `{owner}` and `{database}` stand
    /// for what is the test's own.
    pub(crate) async fn say(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(self.named(sql))).execute(&mut self.root().await).await.unwrap();
    }

    pub(crate) fn named(&self, text: &str) -> String {
        let owner = format!("owner_{}", self.number);
        let database = format!("warehouse_{}", self.number);
        let text = text.replace("{database}", &database);
        text.replace("{role}", &self.role()).replace("{login}", &self.login()).replace("{owner}", &owner)
    }

    pub(crate) async fn root(&self) -> PgConnection {
        let url = self.cluster.superuser_url(&format!("warehouse_{}", self.number));
        PgConnection::connect(&url).await.unwrap()
    }

    pub(crate) async fn store(&self) -> PgConnection {
        let url = self.cluster.superuser_url(&format!("store_{}", self.number));
        PgConnection::connect(&url).await.unwrap()
    }

    pub(crate) fn url(&self, user: &str) -> String {
        self.cluster.url(user, &format!("warehouse_{}", self.number))
    }

    /// Somebody who holds the profile.
    pub(crate) async fn person(&self, name: &str) {
        let wish = PersonWish {
            username: &name.parse().unwrap(),
            email: &format!("{name}@example.com"),
            display_name: name,
            password: "lantern violet seven",
            powers: Powers { staff: true, ..Powers::default() },
            profiles: &["support".parse().unwrap()],
            actor: "test",
        };
        add_person(&self.portcullis(), &wish).await.unwrap();
    }

    /// What `grants --apply` does.
    pub(crate) async fn apply(&self, actor: &str) -> Result<Applied, NotApplied> {
        let portcullis = self.portcullis();
        apply(&portcullis, portcullis.warehouses().next().unwrap(), actor).await
    }

    /// What `doctor` finds.
    pub(crate) async fn findings(&self) -> Vec<Finding> {
        only(examine(&self.portcullis()).await)
    }

    /// What `grants` finds.
    pub(crate) async fn differences(&self) -> Vec<Finding> {
        only(compare(&self.portcullis()).await)
    }

    /// The command line, with the test's configuration.
    pub(crate) fn run(&self, arguments: &str) -> (bool, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(arguments.split(' ')).arg("--config").arg(self.file()).env("PORTCULLIS_KEY", KEY);
        command
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Kinds and subjects, for comparing.
pub(crate) fn named(findings: &[Finding]) -> Vec<(&'static str, &str)> {
    findings.iter().map(|finding| (finding.kind.code(), finding.subject.as_str())).collect()
}

fn only(examined: Vec<Examined>) -> Vec<Finding> {
    let [examined] = <[Examined; 1]>::try_from(examined).unwrap();
    examined.findings
}

pub(crate) async fn cluster() -> &'static Cluster {
    static READY: OnceCell<()> = OnceCell::const_new();
    let cluster = Cluster::shared().await.unwrap();
    READY.get_or_init(async || shop::seed_small(cluster).await.unwrap()).await;
    cluster
}

const CONFIGURATION: &str = r#"
[server]
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1:8700"

[store]
url = "{store}"
owner_url = "{owner}"
pool = 4

[warehouse]
url = "{warehouse}"
admin_url = "{admin}"
pool = 2

[profiles.support]
role = "reader_{n}"
login = "gateway_{n}"
relations = {relations}

[limits]
default_rows = 10
hard_rows = 100
bytes = 262144
cell_bytes = 4096

[timeouts]
statement = "5s"
lock = "1s"
idle_in_transaction = "10s"
"#;
