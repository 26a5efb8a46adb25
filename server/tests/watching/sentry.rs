//! Errors told to Sentry, against an ingest of our own.

use crate::listening::listen;
use crate::support::House;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use server::flow::manage_person::{grant, withdraw};
use server::flow::people::find;
use server::telemetry::Reporter;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing_subscriber::layer::SubscriberExt;

/// Who authenticates how, and the envelope.
type Told = (String, String);

async fn keep(State(kept): State<mpsc::UnboundedSender<Told>>, headers: HeaderMap, body: String) {
    kept.send((headers["x-sentry-auth"].to_str().unwrap().to_owned(), body)).unwrap();
}

/// What is told next, which takes a moment.
async fn next(told: &mut mpsc::UnboundedReceiver<Told>) -> Told {
    timeout(Duration::from_secs(30), told.recv()).await.expect("something is told").unwrap()
}

#[tokio::test]
async fn an_error_is_told_with_its_place_and_its_request_and_nothing_that_anybody_wrote() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (kept, mut told) = mpsc::unbounded_channel();
    let router = Router::new().route("/api/7/envelope/", post(keep)).with_state(kept);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let house = House::new().await;
    let token = house.token().await;
    let reporter = Reporter::start(format!("http://a-public-key@{address}/7").parse().unwrap());
    let _listening = listen(tracing_subscriber::registry().with(reporter));

    // A fault of ours, while somebody asks.
    house.sql("revoke insert on portcullis.attempts from portcullis_app").await;
    let call = json!({ "name": "run_query", "arguments": { "sql": "select 'a-literal'" } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call });
    let answer = house.post(&token, message.to_string()).await;
    let (auth, envelope) = next(&mut told).await;
    assert!(auth.contains("sentry_key=a-public-key"), "{auth}");
    let lines: Vec<Value> = envelope.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [_, item, event] = lines.as_slice() else { panic!("{envelope}") };
    assert_eq!(item["type"], "event");
    assert_eq!(event["tags"]["request_id"], answer.header("x-request-id"), "{event}");
    assert!(event["tags"]["place"].as_str().unwrap().contains("mcp/problem.rs:"), "{event}");
    assert!(!envelope.contains("a-literal") && !envelope.contains("demo"), "{envelope}");

    // An alert, which names nobody here.
    let demo = find(&house.portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
    let support = "support".parse().unwrap();
    withdraw(&house.portcullis, &demo, &support, "boss").await.unwrap();
    grant(&house.portcullis, &demo, &support, "boss").await.unwrap();
    let (_, envelope) = next(&mut told).await;
    assert!(envelope.contains("alert: profile_gained"), "{envelope}");
    assert!(!envelope.contains("demo") && !envelope.contains("boss"), "{envelope}");
}
