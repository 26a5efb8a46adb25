//! What is said when it does not work, and that the next call does.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::{Fault, House, ask, execute, fault, rows, within};
use crate::embedded::Cluster;
use crate::warehouse::Overrun;

const MS: Duration = Duration::from_millis(1);

#[tokio::test]
async fn a_slow_statement_times_out() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.timeouts.statement = 200 * MS);
    let fault = fault(&gateway, "select pg_sleep(5)::text", 1).await;
    assert_eq!(fault, Fault::Timeout(Overrun::Statement(200 * MS)));
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn a_statement_that_ignores_its_timeout_is_ended() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.timeouts.statement = 200 * MS;
        options.pool_size = 1;
    });
    // libxml does not look at the clock while it evaluates a path; this keeps it busy for seconds.
    let sql =
        "select xpath('count(//*[count(//*) > 0])', ('<a>' || repeat('<b/>', 20000) || '</a>')::xml)::text";
    let started = tokio::time::Instant::now();
    let fault = fault(&gateway, sql, 1).await;
    assert_eq!(fault, Fault::Timeout(Overrun::Deadline(700 * MS)));
    assert!(started.elapsed() < 1200 * MS, "{:?}", started.elapsed());
    // Its place in the pool is free again once the server was told to end the session.
    assert!(within(Duration::from_secs(5), async || ask(&gateway, "select 1", 1).await.is_ok()).await);
}

#[tokio::test]
async fn a_lock_is_not_waited_for_long() {
    let house = House::with("create table t (id int)").await;
    let gateway = house.gateway_with(|options| options.timeouts.lock = 100 * MS);
    let mut admin = house.admin().await;
    execute(&mut admin, "begin; lock table t in access exclusive mode").await;
    let fault = fault(&gateway, "select id from public.t", 1).await;
    assert_eq!(fault, Fault::Timeout(Overrun::Lock(100 * MS)));
    execute(&mut admin, "rollback").await;
    assert_eq!(rows(&gateway, "select id from public.t", 1).await, "[]");
}

#[tokio::test]
async fn a_statement_at_fault_is_told_in_postgresqls_words() {
    let house = House::with("create table t (id int, secret text); create table hidden (id int)").await;
    execute(&mut house.admin().await, &format!("revoke select on hidden from {}", house.role())).await;
    let gateway = house.gateway();
    for (sql, code, message, position) in [
        ("select id / 0 from (values (1)) as v(id)", "22012", "division by zero", None),
        ("select 'é', nothing from public.t", "42703", "column \"nothing\" does not exist", Some(13)),
        ("select secre from public.t", "42703", "column \"secre\" does not exist", Some(8)),
        ("select 'a'::int", "22P02", "invalid input syntax for type integer: \"a\"", Some(8)),
        ("select 1 +", "42601", "syntax error at or near \")\"", None),
    ] {
        let Fault::Execution { sqlstate, message: said, hint, position: at } = fault(&gateway, sql, 1).await
        else {
            panic!("{sql}")
        };
        assert_eq!((sqlstate.as_str(), said.as_str(), at), (code, message, position), "{sql}");
        assert_eq!(hint, None, "a hint may name what is hidden: {sql}");
    }
    let denied = fault(&gateway, "select id from public.hidden", 1).await;
    assert_eq!(denied, Fault::PermissionDenied { details: "permission denied for table hidden".to_owned() });
    assert!(!denied.to_string().contains("hidden") && format!("{denied:#}").contains("hidden"), "{denied}");
    let failure = ask(&gateway, "select 1/0", 1).await.unwrap_err();
    assert!(failure.executed.unwrap().contains("select 1/0"));
}

#[tokio::test]
async fn a_complaint_that_quotes_a_whole_cell_is_shortened() {
    let house = House::with("").await;
    let fault = fault(&house.gateway(), "select repeat('é', 1000000)::int", 1).await;
    assert!(fault.to_string().len() < 1100, "{}", fault.to_string().len());
}

