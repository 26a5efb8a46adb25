//! A store that was there before the record was kept by the month.

use crate::support::House;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::fs;
use std::path::Path;

/// The last migration before the record had partitions.
const BEFORE: &str = "20261128121000";

#[tokio::test]
async fn what_was_recorded_before_becomes_the_first_partition() {
    let house = House::new().await;
    let database = format!("{}_before", house.database);
    let create = format!("create database {database}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&house.store).await.unwrap();
    let mut store = PgConnection::connect(&house.cluster.superuser_url(&database)).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (before, since): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| file.file_name().unwrap().to_str().unwrap() < BEFORE);
    apply(&mut store, &before).await;
    let recorded = "insert into portcullis.attempts (id, at, request_id, person_id, person, profile, token_id, client_id, client, \
                    tool, arguments) select ('019ac000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, \
                    now(), gen_random_uuid(), gen_random_uuid(), 'demo', 'analyst', gen_random_uuid(), gen_random_uuid(), 'c', \
                    'run_query', '{}' from generate_series(1, 100) n";
    sqlx::raw_sql(recorded).execute(&mut store).await.unwrap();
    sqlx::raw_sql(
        "create role recorder_of_before; grant insert, select on portcullis.attempts to recorder_of_before",
    )
    .execute(&mut store)
    .await
    .unwrap();
    apply(&mut store, &since).await;
    let count =
        "select count(*) from portcullis.attempts where tableoid = 'portcullis.attempts_before'::regclass";
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut store).await.unwrap(), 100);
    // Whoever wrote before still may, and what is there twice is still there once.
    let again = recorded.to_owned() + " on conflict on constraint attempts_key do nothing";
    let as_before = format!(
        "grant usage on schema portcullis to recorder_of_before; set role recorder_of_before; {again}; reset role"
    );
    sqlx::raw_sql(AssertSqlSafe(as_before)).execute(&mut store).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut store).await.unwrap(), 100);
}

async fn apply(store: &mut PgConnection, files: &[&std::path::PathBuf]) {
    for file in files {
        let sql = format!("begin; {}; commit", fs::read_to_string(file).unwrap());
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut *store)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
