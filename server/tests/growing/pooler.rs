//! Both databases behind pgbouncer in transaction mode, which gives every transaction a session of its own choosing.

use crate::pgbouncer::Pooler;
use crate::web::{call, query, rows};
use crate::world::{World, until};
use serde_json::json;
use server::embedded::shop;
use server::flow::pause::{Named, find, pause};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::time::{Duration, Instant};

const LOGINS: [&str; 3] = [shop::STORE_APP, shop::SUPPORT_LOGIN, shop::ANALYST_LOGIN];
const MINE: &str = "select count(*) from my_customers";
const SLOW: &str =
    "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";

/// A configuration whose two databases are behind a pooler with so many sessions for each login.
fn pooled(world: &World, size: u32) -> (Pooler, String) {
    let pooler = Pooler::start(world.cluster, &LOGINS, size);
    let text = world
        .text
        .replace(
            &world.cluster.url(shop::STORE_APP, &world.database),
            &pooler.url(shop::STORE_APP, &world.database),
        )
        .replace(&world.cluster.url("nobody", shop::WAREHOUSE), &pooler.url("nobody", shop::WAREHOUSE));
    let declared = text.replace("pool = ", "pooler = \"transaction\"\npool = ");
    (pooler, declared)
}

async fn customers_of(world: &World, person: &str) -> i64 {
    let mut shop = PgConnection::connect(&world.cluster.superuser_url(shop::WAREHOUSE)).await.unwrap();
    let count = "select count(*) from customers where account_manager = $1";
    sqlx::query_scalar(count).bind(format!("{person}@example.com")).fetch_one(&mut shop).await.unwrap()
}

#[tokio::test]
async fn nothing_leaks_from_one_transaction_to_the_next() {
    let world = World::new().await;
    let (pooler, text) = pooled(&world, 2);
    for person in ["ada", "grace"] {
        world.person(person).await;
    }
    let program = world.serve(&text);
    world.sign_in("ada", &[program.address]).await;
    let mut asked = Vec::new();
    for person in ["ada", "grace"] {
        let (token, count) = (world.token(person, "analyst").await, customers_of(&world, person).await);
        assert!(count > 0, "{person} looks after nobody");
        asked.push((token, MINE, json!([[count]])));
        asked.push((
            world.token(person, "support").await,
            "select count(*) from orders where id < 0",
            json!([[0]]),
        ));
    }
    let to = program.address;
    let calls = (0..160).map(|n| {
        let (token, sql, expected) = asked[n % asked.len()].clone();
        tokio::spawn(async move {
            let told = query(to, &token, sql).await;
            assert_eq!(rows(&told), expected, "{sql}: {told}");
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    // What one profile reads stays closed to the other.
    assert_eq!(query(to, &asked[1].0, MINE).await["rejection_reason"], "disallowed_table");
    assert_eq!(world.count("attempts").await, 161);
    assert_eq!(world.count("outcomes where decision = 'allowed'").await, 160);

    // Whoever gets one of those sessions next finds nothing of what was said in it before.
    let mut stranger =
        PgConnection::connect_with(&bare(&pooler.url(shop::ANALYST_LOGIN, shop::WAREHOUSE))).await.unwrap();
    for _ in 0..20 {
        let found = sqlx::raw_sql(
            "select current_setting('role'), current_setting('statement_timeout'), current_setting('search_path'),
            current_setting('client_connection_check_interval'), coalesce(current_setting('portcullis.person', true), ''),
            (select count(*)::text from pg_prepared_statements)",
        );
        let found = sqlx::Executor::fetch_one(&mut stranger, found).await.unwrap();
        let found: Vec<String> = (0..found.len()).map(|n| text_of(&found, n)).collect();
        assert_eq!(found, ["none", "30s", "pg_catalog", "0", "", "0"]);
    }
}

fn text_of(row: &PgRow, n: usize) -> String {
    row.try_get(n).unwrap()
}

/// The driver's own settings at the start are more than this pooler knows.
fn bare(url: &str) -> sqlx::postgres::PgConnectOptions {
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    options.extra_float_digits(None)
}

#[tokio::test]
async fn a_statement_stops_although_it_holds_the_poolers_only_session() {
    let world = World::new().await;
    let (_pooler, text) = pooled(&world, 1);
    world.person("ada").await;
    let token = world.token("ada", "analyst").await;
    let program = world.serve(&text);
    let to = program.address;
    let running = async || busy(&world).await > 0;

    // Paused from a shell.
    let slow = tokio::spawn({
        let token = token.clone();
        async move { query(to, &token, SLOW).await }
    });
    until("the statement runs", running).await;
    let begun = Instant::now();
    let portcullis = world.portcullis();
    let (scope, subject) = find(&portcullis, Named::Person("ada".parse().unwrap())).await.unwrap();
    pause(&portcullis, scope.clone(), &subject, "test").await.unwrap();
    assert_eq!(slow.await.unwrap()["rejection_reason"], "cancelled");
    assert!(begun.elapsed() < Duration::from_secs(3), "it took {:?}", begun.elapsed());
    until("nothing runs", async || busy(&world).await == 0).await;
    server::flow::pause::resume(&portcullis, &scope, "test").await.unwrap();

    // Left by whoever asked.
    let left = tokio::spawn({
        let token = token.clone();
        async move { call(to, &token, SLOW).await }
    });
    until("the statement runs", running).await;
    left.abort();
    until("nothing runs", async || busy(&world).await == 0).await;

    // Stopped by its time-out, and the next one gets the session.
    assert_eq!(query(to, &token, SLOW).await["rejection_reason"], "timeout");
    assert_eq!(rows(&query(to, &token, MINE).await), json!([[customers_of(&world, "ada").await]]));
}

/// How many statements run in the warehouse for the analysts of one world.
async fn busy(world: &World) -> i64 {
    let sql = format!(
        "select count(*) from pg_stat_activity where state = 'active' and query like '%order_items%' \
         and query not like '%pg_stat_activity%' and application_name like 'portcullis % ada %' \
         and usename = '{}'",
        shop::ANALYST_LOGIN
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&world.store).await.unwrap()
}

#[tokio::test]
async fn operators_commands_work_behind_a_pooler() {
    let world = World::new().await;
    let (_pooler, text) = pooled(&world, 2);
    world.write("pooled.toml", &text);
    for (command, says) in
        [("check-config", "pooler = \"transaction\""), ("smoke", "25006"), ("doctor", "analyst")]
    {
        let output = world.command(command, "pooled.toml").output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success() && said.contains(says), "{command}: {said}");
    }
}

#[tokio::test]
async fn a_pooler_that_nobody_declared_is_named() {
    let world = World::new().await;
    let (_pooler, text) = pooled(&world, 2);
    world.write("undeclared.toml", &text.replace("pooler = \"transaction\"\n", ""));
    let output = world.command("check-config", "undeclared.toml").output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("so say `store.pooler = \"transaction\"`"), "{said}");
    assert!(said.contains("so say `pooler = \"transaction\"`"), "{said}");

    world.write(
        "ownerless.toml",
        &text.lines().filter(|line| !line.starts_with("owner_url")).collect::<Vec<_>>().join("\n"),
    );
    let output = world.command("check-config", "ownerless.toml").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("store.owner_url: is missing"), "{said}");
}
