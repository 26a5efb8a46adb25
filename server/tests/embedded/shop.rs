use std::process::Command;

use server::embedded::{Cluster, shop};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

const DENIED: &str = "42501";

async fn small_shop() -> &'static Cluster {
    static SEEDED: OnceCell<&Cluster> = OnceCell::const_new();
    let seed = async || {
        let cluster = Cluster::shared().await.unwrap();
        shop::seed_small(cluster).await.unwrap();
        cluster
    };
    SEEDED.get_or_init(seed).await
}

async fn as_profile(cluster: &Cluster, profile: &str) -> PgConnection {
    let login = format!("portcullis_{profile}_gateway");
    let mut connection = PgConnection::connect(&cluster.url(&login, shop::WAREHOUSE)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("set role portcullis_{profile}")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection
}

async fn refusal(connection: &mut PgConnection, sql: &'static str) -> String {
    let error = sqlx::raw_sql(sql).execute(connection).await.expect_err(sql);
    error.as_database_error().unwrap().code().unwrap().into_owned()
}

async fn count(connection: &mut PgConnection, relation: &'static str) -> i64 {
    let sql = format!("select count(*) from {relation}");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}

#[tokio::test]
async fn the_whole_shop_is_there_and_a_second_seed_changes_nothing() {
    let cluster = Cluster::ephemeral().await.unwrap();
    let began = std::time::Instant::now();
    shop::seed(&cluster).await.unwrap();
    println!("the whole shop took {:?}", began.elapsed());
    shop::seed(&cluster).await.unwrap();
    let mut analyst = as_profile(&cluster, "analyst").await;
    assert_eq!(count(&mut analyst, "public.customers").await, 10_000);
    assert_eq!(count(&mut analyst, "public.orders").await, 100_000);
    assert_eq!(count(&mut analyst, "public.order_items").await, 200_000);
    assert_eq!(count(&mut analyst, "public.products").await, 1_000);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn each_profile_reads_its_share_and_nothing_else() {
    let cluster = small_shop().await;
    let mut support = as_profile(cluster, "support").await;
    sqlx::raw_sql("select id, name, city, created_at from public.customers")
        .execute(&mut support)
        .await
        .unwrap();
    assert_eq!(count(&mut support, "public.orders").await, 1_000);
    for sql in [
        "select email from public.customers",
        "select * from public.customers",
        "select cost from public.products",
        "select * from public.order_items",
        "select * from public.my_customers",
        "set role portcullis_analyst",
    ] {
        assert_eq!(refusal(&mut support, sql).await, DENIED, "{sql}");
    }

    let mut analyst = as_profile(cluster, "analyst").await;
    for connection in [&mut support, &mut analyst] {
        sqlx::raw_sql("set default_transaction_read_only = off").execute(&mut *connection).await.unwrap();
        for sql in [
            "select token from public.secrets",
            "select salary from hr.salaries",
            "select * from hr.orders",
            "delete from public.orders",
            "update public.products set price = 0",
            "create table public.mine (n int)",
            "create temporary table mine (n int)",
            "reset role; select id from public.customers",
        ] {
            assert_eq!(refusal(connection, sql).await, DENIED, "{sql}");
        }
    }
    for login in [shop::SUPPORT_LOGIN, shop::ANALYST_LOGIN] {
        for database in [shop::STORE, "postgres", "template1"] {
            assert!(
                PgConnection::connect(&cluster.url(login, database)).await.is_err(),
                "{login} {database}"
            );
        }
    }
}

#[tokio::test]
async fn a_person_sees_their_own_customers_and_nobody_sees_none() {
    let cluster = small_shop().await;
    let mut analyst = as_profile(cluster, "analyst").await;
    assert_eq!(count(&mut analyst, "public.my_customers").await, 0);
    for (person, rows) in [("demo@example.com", 3), ("stranger@example.com", 0), ("", 0), ("%", 0)] {
        let mut transaction = analyst.begin().await.unwrap();
        sqlx::query("select set_config('portcullis.person', $1, true)")
            .bind(person)
            .execute(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(count(&mut transaction, "public.my_customers").await, rows, "`{person}`");
    }
    assert_eq!(count(&mut analyst, "public.my_customers").await, 0);
}

#[tokio::test]
async fn the_owner_of_the_store_can_migrate_it_and_the_program_can_enter() {
    let cluster = small_shop().await;
    let mut owner = PgConnection::connect(&cluster.url(shop::STORE_OWNER, shop::STORE)).await.unwrap();
    sqlx::raw_sql("create table portcullis.n (n int); grant select on portcullis.n to portcullis_app")
        .execute(&mut owner)
        .await
        .unwrap();
    let mut app = PgConnection::connect(&cluster.url(shop::STORE_APP, shop::STORE)).await.unwrap();
    assert_eq!(count(&mut app, "n").await, 0);
}

#[tokio::test]
async fn what_a_dba_runs_gives_a_login_that_can_become_its_profile_alone() {
    let cluster = small_shop().await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../sql/roles/role_setup.sql");
    let run = |profile: &str, login: &str| {
        Command::new("psql")
            .arg(cluster.superuser_url(shop::WAREHOUSE))
            .args([
                "-v",
                &format!("profile_role={profile}"),
                "-v",
                &format!("login_role={login}"),
                "-f",
                script,
            ])
            .output()
            .unwrap()
    };
    for _ in 0..2 {
        let done = run("press", "press_gateway");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert_eq!(String::from_utf8_lossy(&done.stderr), "");
    }
    let mut press = PgConnection::connect(&cluster.url("press_gateway", shop::WAREHOUSE)).await.unwrap();
    sqlx::raw_sql("set role press").execute(&mut press).await.unwrap();
    for sql in ["select id from public.customers", "set role portcullis_support", "set temp_file_limit = -1"]
    {
        assert_eq!(refusal(&mut press, sql).await, DENIED, "{sql}");
    }

    let refused = run("press", shop::SUPPORT_LOGIN);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is also a member of portcullis_support"));
}
