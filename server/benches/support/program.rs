//! The program under measurement: `portcullis serve`, a process of its own.

use super::Figures;
use super::http::{Client, query};
use server::config::Config;
use server::embedded::{Cluster, ClusterOptions, shop};
use server::flow::add_person::{PersonWish, add_person};
use server::flow::issue_token::{TokenWish, issue_token};
use server::flow::migrate::migrate;
use server::flow::revoke_token::revoke_token;
use server::model::person::Powers;
use server::wiring::{Surroundings, portcullis};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::fs::Permissions;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONFIGURATION: &str = include_str!("../../src/cli/demo/portcullis.toml");

/// PostgreSQL as `docs/performance.md` advises for a machine of this size.
const TUNED: [(&str, &str); 6] = [
    ("max_connections", "300"),
    ("shared_buffers", "1GB"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
    ("wal_compression", "on"),
    ("random_page_cost", "1.1"),
];

/// A seeded PostgreSQL and everything that the program needs to start.
pub struct Ground {
    pub cluster: Cluster,
    pub folder: PathBuf,
    pub token: String,
    /// A token that was revoked.
    pub dead_token: String,
    pub config: Config,
    text: String,
    address: SocketAddr,
}

impl Ground {
    pub async fn prepare(folder: &Path) -> Self {
        // Where PostgreSQL runs as another user, that user must get to its files.
        std::fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("the folder is ours");
        let mut options = ClusterOptions::new(folder.join("data"));
        options.settings = TUNED.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let cluster = Cluster::start(options).await.expect("PostgreSQL starts");
        shop::seed(&cluster).await.expect("the shop is seeded");
        let address = free_address();
        let text = CONFIGURATION
            .replace("{listen}", &address.to_string())
            .replace("{store}", &cluster.url(shop::STORE_APP, shop::WAREHOUSE))
            .replace("{owner}", &cluster.superuser_url(shop::WAREHOUSE))
            .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE))
            .replace("pool = 16", "pool = 32");
        std::fs::write(folder.join("portcullis.toml"), &text).expect("the configuration is written");
        let key = data_encoding::BASE64.encode(&[7; 32]);
        std::fs::write(folder.join("key"), key).expect("the key is written");
        let config = Config::parse(&text, folder, &|_| None).expect("a configuration");
        let mut root =
            PgConnection::connect(&cluster.superuser_url(shop::WAREHOUSE)).await.expect("a connection");
        let open = format!("grant connect on database {} to {}", shop::WAREHOUSE, shop::STORE_APP);
        sqlx::raw_sql(AssertSqlSafe(open)).execute(&mut root).await.expect("the store is opened");
        migrate(&config.store.owner, shop::STORE_APP).await.expect("the store is migrated");
        let (token, dead_token) = tokens(&config).await;
        Self { cluster, folder: folder.to_path_buf(), token, dead_token, config, text, address }
    }

    /// Says something to the database as its superuser.
    pub async fn sql(&self, sql: &str) {
        let url = self.cluster.superuser_url(shop::WAREHOUSE);
        let mut root = PgConnection::connect(&url).await.expect("a connection");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut root).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Asks the database for a number as its superuser.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let url = self.cluster.superuser_url(shop::WAREHOUSE);
        let mut root = PgConnection::connect(&url).await.expect("a connection");
        sqlx::query_scalar(sql).fetch_one(&mut root).await.expect("a number")
    }

    /// Starts the program, and tells how long it took to its first answer.
    pub async fn start(&self) -> (Program, Duration) {
        self.start_with(|text| text).await
    }

    /// The same with a configuration that was changed first.
    pub async fn start_with(&self, change: impl FnOnce(String) -> String) -> (Program, Duration) {
        let file = self.folder.join("changed.toml");
        std::fs::write(&file, change(self.text.clone())).expect("the configuration is written");
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .args(["serve", "--config"])
            .arg(&file)
            // A load like this raises every alert that there is.
            .env("RUST_LOG", "off")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Program { child, address: self.address };
        while std::net::TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the program does not listen");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let mut client = Client::connect(self.address, &self.token).await;
        let (status, body, _) = client.send(&query("select 1")).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
        (program, begun.elapsed())
    }
}

/// Where nobody listens yet.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port")
}

/// One that is good, and one that was revoked.
async fn tokens(config: &Config) -> (String, String) {
    let portcullis = portcullis(config, Surroundings::system()).expect("a program");
    let (username, profile) = ("bench".parse().expect("a name"), "analyst".parse().expect("a name"));
    let profiles = [profile];
    let wish = PersonWish {
        username: &username,
        email: "bench@example.com",
        display_name: "Bench",
        password: "correct horse battery staple",
        powers: Powers { staff: true, ..Powers::default() },
        profiles: &profiles,
        actor: "bench",
    };
    add_person(&portcullis, &wish).await.expect("a person");
    let [profile] = &profiles;
    let wish = || TokenWish { person: &username, profile, ttl: Duration::from_hours(1), actor: "bench" };
    let dead = issue_token(&portcullis, &wish()).await.expect("a token");
    revoke_token(&portcullis, dead.bearer.reveal(), "bench").await.expect("a revocation");
    let good = issue_token(&portcullis, &wish()).await.expect("a token");
    (good.bearer.reveal().to_owned(), dead.bearer.reveal().to_owned())
}

/// The program, ended when dropped.
pub struct Program {
    child: Child,
    address: SocketAddr,
}

/// What clients ask, each one thing after the other.
#[derive(Clone, Copy)]
pub struct Load<'a> {
    pub token: &'a str,
    pub clients: usize,
    pub length: Duration,
    /// Makes the n-th message of a client.
    pub message: fn(u64) -> String,
    /// Whether an answer is the expected one.
    pub expected: fn(u16, &[u8]) -> bool,
}

impl Program {
    pub async fn client(&self, token: &str) -> Client {
        Client::connect(self.address, token).await
    }

    pub async fn load(&self, load: Load<'_>) -> Figures {
        let begun = Instant::now();
        let mut at_work = Vec::new();
        for worker in 0..load.clients {
            let mut client = self.client(load.token).await;
            let Load { length, message, expected, .. } = load;
            at_work.push(tokio::spawn(async move {
                let (mut calls, mut errors) = (Vec::new(), 0);
                let mut n = worker as u64 * 7919;
                while begun.elapsed() < length {
                    let (status, body, took) = client.send(&message(n)).await;
                    errors += usize::from(!expected(status, body));
                    calls.push(took);
                    n += 1;
                }
                (calls, errors)
            }));
        }
        let (mut all, mut all_errors) = (Vec::new(), 0);
        for worker in at_work {
            let (calls, errors) = worker.await.expect("a worker ends well");
            all.extend(calls);
            all_errors += errors;
        }
        Figures::of(all, begun.elapsed(), all_errors)
    }

    /// Resident memory in bytes (`VmRSS`), where the kernel tells.
    pub fn memory(&self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// The most that it ever was (`VmHWM`).
    pub fn peak(&self) -> Option<u64> {
        self.status("VmHWM:")
    }

    fn status(&self, key: &str) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