#[tokio::test]
async fn what_only_the_operator_can_mend_is_told_apart() {
    let house = House::with("").await;
    let nobody = house.gateway_with(|options| options.role = "no_such_role".to_owned());
    let stranger = house.gateway_with(|options| options.role = "postgres".to_owned());
    let url = PgConnectOptions::from_str(&house.url).unwrap();
    let nowhere =
        house.gateway_with(|options| options.connect = url.clone().username("gateway_x").database("nowhere"));
    for (gateway, word) in [(nobody, "role"), (stranger, "permission denied"), (nowhere, "gateway_x")] {
        let fault = fault(&gateway, "select 1", 1).await;
        assert!(
            matches!(&fault, Fault::Misconfigured(details) if details.contains(word)),
            "{word}: {fault:?}"
        );
    }
}

#[tokio::test]
async fn a_full_pool_says_that_it_is_busy() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.pool_size = 1;
        options.acquire_timeout = 100 * MS;
    });
    let slow = tokio::spawn({
        let gateway = gateway.clone();
        async move { rows(&gateway, "select pg_sleep(0.5)::text", 1).await }
    });
    assert!(within(Duration::from_secs(2), async || house.busy_sessions().await == 1).await);
    assert_eq!(fault(&gateway, "select 1", 1).await, Fault::Busy { waited: 100 * MS });
    slow.await.unwrap();
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn a_session_that_is_terminated_is_told_and_replaced() {
    let house = House::with("").await;
    let gateway = house.gateway();
    let slow = tokio::spawn({
        let gateway = gateway.clone();
        async move { fault(&gateway, "select pg_sleep(5)::text", 1).await }
    });
    let terminate = "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = $1 and state = 'active'";
    let mut admin = house.admin().await;
    assert!(
        within(Duration::from_secs(2), async || {
            let ended: i64 =
                sqlx::query_scalar(terminate).bind(house.login()).fetch_one(&mut admin).await.unwrap();
            ended == 1
        })
        .await
    );
    let fault = slow.await.unwrap();
    assert!(matches!(fault, Fault::Unavailable(_)), "{fault:?}");
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn a_session_that_died_at_rest_is_replaced_unseen() {
    let house = House::with("").await;
    let gateway = house.gateway();
    let several = (0..4).map(|_| ask(&gateway, "select pg_sleep(0.05)::text", 1));
    futures_util::future::join_all(several).await;
    assert!(house.is_calm_within(Duration::from_secs(1)).await);
    let terminate = "select count(pg_terminate_backend(pid, 1000)) from pg_stat_activity where usename = $1";
    let ended: i64 =
        sqlx::query_scalar(terminate).bind(house.login()).fetch_one(&mut house.admin().await).await.unwrap();
    assert_eq!(ended, 4);
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn a_warehouse_that_stops_and_starts_is_read_again() {
    let mut cluster = Cluster::ephemeral().await.unwrap();
    let house = House::within(&cluster, "").await;
    let gateway = house.gateway();
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    cluster.halt().await.unwrap();
    for _ in 0..2 {
        let started = tokio::time::Instant::now();
        let fault = fault(&gateway, "select 1", 1).await;
        assert!(matches!(fault, Fault::Unavailable(_)), "{fault:?}");
        assert!(started.elapsed() < 500 * MS, "nobody waits for a door that is shut");
    }
    cluster.restart().await.unwrap();
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    cluster.restart().await.unwrap();
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    cluster.kill().await.unwrap();
    assert!(matches!(fault(&gateway, "select 1", 1).await, Fault::Unavailable(_)));
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_gateway_needs_no_warehouse_to_begin_with() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.connect = PgConnectOptions::new_without_pgpass().socket("/nowhere/at/all").username("x");
    });
    assert!(matches!(fault(&gateway, "select 1", 1).await, Fault::Unavailable(_)));
}

#[tokio::test]
async fn a_server_without_room_is_unavailable() {
    let house = House::with("").await;
    execute(&mut house.admin().await, &format!("alter role {} connection limit 0", house.login())).await;
    let fault = fault(&house.gateway(), "select 1", 1).await;
    assert!(matches!(fault, Fault::Unavailable(_)), "{fault:?}");
}
