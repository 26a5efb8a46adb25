//! Two servers of PostgreSQL, a network before each, and everything that the program needs to start.

use super::load::Manner;
use super::program::Program;
use super::wire::Wire;
use server::config::Config;
use server::embedded::{Cluster, ClusterOptions, shop};
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::issue_token::{TokenWish, issue_token};
use server::flow::migrate::migrate;
use server::model::person::Powers;
use server::wiring::{Surroundings, portcullis};
use sqlx::{Connection, PgConnection};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

const CONFIGURATION: &str = include_str!("../../src/cli/demo/portcullis.toml");
/// Longer than any jump of the clock.
const TOKEN: Duration = Duration::from_hours(48);

/// One of the two databases.
pub struct Database {
    pub cluster: Cluster,
    pub wire: Wire,
    name: &'static str,
}

pub struct Ground {
    pub folder: PathBuf,
    pub store: Database,
    pub warehouse: Database,
    /// What fills the volume of the store, where it is one that may be filled.
    pub ballast: Option<PathBuf>,
    token: String,
    text: String,
}

impl Database {
    async fn start(folder: PathBuf, name: &'static str) -> Self {
        let mut options = ClusterOptions::new(folder);
        // What is written must be on disk when it says so; the rest keeps a small volume from filling by itself.
        let settings = [("max_connections", "150"), ("max_wal_size", "96MB"), ("min_wal_size", "32MB")];
        options.settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let cluster = Cluster::start(options).await.expect("PostgreSQL starts");
        shop::seed_small(&cluster).await.expect("the shop is seeded");
        let wire = Wire::to(cluster.socket_dir().join(".s.PGSQL.5432")).await;
        Self { cluster, wire, name }
    }

    /// A connection past the network, with every right.
    pub async fn root(&self) -> PgConnection {
        PgConnection::connect(&self.cluster.superuser_url(self.name)).await.expect("a connection")
    }

    fn url(&self, user: &str) -> String {
        format!("postgresql://{user}@{}/{}?sslmode=disable", self.wire.address, self.name)
    }
}

impl Ground {
    /// The store's files lie in a volume of their own, if there is one.
    pub async fn prepare(folder: &Path, volume: Option<&Path>) -> Self {
        let (store, warehouse) = tokio::join!(
            Database::start(volume.unwrap_or(folder).join("store"), shop::STORE),
            Database::start(folder.join("warehouse"), shop::WAREHOUSE),
        );
        let text = CONFIGURATION
            // Tokens are issued for the address that agents know, whichever instance answers.
            .replace("http://{listen}", "http://127.0.0.1:8700")
            .replace("{store}", &store.url(shop::STORE_APP))
            .replace("{owner}", &store.cluster.url(shop::STORE_OWNER, shop::STORE))
            .replace("{warehouse}", &warehouse.url("nobody"));
        let key = data_encoding::BASE64.encode(&[7; 32]);
        std::fs::write(folder.join("key"), key).expect("the key is written");
        let ballast = volume.map(|volume| volume.join("ballast"));
        let folder = folder.to_path_buf();
        let mut ground = Self { folder, store, warehouse, ballast, token: String::new(), text };
        let config = ground.config(&ground.text.replace("{listen}", "127.0.0.1:8700"));
        migrate(&config.store.owner, shop::STORE_APP).await.expect("the store is migrated");
        ground.token = token(&config).await;
        ground
    }

    fn config(&self, text: &str) -> Config {
        Config::parse(text, &self.folder, &|_| None).expect("a configuration")
    }

    /// The same in this process, where nobody listens.
    pub fn portcullis(&self) -> Portcullis {
        let config = self.config(&self.text.replace("{listen}", "127.0.0.1:8700"));
        portcullis(&config, Surroundings::system()).expect("a program")
    }

    /// Starts an instance of the program.
    pub async fn start(&self, environment: &[(String, String)]) -> Program {
        self.start_at(free_port(), environment).await
    }

    pub async fn start_at(&self, address: SocketAddr, environment: &[(String, String)]) -> Program {
        let file = self.folder.join(format!("{}.toml", address.port()));
        std::fs::write(&file, self.text.replace("{listen}", &address.to_string())).expect("it is written");
        Program::start(&file, address, environment).await
    }

    /// How agents reach these instances.
    pub fn manner(&self, programs: &[&Program]) -> Manner {
        Manner {
            addresses: programs.iter().map(|program| program.address).collect(),
            token: self.token.clone(),
            anew: false,
            rest: Duration::ZERO,
        }
    }

    pub async fn stop(self) {
        self.store.cluster.stop().await.expect("PostgreSQL stops");
        self.warehouse.cluster.stop().await.expect("PostgreSQL stops");
    }
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port")
}

async fn token(config: &Config) -> String {
    let portcullis = portcullis(config, Surroundings::system()).expect("a program");
    let (person, profile) = ("agent".parse().expect("a name"), "analyst".parse().expect("a name"));
    let profiles = [profile];
    let wish = PersonWish {
        username: &person,
        email: "agent@example.com",
        display_name: "Agent",
        password: "correct horse battery staple",
        powers: Powers { staff: true, ..Powers::default() },
        profiles: &profiles,
        actor: "faults",
    };
    add_person(&portcullis, &wish).await.expect("a person");
    let [profile] = &profiles;
    let wish = TokenWish { person: &person, profile, ttl: TOKEN, actor: "faults" };
    issue_token(&portcullis, &wish).await.expect("a token").bearer.reveal().to_owned()
}
