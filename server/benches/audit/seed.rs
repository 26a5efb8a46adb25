//! A year of calls, made inside PostgreSQL, and how fast the indexer works through them.

use server::embedded::{Cluster, shop};
use server::flow::Portcullis;
use server::flow::index_calls::index_calls;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// How long the indexer is watched.
const WATCHED: Duration = Duration::from_secs(15);

pub fn store_url(cluster: &Cluster) -> String {
    cluster.superuser_url(shop::WAREHOUSE)
}

/// Makes the record, and the index over it in one go.
pub async fn seed(cluster: &Cluster, portcullis: &Portcullis, rows: u64) {
    let begun = Instant::now();
    let url = store_url(cluster);
    let year = Year { rows, begun: portcullis.now() - time::Duration::days(365) };
    year.run(&url, include_str!("chance.sql")).await;
    tokio::join!(
        year.run(&url, include_str!("attempts.sql")),
        year.run(&url, include_str!("outcomes.sql")),
        year.run(&url, include_str!("calls.sql"))
    );
    tokio::join!(year.run(&url, include_str!("terms.sql")), year.run(&url, include_str!("sums.sql")));
    year.run(&url, "vacuum analyze").await;
    // What was written settles, as it has in a store that grew in a year.
    year.run(&url, "checkpoint").await;
    let mut added = 0;
    loop {
        let pass = index_calls(portcullis).await.expect("a pass").expect("nobody else is at it");
        added += pass.taken;
        if !pass.more {
            break;
        }
    }
    assert_eq!(added, 0, "the indexer knows every call already");
    println!("{rows} calls of a year, recorded and indexed: {:.0} s\n", begun.elapsed().as_secs_f64());
}

/// Empties the index, and watches the indexer begin anew.
pub async fn begin_anew(cluster: &Cluster, portcullis: &Portcullis) {
    let url = store_url(cluster);
    let empty = "truncate portcullis.calls, portcullis.open_calls, portcullis.indexing, portcullis.usage_by_hour, \
                 portcullis.reasons_by_hour, portcullis.relations_by_hour, portcullis.durations_by_hour, \
                 portcullis.denials_by_hour";
    run(&url, "", empty).await;
    let (begun, mut taken) = (Instant::now(), 0);
    while begun.elapsed() < WATCHED {
        let pass = index_calls(portcullis).await.expect("a pass").expect("nobody else is at it");
        taken += pass.taken;
        if !pass.more {
            break;
        }
    }
    println!("the indexer adds {:.0} calls/s", taken as f64 / begun.elapsed().as_secs_f64());
}

/// The year that is made.
struct Year {
    rows: u64,
    begun: OffsetDateTime,
}

impl Year {
    async fn run(&self, url: &str, sql: &'static str) {
        let begun = self.begun.unix_timestamp_nanos() / 1_000_000;
        let own = format!("set bench.rows = {}; set bench.begun = {begun};", self.rows);
        run(url, &own, sql).await;
    }
}

async fn run(url: &str, own: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    // The record takes no truncation, not even before it begins, except from a replica.
    let settings = format!(
        "{own} set jit = off; set work_mem = '256MB'; set maintenance_work_mem = '1GB'; \
         set synchronous_commit = off; set session_replication_role = replica"
    );
    sqlx::raw_sql(AssertSqlSafe(settings)).execute(&mut connection).await.expect("settings");
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}
