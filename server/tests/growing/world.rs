//! A store, a warehouse and people for one test, and programs that are started on them.

use crate::process::Served;
use crate::web::Browser;
use server::config::{Config, Faults};
use server::embedded::{Cluster, shop};
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::enrol_factor::enrol_known;
use server::flow::issue_token::{TokenWish, issue_token};
use server::flow::migrate::migrate;
use server::model::clock::Clock;
use server::model::person::Powers;
use server::model::totp::TotpSecret;
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PASSWORD: &str = "lantern violet seven";
pub(crate) const PROFILES: [&str; 2] = ["analyst", "support"];

pub(crate) struct World {
    pub(crate) cluster: &'static Cluster,
    /// The name of the store's database.
    pub(crate) database: String,
    folder: PathBuf,
    /// The configuration of programs that reach both databases without a pooler.
    pub(crate) text: String,
    /// The store, as the superuser sees it.
    pub(crate) store: PgPool,
    secret: TotpSecret,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::on(shop().await).await
    }

    /// The same on a PostgreSQL that has the shop.
    pub(crate) async fn on(cluster: &'static Cluster) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = format!("growing_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(format!("portcullis-{database}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
        let create = format!("create database {database} owner {}", shop::STORE_OWNER);
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut root).await.unwrap();
        let close = format!(
            "revoke all on database {database} from public; grant connect on database {database} to {}",
            shop::STORE_APP
        );
        sqlx::raw_sql(AssertSqlSafe(close)).execute(&mut root).await.unwrap();
        let text = CONFIGURATION
            .replace("{store}", &cluster.url(shop::STORE_APP, &database))
            .replace("{owner}", &cluster.url(shop::STORE_OWNER, &database))
            .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE));
        let world = Self {
            cluster,
            store: PgPool::connect_lazy(&cluster.superuser_url(&database)).unwrap(),
            database,
            folder,
            text,
            secret: TotpSecret::from_bytes(b"12345678901234567890").unwrap(),
        };
        migrate(&world.config(&world.text).store.owner, shop::STORE_APP).await.unwrap();
        world
    }

    pub(crate) fn config(&self, text: &str) -> Config {
        self.parse(text).unwrap()
    }

    pub(crate) fn parse(&self, text: &str) -> Result<Config, Faults> {
        let environment = |name: &str| (name == "PORTCULLIS_KEY").then(|| KEY.to_owned());
        Config::parse(text, &self.folder, &environment)
    }

    /// A program inside of the test, for what an operator does from a shell.
    pub(crate) fn portcullis(&self) -> Portcullis {
        wiring::portcullis(&self.config(&self.text), Surroundings::system()).unwrap()
    }

    /// Writes a configuration down, for programs to read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.join(name);
        std::fs::write(&file, text).unwrap();
        file
    }

    pub(crate) fn command(&self, arguments: &str, file: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
        command.args(arguments.split(' ')).arg("--config").arg(self.folder.join(file));
        command.env("PORTCULLIS_KEY", KEY).env("RUST_LOG", "info");
        command
    }

    /// A program that serves with this configuration.
    pub(crate) fn serve(&self, text: &str) -> Served {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("portcullis-{}.toml", COUNT.fetch_add(1, Ordering::Relaxed));
        self.write(&name, text);
        Served::start(self.command("serve", &name))
    }

    /// Somebody who holds every profile, with a second factor.
    pub(crate) async fn person(&self, name: &str) {
        let portcullis = self.portcullis();
        let wish = PersonWish {
            username: &name.parse().unwrap(),
            email: &format!("{name}@example.com"),
            display_name: name,
            password: PASSWORD,
            powers: Powers { staff: true, auditor: true, admin: true },
            profiles: &PROFILES.map(|profile| profile.parse().unwrap()),
            actor: "test",
        };
        let person = add_person(&portcullis, &wish).await.unwrap();
        assert!(enrol_known(&portcullis, &person, &self.secret, "test").await.unwrap());
    }

    /// A token of the command line.
    pub(crate) async fn token(&self, person: &str, profile: &str) -> String {
        let (person, profile) = (person.parse().unwrap(), profile.parse().unwrap());
        let ttl = Duration::from_mins(30);
        let wish = TokenWish { person: &person, profile: &profile, ttl, actor: "test" };
        issue_token(&self.portcullis(), &wish).await.unwrap().bearer.reveal().to_owned()
    }

    /// Signs in, each step at the next of `places`.
    pub(crate) async fn sign_in(&self, person: &str, places: &[SocketAddr]) -> Browser {
        let mut browser = Browser::default();
        let mut turn = places.iter().copied().cycle();
        let mut next = || turn.next().unwrap();
        browser.get(next(), "/sign-in").await;
        let fields = [("username", person), ("password", PASSWORD)];
        let answer = browser.submit(next(), "/sign-in", &fields).await;
        assert_eq!(answer.location(), "/sign-in/code", "{answer:?}");
        browser.get(next(), "/sign-in/code").await;
        let code = self.secret.code(Clock::system().now()).unwrap();
        let answer = browser.submit(next(), "/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.location(), "/account", "{answer:?}");
        browser
    }

    /// One number of the store.
    pub(crate) async fn count(&self, what: &str) -> i64 {
        let sql = format!("select count(*) from portcullis.{what}");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.store).await.unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Waits until it holds; what it waits for must come, however busy the machine is.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..3_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it never came to be that {what}");
}

pub(crate) async fn shop() -> &'static Cluster {
    static SEEDED: OnceCell<()> = OnceCell::const_new();
    let cluster = Cluster::shared().await.unwrap();
    SEEDED.get_or_init(|| async { shop::seed_small(cluster).await.unwrap() }).await;
    cluster
}

const CONFIGURATION: &str = r#"
[server]
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1:8700"

[store]
url = "{store}"
owner_url = "{owner}"
pool = 8

[warehouse]
url = "{warehouse}"
pool = 4

[profiles.support]
role = "portcullis_support"
login = "portcullis_support_gateway"
relations = [
    { name = "public.customers", columns = ["id", "name", "city", "created_at"] },
    "public.orders",
    { name = "public.products", columns = ["id", "sku", "title", "price", "category", "stock"] },
]

[profiles.analyst]
role = "portcullis_analyst"
login = "portcullis_analyst_gateway"
relations = [
    "public.customers",
    "public.orders",
    "public.order_items",
    "public.products",
    "public.my_customers",
]
context = { "portcullis.person" = "person.email" }

[limits]
default_rows = 10
hard_rows = 100
bytes = 262144
cell_bytes = 4096

[timeouts]
statement = "5s"
lock = "1s"
idle_in_transaction = "10s"

[watch]
listen = "127.0.0.1:0"
"#;
