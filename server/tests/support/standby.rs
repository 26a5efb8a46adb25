//! A real standby of a cluster of the tests: a copy by `pg_basebackup`, fed by streaming replication.
#![allow(dead_code, unreachable_pub, reason = "each test file is a crate that uses a part of it")]

use sqlx::{Connection, PgConnection};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// What a cluster needs to have standbys.
pub const PRIMARY: [(&str, &str); 2] = [("wal_level", "replica"), ("max_wal_senders", "20")];

/// Ends with its test, and with a test that was killed: its shell waits for the end of our end of a pipe.
const GUARD: &str = "\"$@\" & child=$!; read -r _; kill -QUIT $child; wait $child";

pub struct Standby {
    guard: Child,
    folder: PathBuf,
}

impl Standby {
    /// Copies a primary, whose superuser is at `primary_url`, and follows it.
    pub async fn of(primary_url: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("portcullis-standby-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
        let mut root = PgConnection::connect(primary_url).await.unwrap();
        let data: String = sqlx::query_scalar("show data_directory").fetch_one(&mut root).await.unwrap();
        let socket: String =
            sqlx::query_scalar("show unix_socket_directories").fetch_one(&mut root).await.unwrap();
        root.close().await.unwrap();
        let owner = std::fs::metadata(&data).unwrap();
        chown(&folder, Some(owner.uid()), Some(owner.gid())).unwrap();
        // PostgreSQL refuses to run as root; whoever runs the primary runs its standby.
        let as_owner = |mut command: Command| {
            if std::fs::metadata("/proc/self").map_or(owner.uid(), |me| me.uid()) == 0 {
                command.uid(owner.uid()).gid(owner.gid());
            }
            command.current_dir("/");
            command
        };
        let programs = programs(Path::new(&data));
        let mut copy = Command::new(programs.join("pg_basebackup"));
        copy.args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf", "--username=postgres"]);
        copy.arg("--host").arg(&socket).arg("--pgdata").arg(folder.join("data"));
        let copied = as_owner(copy).output().unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", GUARD, "guard"]).arg(programs.join("postgres")).arg("-D").arg(folder.join("data"));
        for setting in [
            "listen_addresses=",
            "fsync=off",
            "lc_messages=C",
            "timezone=UTC",
            "wal_retrieve_retry_interval=100ms",
            "max_wal_senders=20",
        ] {
            shell.args(["-c", setting]);
        }
        shell.arg("-c").arg(format!("unix_socket_directories={}", folder.display()));
        let log = std::fs::File::create(folder.join("log")).unwrap();
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let standby = Self { guard: as_owner(shell).spawn().unwrap(), folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !standby.follows().await {
            let log = std::fs::read_to_string(standby.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "the standby does not follow: {log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        standby
    }

    pub fn url(&self, user: &str, database: &str) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgresql://{user}@localhost:5432/{database}?host={host}&sslmode=disable")
    }

    /// Whether it lets somebody in, is connected, and has replayed what it received.
    async fn follows(&self) -> bool {
        let Ok(mut root) = PgConnection::connect(&self.url("postgres", "postgres")).await else {
            return false;
        };
        let follows = "select pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() and exists \
                       (select from pg_stat_wal_receiver)";
        sqlx::query_scalar(follows)
            .fetch_one(&mut root)
            .await
            .is_ok_and(|follows: Option<bool>| follows == Some(true))
    }

    /// Whether it has replayed a transaction since it started; before that it knows no age.
    pub async fn has_replayed(&self) -> bool {
        let mut root = PgConnection::connect(&self.url("postgres", "postgres")).await.unwrap();
        let sql = "select pg_last_xact_replay_timestamp() is not null";
        sqlx::query_scalar(sql).fetch_one(&mut root).await.unwrap()
    }

    /// Says something to it as its superuser.
    pub async fn say(&self, sql: &'static str) {
        let mut root = PgConnection::connect(&self.url("postgres", "postgres")).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut root).await.unwrap();
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Where the programs are that the primary was started from: it wrote down how.
fn programs(data: &Path) -> PathBuf {
    let how = std::fs::read_to_string(data.join("postmaster.opts")).unwrap();
    let postgres = how.split_whitespace().next().unwrap();
    Path::new(postgres).parent().unwrap().to_path_buf()
}
