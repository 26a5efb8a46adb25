//! The kill switch, from outside.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use axum::http::StatusCode;
use serde_json::json;
use server::flow::manage_person::Change;
use server::flow::pause::{Named, NotFound, find, list, pause, resume};
use server::wiring::{self, Surroundings};
use std::time::{Duration, Instant};
use support::House;

/// A statement that would run for seconds.
const SLOW: &str =
    "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";

async fn listing(house: &House, token: &str) -> StatusCode {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
    house.post(token, message.to_string()).await.status
}

#[tokio::test]
async fn what_is_paused_is_denied_until_it_is_resumed() {
    let house = House::new().await;
    let issued = house.issue("analyst").await;
    let token = issued.bearer.reveal();
    let whats = [
        Named::Everything,
        Named::Profile("analyst".parse().unwrap()),
        Named::Person("demo".parse().unwrap()),
        Named::Client("00000000-0000-0000-0000-000000000001".to_owned()),
        Named::Token(issued.id),
    ];
    for (n, what) in whats.into_iter().enumerate() {
        let (scope, subject) = find(&house.portcullis, what.clone()).await.unwrap();
        assert_eq!(listing(&house, token).await, StatusCode::OK, "{what:?}");
        let paused = pause(&house.portcullis, scope.clone(), &subject, "test").await.unwrap();
        assert_eq!(paused, Change::Made);
        assert_eq!(listing(&house, token).await, StatusCode::UNAUTHORIZED, "{what:?}");
        assert_eq!(house.count("denials where reason = 'paused'").await, i64::try_from(n).unwrap() + 1);
        assert_eq!(pause(&house.portcullis, scope.clone(), &subject, "x").await.unwrap(), Change::NotNeeded);
        assert_eq!(list(&house.portcullis).await.unwrap()[0].subject, subject);
        assert_eq!(resume(&house.portcullis, &scope, "test").await.unwrap(), Change::Made);
        assert_eq!(resume(&house.portcullis, &scope, "test").await.unwrap(), Change::NotNeeded);
    }
    assert_eq!(listing(&house, token).await, StatusCode::OK);
    assert_eq!(house.count("events where kind in ('paused', 'resumed')").await, 10);
}

#[tokio::test]
async fn what_others_hold_goes_on() {
    let house = House::new().await;
    let (analyst, support) = (house.token().await, house.issue("support").await);
    let (scope, subject) = find(&house.portcullis, Named::Profile("analyst".parse().unwrap())).await.unwrap();
    pause(&house.portcullis, scope, &subject, "test").await.unwrap();
    assert_eq!(listing(&house, &analyst).await, StatusCode::UNAUTHORIZED);
    assert_eq!(listing(&house, support.bearer.reveal()).await, StatusCode::OK);
}

#[tokio::test]
async fn what_does_not_exist_cannot_be_paused() {
    let house = House::new().await;
    let nobody = find(&house.portcullis, Named::Person("nobody".parse().unwrap())).await;
    assert!(matches!(nobody, Err(NotFound::NoSuch("person", _))), "{nobody:?}");
}

#[tokio::test]
async fn a_pause_on_one_instance_stops_what_another_reads() {
    let house = House::new().await;
    let token = house.token().await;
    let elsewhere = wiring::portcullis(&house.config, Surroundings::system()).unwrap();
    let watching = tokio::spawn(server::flow::pause::watch(house.portcullis.clone()));
    let begun = Instant::now();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (scope, subject) = find(&elsewhere, Named::Person("demo".parse().unwrap())).await.unwrap();
        pause(&elsewhere, scope, &subject, "test").await.unwrap();
        Instant::now()
    };
    let ((told, _), paused) = tokio::join!(slow(&house, &token), stopping);
    watching.abort();
    assert_eq!(told["rejection_reason"], "cancelled", "{told}");
    assert!(begun.elapsed() > Duration::from_millis(500), "it ran when it was stopped");
    assert!(paused.elapsed() < Duration::from_secs(1), "it ran on for {:?}", paused.elapsed());
    let record = house.record().await;
    assert_eq!(record, [("run_query".to_owned(), "failed".to_owned(), Some("cancelled".to_owned()))]);
}

async fn slow(house: &House, token: &str) -> (serde_json::Value, Instant) {
    let result = house.call(token, "run_query", json!({ "sql": SLOW })).await;
    (result["structuredContent"].clone(), Instant::now())
}
