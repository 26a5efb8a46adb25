//! A program of a test's own: its store, its clock, its people.

use crate::browser::Browser;
use axum::Router;
use server::config::Config;
use server::embedded::{Cluster, shop};
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::enrol_factor::enrol_known;
use server::flow::migrate::migrate;
use server::flow::passwords::Effort;
use server::http::router;
use server::model::clock::Clock;
use server::model::person::{Person, Powers};
use server::model::rng::Rng;
use server::model::totp::TotpSecret;
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::sync::OnceCell;

pub(crate) const PASSWORD: &str = "lantern violet seven";

pub(crate) struct World {
    pub(crate) portcullis: Portcullis,
    pub(crate) router: Router,
    pub(crate) secret: TotpSecret,
    now: Arc<Mutex<OffsetDateTime>>,
    superuser: String,
    /// The configuration, for the command line.
    pub(crate) configuration: String,
}

/// The key of the tests, as the environment gives it.
pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// How browsers reach the program.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    Https,
    LoopbackHttp,
}

async fn cluster() -> &'static Cluster {
    static SEEDED: OnceCell<&Cluster> = OnceCell::const_new();
    let seed = async || {
        let cluster = Cluster::shared().await.unwrap();
        shop::seed_small(cluster).await.unwrap();
        cluster
    };
    SEEDED.get_or_init(seed).await
}

impl World {
    /// Nobody is known.
    pub(crate) async fn empty() -> Self {
        Self::reached_by(Scheme::Https).await
    }

    /// `margarete` is known, with a password and a second factor.
    pub(crate) async fn peopled() -> Self {
        let world = Self::empty().await;
        world.knows_margarete().await;
        world
    }

    pub(crate) async fn knows_margarete(&self) {
        let person = self.person("margarete").await;
        assert!(enrol_known(&self.portcullis, &person, &self.secret, "test").await.unwrap());
    }

    pub(crate) async fn reached_by(scheme: Scheme) -> Self {
        Self::configured(scheme, "").await
    }

    /// With more sections of the configuration.
    pub(crate) async fn configured(scheme: Scheme, more: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let cluster = cluster().await;
        let database = format!("people_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
        let create = format!("create database {database} owner {}", shop::STORE_OWNER);
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut root).await.unwrap();
        root.close().await.unwrap();

        let public_url = match scheme {
            Scheme::Https => "https://db.example.com",
            Scheme::LoopbackHttp => "http://127.0.0.1:8700",
        };
        let text = format!("{CONFIGURATION}{more}")
            .replace("{public_url}", public_url)
            .replace("{store}", &cluster.url(shop::STORE_APP, &database))
            .replace("{owner}", &cluster.url(shop::STORE_OWNER, &database))
            .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE));
        let environment = |name: &str| (name == "PORTCULLIS_KEY").then(|| KEY.to_owned());
        let config = Config::parse(&text, Path::new("/"), &environment).unwrap();
        migrate(&config.store.owner, shop::STORE_APP).await.unwrap();

        let now = Arc::new(Mutex::new(datetime!(2026-03-02 09:00 UTC)));
        let shown = Arc::clone(&now);
        let surroundings = Surroundings {
            clock: Clock::of(move || *shown.lock().unwrap()),
            rng: Rng::system(),
            hashing: Effort { memory_kib: 64, passes: 1 },
            fetch: server::fetch::Fetch::system(),
        };
        let portcullis = wiring::portcullis(&config, surroundings).unwrap();
        Self {
            router: router(wiring::site(&config, portcullis.clone())),
            portcullis,
            secret: TotpSecret::from_bytes(b"12345678901234567890").unwrap(),
            now,
            superuser: cluster.superuser_url(&database),
            configuration: text,
        }
    }

    pub(crate) async fn person(&self, name: &str) -> Person {
        let wish = PersonWish {
            username: &name.parse().unwrap(),
            email: &format!("{name}@example.com"),
            display_name: "Margarete Klein",
            password: PASSWORD,
            powers: Powers { staff: true, ..Powers::default() },
            profiles: &["analyst".parse().unwrap()],
            actor: "test",
        };
        add_person(&self.portcullis, &wish).await.unwrap()
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        *self.now.lock().unwrap()
    }

    pub(crate) fn later(&self, by: Duration) {
        *self.now.lock().unwrap() += by;
    }

    /// The code that the app shows now.
    pub(crate) fn code(&self) -> String {
        self.secret.code(self.now()).unwrap()
    }

    /// The code that the app shows after the next step, so that it was not used before.
    pub(crate) fn fresh_code(&self) -> String {
        self.later(Duration::seconds(30));
        self.code()
    }

    pub(crate) fn browser(&self) -> Browser {
        self.browser_at("192.0.2.1".parse().unwrap())
    }

    pub(crate) fn browser_at(&self, ip: IpAddr) -> Browser {
        Browser::new(self.router.clone(), ip)
    }

    /// A browser in which `margarete` is signed in.
    pub(crate) async fn signed_in(&self) -> Browser {
        self.signed_in_as("margarete").await
    }

    /// A browser in which somebody with a second factor is signed in.
    pub(crate) async fn signed_in_as(&self, username: &str) -> Browser {
        let mut browser = self.browser();
        browser.get("/sign-in").await;
        browser
            .submit("/sign-in", &[("username", username), ("password", PASSWORD)])
            .await
            .leads_to("/sign-in/code");
        browser.get("/sign-in/code").await;
        let code = self.fresh_code();
        browser.submit("/sign-in/code", &[("code", &code)]).await.leads_to("/account");
        browser
    }

    /// The kinds of the record, in the order in which they were written.
    pub(crate) async fn events(&self) -> Vec<String> {
        let mut store = PgConnection::connect(&self.superuser).await.unwrap();
        sqlx::query_scalar("select kind from portcullis.events order by ctid")
            .fetch_all(&mut store)
            .await
            .unwrap()
    }

    /// The store, as the superuser sees it.
    pub(crate) async fn store(&self) -> PgConnection {
        PgConnection::connect(&self.superuser).await.unwrap()
    }

    pub(crate) async fn run(&self, sql: String) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.store().await).await.unwrap();
    }

    pub(crate) async fn one<T>(&self, sql: &'static str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        let mut store = PgConnection::connect(&self.superuser).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut store).await.unwrap()
    }
}

const CONFIGURATION: &str = r#"
[server]
listen = "127.0.0.1:0"
public_url = "{public_url}"

[store]
url = "{store}"
owner_url = "{owner}"
pool = 4

[warehouse]
url = "{warehouse}"
pool = 1

[profiles.analyst]
role = "portcullis_analyst"
login = "portcullis_analyst_gateway"
relations = ["public.orders"]

[profiles.support]
role = "portcullis_support"
login = "portcullis_support_gateway"
relations = ["public.orders"]

[limits]
default_rows = 10
hard_rows = 100
bytes = 262144
cell_bytes = 4096

[timeouts]
statement = "5s"
lock = "1s"
idle_in_transaction = "10s"

[sessions]
idle = "1h"
absolute = "8h"

[throttle]
sign_in = { attempts = 3, address_attempts = 12, window = "1h", longest_delay = "5m" }
"#;
