//! The private PostgreSQL of `portcullis demo` and of the tests: found on this machine, created once, reached by a unix
//! socket that nobody else can reach, and never left running when its program has gone.
//!
//! Invariant: knows nothing of the store, the warehouse or the gate; it offers connection URLs.

mod binaries;
mod error;
mod guard;
mod identity;
mod initdb;
mod options;
mod place;
mod scrap;
mod server;
pub mod shop;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::sync::OnceCell;
use url::form_urlencoded;

use binaries::Binaries;
pub use error::EmbeddedError;
use guard::AfterUs;
use identity::Identity;
pub use options::{ClusterOptions, Existing};
use place::Place;
use server::Server;

const SUPERUSER: &str = "postgres";
/// A server that was killed leaves traces that fade within moments: children, shared memory, a file with its number.
const ATTEMPTS: u32 = 20;

/// A running PostgreSQL of our own. Stop it with [`Cluster::stop`]; dropping it, or dying, stops it as well.
#[derive(Debug)]
pub struct Cluster {
    // The order matters: the server stops before its place is unlocked, and its files go last.
    server: Option<Server>,
    binaries: Binaries,
    place: Place,
    settings: Vec<(String, String)>,
    new: bool,
    scrap: Option<scrap::Scrap>,
}

impl Cluster {
    /// Takes the data directory for us, creates the cluster where there is none, and returns once it lets us in.
    pub async fn start(options: ClusterOptions) -> Result<Self, EmbeddedError> {
        let identity = Identity::find()?;
        Self::start_as(identity, options, None).await
    }

    /// A cluster for tests: in a temporary directory, careless of crashes, and gone without a trace afterwards, even if
    /// the program is killed.
    pub async fn ephemeral() -> Result<Self, EmbeddedError> {
        Self::ephemeral_with(&[]).await
    }

    /// The same with settings of `postgresql.conf` over our own.
    pub async fn ephemeral_with(settings: &[(&str, &str)]) -> Result<Self, EmbeddedError> {
        let identity = Identity::find()?;
        let scrap = scrap::Scrap::create(identity)?;
        let careless = [("fsync", "off"), ("full_page_writes", "off"), ("max_wal_size", "4GB")];
        let settings = careless.iter().chain(settings);
        let options = ClusterOptions {
            settings: settings.map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
            ..ClusterOptions::new(scrap.dir().to_path_buf())
        };
        Self::start_as(identity, options, Some(scrap)).await
    }

    /// The one ephemeral cluster of this process. Nothing drops it: its guard ends it when the process is gone.
    pub async fn shared() -> Result<&'static Self, EmbeddedError> {
        static SHARED: OnceCell<Cluster> = OnceCell::const_new();
        SHARED.get_or_try_init(Self::ephemeral).await
    }

    async fn start_as(
        identity: Identity,
        options: ClusterOptions,
        scrap: Option<scrap::Scrap>,
    ) -> Result<Self, EmbeddedError> {
        let binaries = Binaries::find(options.binaries.as_deref(), options.search_path.as_deref())?;
        let place = Place::claim(&options.data_dir, identity)?;
        place::remove(place.log())?;
        server::stop_orphan(&place).await?;
        let new = options.existing == Existing::Erase || !place.data().exists();
        if new {
            tracing::info!(path = %place.data().display(), "creating a PostgreSQL cluster");
            initdb::initdb(&binaries, &place).await?;
        }
        let mut settings = options::our_settings(&place);
        settings.extend(options.settings);
        let mut cluster = Self { server: None, binaries, place, settings, new, scrap };
        cluster.launch().await?;
        Ok(cluster)
    }

    /// A URL for sqlx, psql and every other libpq: `postgresql://user@localhost:5432/database?host=%2F...`
    #[must_use]
    pub fn url(&self, user: &str, database: &str) -> String {
        let socket_dir = percent_encoded(self.place.socket_dir().as_os_str());
        let (user, database) = (percent_encoded(user.as_ref()), percent_encoded(database.as_ref()));
        format!("postgresql://{user}@localhost:5432/{database}?host={socket_dir}&sslmode=disable")
    }

    /// The URL of the superuser, who alone may do everything here.
    #[must_use]
    pub fn superuser_url(&self, database: &str) -> String {
        self.url(SUPERUSER, database)
    }

    /// Whether this start created the cluster.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.new
    }

    #[must_use]
    pub fn socket_dir(&self) -> PathBuf {
        self.place.socket_dir()
    }

    /// Where PostgreSQL writes what it has to say; begun anew at each start.
    #[must_use]
    pub fn log(&self) -> &Path {
        self.place.log()
    }

    pub async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.halt().await
    }

    /// Stops the server and starts it again, or starts it after [`Cluster::halt`] and [`Cluster::kill`].
    pub async fn restart(&mut self) -> Result<(), EmbeddedError> {
        self.halt().await?;
        self.launch().await
    }

    /// Stops the server and keeps its place, so that it can start again.
    pub async fn halt(&mut self) -> Result<(), EmbeddedError> {
        match self.server.take() {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }

    /// Kills the postmaster as a crash does.
    pub async fn kill(&mut self) -> Result<(), EmbeddedError> {
        match self.server.take() {
            Some(server) => server.kill().await,
            None => Ok(()),
        }
    }

    async fn launch(&mut self) -> Result<(), EmbeddedError> {
        let after_us = self.scrap.as_ref().map_or(AfterUs::Keep, |scrap| AfterUs::Scrap(scrap.dir()));
        let options = self.connect_options(SUPERUSER, "postgres");
        for attempt in 1.. {
            let was_killed = self.place.pid_file().exists();
            let mut server = Server::launch(&self.binaries, &self.place, &self.settings, after_us)?;
            match server.ready(&options, &self.place).await {
                Ok(()) => {
                    self.server = Some(server);
                    break;
                }
                Err(EmbeddedError::EndedEarly { .. }) if was_killed && attempt < ATTEMPTS => {
                    // Nobody listens, so the number in the file is by now that of a stranger.
                    if attempt > ATTEMPTS / 2 && !server::is_listening(&self.place) {
                        place::remove(&self.place.pid_file())?;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    pub(super) fn connect_options(&self, user: &str, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.place.socket_dir())
            .port(5432)
            .username(user)
            .database(database)
            .ssl_mode(sqlx::postgres::PgSslMode::Disable)
    }
}

/// Everything but letters, digits and `*-._` as `%XX`; libpq does not read `+` as a space.
fn percent_encoded(text: &OsStr) -> String {
    form_urlencoded::byte_serialize(text.as_encoded_bytes()).collect::<String>().replace('+', "%20")
}
