//! The operations guide, followed from top to bottom: every command of it, in order, on a PostgreSQL of its own.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use server::embedded::Cluster;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

const GUIDE: &str = include_str!("../../docs/operations.md");
/// A guide that takes longer hangs.
const PATIENCE: &str = "300";

/// The blocks behind this fence, each with its heading.
fn blocks(fence: &str) -> Vec<(&'static str, &'static str)> {
    let mut heading = "";
    let mut found = Vec::new();
    for (n, part) in GUIDE.split("```").enumerate() {
        if n % 2 == 0 {
            heading = part.lines().rfind(|line| line.starts_with('#')).unwrap_or(heading);
        } else if let Some((language, text)) = part.split_once('\n')
            && language == fence
        {
            found.push((heading, text));
        }
    }
    found
}

/// The variables that a script exports.
fn exported(script: &str) -> BTreeSet<&str> {
    let lines = script.lines().filter_map(|line| line.strip_prefix("export "));
    lines
        .flat_map(|line| line.split(' ').filter_map(|word| word.split_once('=')).map(|(name, _)| name))
        .collect()
}

/// What the guide's first block says, for this machine.
fn settings(cluster: &Cluster, home: &Path) -> String {
    let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (listen, watch, other, tls) = (free(), free(), free(), free());
    let socket = cluster.socket_dir();
    let query = cluster.superuser_url("postgres").split_once('?').unwrap().1.to_owned();
    format!(
        "export PGHOST='{}' PGPORT=5432 PGUSER=postgres\n\
         export PG_ADDRESS=localhost:5432 PG_OPTIONS='{query}'\n\
         export ETC='{home}/etc' BACKUPS='{home}/backups'\n\
         export LISTEN={listen} WATCH={watch} PUBLIC_URL=http://{listen}\n\
         export WATCH_OTHER={other} LISTEN_TLS={tls}\n",
        socket.display(),
        home = home.display(),
    )
}

#[tokio::test]
async fn the_operations_guide_is_followed_from_top_to_bottom() {
    let cluster = Cluster::ephemeral().await.unwrap();
    let home = Home::new();
    let settings = settings(&cluster, &home.0);
    let [(_, written)] = <[_; 1]>::try_from(blocks("sh settings")).unwrap();
    assert_eq!(
        exported(written),
        exported(&settings),
        "what the guide leaves to its reader is what this test decides"
    );
    let commands = blocks("sh");
    assert!(commands.len() > 20, "the guide lost its commands");

    // Whatever it started ends with it.
    let program = Path::new(env!("CARGO_BIN_EXE_portcullis")).parent().unwrap();
    let mut script = format!(
        "set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\nexport PATH='{}':\"$PATH\"\n{settings}",
        program.display()
    );
    for (heading, text) in commands {
        script.extend(["echo '### ", &heading.replace('\'', ""), "'\n", text, "\n"]);
    }
    script.push_str("echo 'The end of the guide.'\n");
    let file = home.0.join("guide.sh");
    std::fs::write(&file, script).unwrap();
    let output = tokio::task::spawn_blocking(move || follow(&file)).await.unwrap();
    assert!(output.0 && output.1.ends_with("The end of the guide.\n"), "{}", output.1);
    cluster.stop().await.unwrap();
}

/// Runs a script, and gives whether it ended well and what it said.
fn follow(script: &Path) -> (bool, String) {
    let output = Command::new("timeout")
        .args([PATIENCE, "bash", "-c", "bash \"$0\" 2>&1"])
        .arg(script)
        .output()
        .unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

/// A folder that goes with its test.
struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("portcullis-operations-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
