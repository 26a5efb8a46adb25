//! Alerts, from the deed that gives rise to them to the board.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::json;
use server::flow::alert::{acknowledge, board};
use server::flow::index_calls::index_calls;
use server::flow::manage_person::{NotChanged, grant, set_powers, withdraw};
use server::flow::people::find;
use server::flow::watch_usage::watch_usage;
use server::model::alert::AlertKind;
use server::model::person::Powers;
use support::House;

const THRESHOLDS: &str = "\n[alerts]\nallowed = { 1h = 3 }\nrefused = { 24h = 2 }\ndenied = { 1h = 2 }\n";

async fn open(house: &House) -> Vec<(AlertKind, String)> {
    let board = board(&house.portcullis).await.unwrap();
    let mut open: Vec<_> = board.open.iter().map(|alert| (alert.kind, alert.message())).collect();
    // Those of one instant stand in no order.
    open.sort_by(|a, b| a.1.cmp(&b.1));
    open
}

#[tokio::test]
async fn a_person_who_gains_a_profile_is_told_of_and_once_more_when_it_is_another() {
    let house = House::new().await;
    let demo = find(&house.portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
    house.sql("truncate portcullis.alerts").await;
    let support = "support".parse().unwrap();
    withdraw(&house.portcullis, &demo, &support, "test").await.unwrap();
    grant(&house.portcullis, &demo, &support, "boss").await.unwrap();
    grant(&house.portcullis, &demo, &support, "boss").await.unwrap();
    assert_eq!(
        open(&house).await,
        [
            (
                AlertKind::SeveralProfiles,
                "`demo` holds more than one profile now: analyst, support".to_owned()
            ),
            (AlertKind::ProfileGained, "`demo` was given the profile `support` by boss".to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_crossed_threshold_is_told_once_and_put_away_once() {
    let house = House::with(|text| text + THRESHOLDS).await;
    house.sql("truncate portcullis.alerts").await;
    let token = house.token().await;
    let usage = async || {
        index_calls(&house.portcullis).await.unwrap();
        watch_usage(&house.portcullis).await.unwrap();
        open(&house).await
    };
    house.call(&token, "list_tables", json!({})).await;
    house.query(&token, "select 1").await;
    house.query(&token, "drop table orders").await;
    assert_eq!(usage().await, [], "two and one are below the thresholds");
    house.query(&token, "select 2").await;
    house.query(&token, "select pg_sleep(1)").await;
    let refused = "`demo` had 2 refused calls within 1day; the threshold is 2".to_owned();
    let allowed = "`demo` had 3 allowed calls within 1h; the threshold is 3".to_owned();
    let crossed = [(AlertKind::Usage, refused), (AlertKind::Usage, allowed)];
    assert_eq!(usage().await, crossed);
    house.query(&token, "select 3").await;
    assert_eq!(usage().await, crossed, "a crossing is told once");

    let first = board(&house.portcullis).await.unwrap().open[0].id;
    assert!(acknowledge(&house.portcullis, first, "boss").await.unwrap());
    assert!(!acknowledge(&house.portcullis, first, "boss").await.unwrap());
    let board = board(&house.portcullis).await.unwrap();
    assert_eq!((board.open.len(), board.acknowledged.len()), (1, 1));
    assert_eq!(house.count("events where kind = 'alert_acknowledged' and actor = 'boss'").await, 1);
}

#[tokio::test]
async fn denials_are_counted_as_well() {
    let house = House::with(|text| text + THRESHOLDS).await;
    house.sql("truncate portcullis.alerts").await;
    let token = house.token().await;
    house.sql("update portcullis.people set staff = false").await;
    for _ in 0..2 {
        assert_eq!(house.post(&token, "{}").await.status, 401);
    }
    watch_usage(&house.portcullis).await.unwrap();
    let denied = "`demo` had 2 denied calls within 1h; the threshold is 2".to_owned();
    assert_eq!(open(&house).await, [(AlertKind::Usage, denied)]);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let house = House::new().await;
    let person = async |name: &str| find(&house.portcullis, &name.parse().unwrap()).await.unwrap().unwrap();
    let admin = Powers { staff: true, auditor: false, admin: true };
    set_powers(&house.portcullis, &person("demo").await, admin, "test").await.unwrap();
    let less = set_powers(&house.portcullis, &person("demo").await, Powers::default(), "test").await;
    assert!(matches!(less, Err(NotChanged::LastAdmin(_))), "{less:?}");
    house.person("other").await;
    set_powers(&house.portcullis, &person("other").await, admin, "test").await.unwrap();
    set_powers(&house.portcullis, &person("demo").await, Powers::default(), "test").await.unwrap();
    assert!(!person("demo").await.powers.admin);
    assert_eq!(house.count("events where kind = 'powers_changed'").await, 3);
}
