//! The program under measurement: `portcullis serve`, a process of its own.

use super::Figures;
use super::http::{Client, query};
use server::config::Config;
use server::embedded::{Cluster, ClusterOptions, shop};
use server::flow::add_person::{PersonWish, add_person};
use server::flow::issue_token::{TokenWish, issue_token};
use server::flow::migrate::migrate;
use server::model::person::Powers;
use server::wiring::{Surroundings, portcullis};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONFIGURATION: &str = include_str!("../../src/cli/demo/portcullis.toml");

/// A seeded PostgreSQL and everything that the program needs to start.
pub struct Ground {
    pub cluster: Cluster,
    pub folder: PathBuf,
    pub token: String,
    address: SocketAddr,
}

impl Ground {
    pub async fn prepare(folder: &Path) -> Self {
        let cluster =
            Cluster::start(ClusterOptions::new(folder.join("data"))).await.expect("PostgreSQL starts");
        shop::seed(&cluster).await.expect("the shop is seeded");
        let address =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
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
        let token = token(&config).await;
        Self { cluster, folder: folder.to_path_buf(), token, address }
    }

    /// Starts the program, and tells how long it took to its first answer.
    pub async fn start(&self) -> (Program, Duration) {
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .args(["serve", "--config"])
            .arg(self.folder.join("portcullis.toml"))
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let program = Program { child, address: self.address, token: self.token.clone() };
        while std::net::TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the program does not listen");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let mut client = program.client().await;
        let (status, body, _) = client.send(&query("select 1")).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
        (program, begun.elapsed())
    }
}

async fn token(config: &Config) -> String {
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
    let wish = TokenWish { person: &username, profile, ttl: Duration::from_hours(1), actor: "bench" };
    issue_token(&portcullis, &wish).await.expect("a token").bearer.reveal().to_owned()
}

/// The program, ended when dropped.
pub struct Program {
    child: Child,
    address: SocketAddr,
    token: String,
}

impl Program {
    pub async fn client(&self) -> Client {
        Client::connect(self.address, &self.token).await
    }

    /// So many clients at once, each asking one thing after the other; `message` makes the n-th message of a client.
    pub async fn load(&self, clients: usize, length: Duration, message: fn(u64) -> String) -> Figures {
        let begun = Instant::now();
        let mut at_work = Vec::new();
        for worker in 0..clients {
            let mut client = self.client().await;
            at_work.push(tokio::spawn(async move {
                let mut calls = Vec::new();
                let mut n = worker as u64 * 7919;
                while begun.elapsed() < length {
                    let (status, body, took) = client.send(&message(n)).await;
                    assert_eq!(status, 200, "{}", String::from_utf8_lossy(body));
                    calls.push(took);
                    n += 1;
                }
                calls
            }));
        }
        let mut calls = Vec::new();
        for worker in at_work {
            calls.extend(worker.await.expect("a worker ends well"));
        }
        Figures::of(calls, begun.elapsed())
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
