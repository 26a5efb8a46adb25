//! The floor: the same transaction and the same two inserts, said by pgbench to the same server.

use super::Figures;
use server::embedded::Cluster;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const NUMBER: &str = "\\set id random(1, 100000)\n";
const ATTEMPT: &str = "with asynchronously as materialized (select set_config('synchronous_commit', 'off', true)) \
insert into portcullis.attempts (id, at, request_id, person_id, person, profile, token_id, client_id, client, tool, arguments, sql) \
select gen_random_uuid(), now(), gen_random_uuid(), gen_random_uuid(), 'demo', 'analyst', gen_random_uuid(), gen_random_uuid(), \
'command line', 'run_query', '{\"limit\": 100}', 'select id, status, total from orders where id = 1' from asynchronously;
";
const BEGIN: &str = "begin isolation level repeatable read, read only;\n";
const GUARD: &str = "select set_config('search_path', 'pg_catalog', true), set_config('statement_timeout', '5000', true), \
set_config('lock_timeout', '1000', true), set_config('idle_in_transaction_session_timeout', '10000', true), \
set_config('jit', 'off', true), set_config('application_name', 'floor', true), set_config('role', 'portcullis_analyst', true);
";
const OUTCOME: &str = "insert into portcullis.outcomes (attempt_id, at, decision, canonical_sql, executed_sql, relations, functions, row_count, byte_count, truncated, duration_us) \
values (gen_random_uuid(), now(), 'allowed', 'select id, status, total from orders where id = 1', \
'select id, status, total from orders where id = 1', '{public.orders}', '{}', 1, 30, false, 1000);
";

/// What of a call pgbench does.
#[derive(Clone, Copy)]
pub struct Floor<'a> {
    pub attempt: bool,
    /// The settings at the beginning of the transaction, the change of role among them.
    pub guard: bool,
    /// The one that is read, if any.
    pub statement: Option<&'a str>,
    pub outcome: bool,
}

impl<'a> Floor<'a> {
    /// The record around a statement in its transaction, or the record alone.
    pub const fn whole(statement: Option<&'a str>) -> Self {
        Self { attempt: true, guard: true, statement, outcome: true }
    }

    fn script(self) -> String {
        let guard = if self.guard { GUARD } else { "" };
        let read = self
            .statement
            .map_or_else(String::new, |statement| format!("{BEGIN}{guard}{statement};\nrollback;\n"));
        let [attempt, outcome] = [(self.attempt, ATTEMPT), (self.outcome, OUTCOME)]
            .map(|(is_done, text)| if is_done { text } else { "" });
        format!("{NUMBER}{attempt}{read}{outcome}")
    }
}

/// What pgbench reaches with so many connections at once.
pub fn measure(
    cluster: &Cluster,
    folder: &Path,
    floor: Floor<'_>,
    clients: usize,
    length: Duration,
) -> Figures {
    let script = folder.join("floor.sql");
    std::fs::write(&script, floor.script()).expect("the script is written");
    let log = folder.join("pgbench");
    let begun = Instant::now();
    let done = Command::new(pgbench())
        .args(["-n", "-M", "prepared", "-j", "2", "-l"])
        .arg(format!("--log-prefix={}", log.display()))
        .args(["-c", &clients.to_string(), "-T", &length.as_secs().to_string()])
        .arg("-f")
        .arg(&script)
        .arg(cluster.superuser_url("shop"))
        .output()
        .expect("pgbench runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Figures::of(latencies(folder), begun.elapsed(), 0)
}

/// The third word of each line is a latency in microseconds.
fn latencies(folder: &Path) -> Vec<Duration> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgbench.")) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a log");
        all.extend(
            text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok()).map(Duration::from_micros),
        );
        std::fs::remove_file(&path).expect("the log was ours");
    }
    all
}

fn pgbench() -> PathBuf {
    let found = Command::new("pg_config").arg("--bindir").output();
    let folder = found.ok().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    folder.map_or_else(|| PathBuf::from("pgbench"), |folder| Path::new(&folder).join("pgbench"))
}
