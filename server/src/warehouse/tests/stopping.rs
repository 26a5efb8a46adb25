//! A caller who goes away takes the statement along, and the connection with it.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Fault, House, ask, ask_as, order, rows, within};
use crate::warehouse::{Gateway, Order};

const SECOND: Duration = Duration::from_secs(1);

async fn asleep(house: &House, sessions: i64) -> bool {
    within(2 * SECOND, async || house.busy_sessions().await == sessions).await
}

/// The same process answers all along, unless its connection was closed.
async fn pid(gateway: &Gateway) -> String {
    rows(gateway, "select pg_backend_pid()", 1).await
}

#[tokio::test]
async fn dropping_the_future_cancels_at_once() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.pool_size = 1);
    let before = pid(&gateway).await;
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask(&gateway, "select pg_sleep(60)::text", 1).await }
    });
    assert!(asleep(&house, 1).await);
    asking.abort();
    assert!(house.is_calm_within(SECOND / 4).await, "the statement must end at once");
    assert_ne!(pid(&gateway).await, before, "a connection in doubt is not used again");
}

#[tokio::test]
async fn the_token_cancels_at_once() {
    let house = House::with("").await;
    let gateway = house.gateway();
    let cancelled = CancellationToken::new();
    let order = Order { cancelled: cancelled.clone(), ..order() };
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask_as(&gateway, "select pg_sleep(60)::text", 1, order).await }
    });
    assert!(asleep(&house, 1).await);
    cancelled.cancel();
    assert_eq!(asking.await.unwrap().unwrap_err().fault, Fault::Cancelled);
    assert!(house.is_calm_within(SECOND / 4).await);
    let order = Order { cancelled, ..super::order() };
    let failure = ask_as(&gateway, "select 1", 1, order).await.unwrap_err();
    assert_eq!((failure.fault, failure.executed), (Fault::Cancelled, None));
}

#[tokio::test]
async fn an_exhausted_pool_does_not_keep_a_statement_from_being_stopped() {
    let house = House::with("").await;
    let gateway = house.gateway();
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let gateway = gateway.clone();
            tokio::spawn(async move { ask(&gateway, "select pg_sleep(60)::text", 1).await })
        })
        .collect();
    assert!(asleep(&house, 4).await);
    for asking in asking {
        asking.abort();
    }
    assert!(house.is_calm_within(SECOND / 2).await);
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
}

#[tokio::test]
async fn an_administrator_may_cancel_as_well() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.timeouts.statement = Duration::from_mins(1));
    let asking = tokio::spawn({
        let gateway = gateway.clone();
        async move { ask(&gateway, "select pg_sleep(60)::text", 1).await }
    });
    assert!(asleep(&house, 1).await);
    let cancel =
        "select count(pg_cancel_backend(pid)) from pg_stat_activity where usename = $1 and state = 'active'";
    let _: i64 =
        sqlx::query_scalar(cancel).bind(house.login()).fetch_one(&mut house.admin().await).await.unwrap();
    assert_eq!(asking.await.unwrap().unwrap_err().fault, Fault::Cancelled);
}

#[tokio::test]
async fn whenever_it_is_dropped_the_next_reader_finds_a_clean_connection() {
    let house = House::with("create table t as select g as id from generate_series(1, 2000) g").await;
    let gateway = house.gateway_with(|options| options.pool_size = 2);
    for microseconds in (0..3000).step_by(60) {
        let sql = "select set_config('app.left', 'behind', false), id from public.t";
        let asking = ask(&gateway, sql, 2);
        let _ = tokio::time::timeout(Duration::from_micros(microseconds), asking).await;
        let left = rows(&gateway, "select coalesce(current_setting('app.left', true), '')", 1).await;
        assert_eq!(left, "[[\"\"]]", "dropped after {microseconds} µs");
    }
    assert!(house.is_calm_within(SECOND).await);
}

#[tokio::test]
async fn a_late_signal_does_not_hit_the_next_reader() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| options.pool_size = 1);
    for _ in 0..50 {
        let asking = ask(&gateway, "select pg_sleep(0.002)::text", 1);
        let _ = tokio::time::timeout(Duration::from_millis(3), asking).await;
        assert_eq!(rows(&gateway, "select pg_sleep(0.002)::text", 1).await, "[[\"\"]]");
    }
}

#[tokio::test]
async fn thirty_two_at_once_each_get_their_own() {
    let house = House::with("").await;
    let gateway = house.gateway_with(|options| {
        options.pool_size = 4;
        options.acquire_timeout = 10 * SECOND;
    });
    let readers: Vec<_> = (0..32)
        .map(|reader| {
            let gateway = gateway.clone();
            tokio::spawn(async move {
                for turn in 0..20 {
                    let sql = format!("select {reader}, {turn}, current_setting('transaction_read_only')");
                    assert_eq!(rows(&gateway, &sql, 3).await, format!("[[{reader},{turn},\"on\"]]"));
                }
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
    let sessions = "select count(*) from pg_stat_activity where usename = $1";
    let sessions: i64 =
        sqlx::query_scalar(sessions).bind(house.login()).fetch_one(&mut house.admin().await).await.unwrap();
    assert!(sessions <= 4, "{sessions} sessions");
}
