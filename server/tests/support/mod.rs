//! A whole program in process, on a real PostgreSQL: a store of its own for each test, and the sample shop for all.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate that uses a part of it")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use server::config::Config;
use server::embedded::{Cluster, shop};
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::issue_token::{Issued, TokenWish, issue_token};
use server::flow::migrate::migrate;
use server::flow::passwords::Effort;
use server::http::router;
use server::model::clock::Clock;
use server::model::person::Powers;
use server::wiring::{self, Surroundings};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tower::ServiceExt;

/// A program whose clock shows what the test sets, and whose passwords cost nothing.
pub fn surroundings(now: &Arc<Mutex<OffsetDateTime>>) -> Surroundings {
    let shown = Arc::clone(now);
    Surroundings {
        clock: Clock::of(move || *shown.lock().unwrap()),
        hashing: Effort { memory_kib: 64, passes: 1 },
        ..Surroundings::system()
    }
}

const CONFIGURATION: &str = include_str!("../../src/cli/demo/portcullis.toml");

/// One program, and a look behind it.
pub struct House {
    pub router: Router,
    pub portcullis: Portcullis,
    pub config: Config,
    /// The store, as the superuser sees it.
    pub store: PgPool,
    pub cluster: &'static Cluster,
    pub database: String,
}

/// What came back over HTTP.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl House {
    pub async fn new() -> Self {
        Self::with(|text| text).await
    }

    /// A program whose configuration was changed first.
    pub async fn with(change: impl FnOnce(String) -> String) -> Self {
        Self::built(change, Surroundings::system()).await
    }

    /// A program whose configuration and whose world were changed first.
    pub async fn built(change: impl FnOnce(String) -> String, surroundings: Surroundings) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let cluster = shop().await;
        let database = format!("store_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        create_store(cluster, &database).await;
        let text = CONFIGURATION
            .replace("{listen}", "127.0.0.1:8700")
            .replace("{store}", &cluster.url(shop::STORE_APP, &database))
            .replace("{owner}", &cluster.url(shop::STORE_OWNER, &database))
            .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE));
        let text = change(text).replace("key_file = \"key\"\n", "");
        let config = Config::parse(&text, Path::new("."), &environment).unwrap();
        migrate(&config.store.owner, shop::STORE_APP).await.unwrap();
        let portcullis = wiring::portcullis(&config, surroundings).unwrap();
        let router = router(wiring::site(&config, portcullis.clone()));
        let store = PgPool::connect(&cluster.superuser_url(&database)).await.unwrap();
        let house = Self { router, portcullis, config, store, cluster, database };
        house.person("demo").await;
        house
    }

    /// Makes somebody known who holds every profile.
    pub async fn person(&self, username: &str) {
        let profiles: Vec<_> = self.config.profiles.keys().cloned().collect();
        let wish = PersonWish {
            username: &username.parse().unwrap(),
            email: &format!("{username}@example.com"),
            display_name: username,
            password: "correct horse battery staple",
            powers: Powers { staff: true, ..Powers::default() },
            profiles: &profiles,
            actor: "test",
        };
        add_person(&self.portcullis, &wish).await.unwrap();
    }

    pub async fn issue(&self, profile: &str) -> Issued {
        let (person, profile) = ("demo".parse().unwrap(), profile.parse().unwrap());
        let ttl = Duration::from_mins(10);
        let wish = TokenWish { person: &person, profile: &profile, ttl, actor: "test" };
        issue_token(&self.portcullis, &wish).await.unwrap()
    }

    /// A token of profile `analyst`.
    pub async fn token(&self) -> String {
        self.issue("analyst").await.bearer.reveal().to_owned()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A POST to the MCP endpoint with these bytes.
    pub async fn post(&self, token: &str, body: impl Into<Body>) -> Answer {
        self.send(request(token).body(body.into()).unwrap()).await
    }

    /// A JSON-RPC request, and its whole answer.
    pub async fn rpc(&self, token: &str, method: &str, params: Value) -> Value {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        self.post(token, message.to_string()).await.json()
    }

    /// The result of a tool call.
    pub async fn call(&self, token: &str, tool: &str, arguments: Value) -> Value {
        let answer = self.rpc(token, "tools/call", json!({ "name": tool, "arguments": arguments })).await;
        answer.get("result").cloned().unwrap_or_else(|| panic!("no result: {answer}"))
    }

    /// The structured answer of `run_query`, and its rows without their fence.
    pub async fn query(&self, token: &str, sql: &str) -> (Value, Value) {
        let result = self.call(token, "run_query", json!({ "sql": sql })).await;
        let told = result["structuredContent"].clone();
        let rows = serde_json::from_str(unfenced(told["rows"].as_str().unwrap())).unwrap();
        (told, rows)
    }

    /// Decision and reason of every attempt so far, in order.
    pub async fn record(&self) -> Vec<(String, String, Option<String>)> {
        let sql = "select tool, decision, reason from portcullis.attempts join portcullis.outcomes on attempt_id = id \
                   order by attempts.id";
        sqlx::query_as(sql).fetch_all(&self.store).await.unwrap()
    }

    pub async fn count(&self, relation: &str) -> i64 {
        let sql = format!("select count(*) from portcullis.{relation}");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.store).await.unwrap()
    }

    /// Says something to the store as its superuser.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.store).await.unwrap();
    }
}

/// A request to the MCP endpoint as a client of today sends it.
pub fn request(token: &str) -> axum::http::request::Builder {
    Request::post("http://127.0.0.1:8700/mcp/sql/")
        .header("host", "127.0.0.1:8700")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
}

/// What stands between the tags of a fence.
pub fn unfenced(text: &str) -> &str {
    let (open, rest) = text.split_once(">\n").unwrap();
    let name = open.strip_prefix('<').unwrap();
    assert!(name.starts_with("untrusted-data-"), "{text}");
    rest.strip_suffix(&format!("\n</{name}>")).unwrap()
}

async fn shop() -> &'static Cluster {
    static SEEDED: OnceCell<()> = OnceCell::const_new();
    let cluster = Cluster::shared().await.unwrap();
    SEEDED.get_or_init(|| async { shop::seed_small(cluster).await.unwrap() }).await;
    cluster
}

/// The only secret that a program here needs.
fn environment(name: &str) -> Option<String> {
    (name == "PORTCULLIS_KEY").then(|| "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned())
}

async fn create_store(cluster: &Cluster, database: &str) {
    let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
    let create = format!("create database {database} owner {}", shop::STORE_OWNER);
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut root).await.unwrap();
    let close = format!(
        "revoke all on database {database} from public; grant connect on database {database} to {}",
        shop::STORE_APP
    );
    sqlx::raw_sql(AssertSqlSafe(close)).execute(&mut root).await.unwrap();
}
