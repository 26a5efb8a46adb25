//! A real pgbouncer before the cluster of the tests, in transaction mode.

use server::embedded::Cluster;
use std::fmt::Write as _;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Ends with its test, and with a test that was killed: its shell waits for the end of our end of a pipe. It keeps nothing,
/// so it need not be asked.
const GUARD: &str = "\"$1\" \"$2\" & child=$!; read -r _; kill -KILL $child; wait $child";

pub(crate) struct Pooler {
    guard: Child,
    folder: PathBuf,
}

impl Pooler {
    /// Hands on `size` sessions for each login and database.
    pub(crate) fn start(cluster: &Cluster, logins: &[&str], size: u32) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("portcullis-pooler-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700)).unwrap();
        let mut users = String::new();
        for login in logins {
            let _ = writeln!(users, "\"{login}\" \"\"");
        }
        std::fs::write(folder.join("users"), users).unwrap();
        let (here, there) = (folder.display(), cluster.socket_dir());
        let settings = format!(
            "[databases]\n* = host={there} port=5432\n[pgbouncer]\npool_mode = transaction\n\
             default_pool_size = {size}\nmax_client_conn = 500\nauth_type = trust\nauth_file = {here}/users\n\
             unix_socket_dir = {here}\nlisten_port = 6432\nlogfile = {here}/log\npidfile = {here}/pid\n",
            there = there.display(),
        );
        std::fs::write(folder.join("ini"), settings).unwrap();
        // It refuses to run as root, as PostgreSQL does; whoever runs that may also enter its socket's folder.
        let owner = std::fs::metadata(&there).unwrap();
        for path in [folder.clone(), folder.join("users"), folder.join("ini")] {
            chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", GUARD, "guard"]).arg(program()).arg(folder.join("ini")).current_dir("/");
        if std::fs::metadata("/proc/self").map_or(owner.uid(), |me| me.uid()) == 0 {
            shell.uid(owner.uid()).gid(owner.gid());
        }
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let pooler = Self { guard: shell.spawn().unwrap(), folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::os::unix::net::UnixStream::connect(pooler.folder.join(".s.PGSQL.6432")).is_err() {
            let log = std::fs::read_to_string(pooler.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "pgbouncer does not listen: {log}");
            std::thread::sleep(Duration::from_millis(10));
        }
        pooler
    }

    pub(crate) fn url(&self, user: &str, database: &str) -> String {
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgresql://{user}@localhost:6432/{database}?host={host}&sslmode=disable")
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The script installs it where there is none.
fn program() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/need-pgbouncer");
    let output = Command::new(script).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "there is no pgbouncer");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
