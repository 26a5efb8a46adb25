//! Budgets: counted exactly, over all instances, and told to whoever goes beyond one.

use crate::support::{House, request, surroundings};
use axum::body::{Body, to_bytes};
use serde_json::{Value, json};
use server::flow::alert::board;
use server::flow::watch_usage::watch_usage;
use server::http::router;
use server::model::clock::Clock;
use server::wiring::{self, Surroundings};
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;

const START: OffsetDateTime = datetime!(2026-03-02 09:20 UTC);

/// A program with these budgets, and its clock.
async fn house(budgets: &str) -> (House, Arc<Mutex<OffsetDateTime>>) {
    let now = Arc::new(Mutex::new(START));
    let patient = |text: String| {
        text.replace("[store]\n", "[store]\nwait = \"60s\"\n")
            .replace("[warehouse]\n", "[warehouse]\nwait = \"60s\"\n")
    };
    let house =
        House::built(|text| patient(text) + "\n[budgets]\n" + budgets + "\n", surroundings(&now)).await;
    (house, now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_calls_at_once_over_two_instances_exactly_10_pass() {
    let (house, _) = house("hard = { calls = { 1h = 10 } }").await;
    let clock = Clock::of(|| START);
    let another =
        wiring::portcullis(&house.config, Surroundings { clock, ..Surroundings::system() }).unwrap();
    let another = router(wiring::site(&house.config, another));
    let token = house.token().await;
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "run_query", "arguments": { "sql": "select 1" } },
    });
    let calls = (0..64).map(|n| {
        let router = if n % 2 == 0 { house.router.clone() } else { another.clone() };
        let request = request(&token).body(Body::from(message.to_string())).unwrap();
        tokio::spawn(async move {
            let answer = router.oneshot(request).await.unwrap();
            let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let answer: Value = serde_json::from_slice(&bytes).unwrap();
            answer["result"]["structuredContent"]["rejection_reason"].as_str().unwrap().to_owned()
        })
    });
    let mut reasons = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        reasons.push(call.await.unwrap());
    }
    let passed = reasons.iter().filter(|reason| reason.is_empty()).count();
    let refused = reasons.iter().filter(|reason| *reason == "over_budget").count();
    assert_eq!((passed, refused), (10, 54), "{reasons:?}");
    assert_eq!(house.count("outcomes where reason = 'over_budget'").await, 54, "each is on record");
    assert_eq!(house.count("budget_use where calls = 64").await, 1, "refused calls count too");
}

#[tokio::test]
async fn a_budget_that_is_used_up_says_when_it_resets_and_does() {
    let (house, now) = house("hard = { rows = { 1h = 5 } }").await;
    let token = house.token().await;
    let ask = "select id from orders order by id limit 5";
    assert_eq!(house.query(&token, ask).await.0["row_count"], 5);

    let (told, _) = house.query(&token, ask).await;
    assert_eq!(told["rejection_reason"], "over_budget");
    assert_eq!(told["resets_at"], "2026-03-02T10:00:00Z");
    assert!(told["hint"].as_str().unwrap().contains("retry after 2026-03-02T10:00:00Z"), "{told}");
    assert!(told["error"].as_str().unwrap().contains("5 rows within 1h"), "{told}");
    let tables = house.call(&token, "list_tables", json!({})).await;
    assert!(tables["content"][0]["text"].as_str().unwrap().starts_with("over_budget: "), "{tables}");

    let support = house.issue("support").await.bearer.reveal().to_owned();
    let (told, _) = house.query(&support, "select id from orders limit 1").await;
    assert_eq!(told["rejection_reason"], "", "a budget is one profile's");

    *now.lock().unwrap() = datetime!(2026-03-02 10:00 UTC);
    let token = house.token().await;
    assert_eq!(house.query(&token, ask).await.0["rejection_reason"], "");
}

#[tokio::test]
async fn a_lease_that_nobody_returns_ends_by_itself() {
    let (house, now) = house("concurrent = 1").await;
    let token = house.token().await;
    assert_eq!(house.query(&token, "select 1").await.0["rejection_reason"], "");
    assert_eq!(house.count("leases where attempts = '{}'").await, 1, "an answer returns its lease");

    // An instance that died while it worked.
    house
        .sql("update portcullis.leases set attempts = array[gen_random_uuid()], ends = array['2026-03-02 09:21Z'::timestamptz]")
        .await;
    let (told, _) = house.query(&token, "select 1").await;
    assert_eq!(told["rejection_reason"], "over_budget");
    assert!(told["error"].as_str().unwrap().contains("as may be at once: 1"), "{told}");
    let tables = house.call(&token, "list_tables", json!({})).await;
    assert_ne!(tables["isError"], true, "only statements are at work");

    *now.lock().unwrap() += Duration::minutes(2);
    assert_eq!(house.query(&token, "select 1").await.0["rejection_reason"], "");
}

#[tokio::test]
async fn a_soft_budget_alerts_once_in_each_window_and_holds_nobody_up() {
    let (house, now) = house("soft = { calls = { 1h = 2 } }").await;
    house.sql("truncate portcullis.alerts").await;
    let token = house.token().await;
    let open = async || {
        watch_usage(&house.portcullis).await.unwrap();
        let open = board(&house.portcullis).await.unwrap().open;
        open.iter().map(server::model::alert::Alert::message).collect::<Vec<_>>()
    };
    house.query(&token, "select 1").await;
    assert!(open().await.is_empty());
    house.query(&token, "drop table orders").await;
    house.query(&token, "select 1").await;
    assert_eq!(open().await, ["`demo` used 3 calls of profile `analyst` within 1h; the budget is 2"]);
    assert_eq!(open().await.len(), 1);

    *now.lock().unwrap() = datetime!(2026-03-02 10:00 UTC);
    let token = house.token().await;
    house.query(&token, "select 1").await;
    house.query(&token, "select 1").await;
    assert_eq!(open().await.len(), 2, "once in each window");
}
