//! A program that is told to stop answers what it was asked, and lets nobody else in.

use crate::process::Served;
use crate::web::{call, query, send};
use crate::world::{World, until};
use hyper::{Request, StatusCode};
use serde_json::Value;
use tokio::task::JoinHandle;

const SLOW: &str =
    "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";

/// A program that is reading for somebody.
async fn reading(world: &World, drain: &str, statement: &str) -> (Served, String, JoinHandle<Value>) {
    world.person("drained").await;
    let token = world.token("drained", "analyst").await;
    let text = world
        .text
        .replace("[store]", &format!("drain = \"{drain}\"\n\n[store]"))
        .replace("statement = \"5s\"", &format!("statement = \"{statement}\""));
    let program = world.serve(&text);
    let (to, bearer) = (program.address, token.clone());
    let slow = tokio::spawn(async move { query(to, &bearer, SLOW).await });
    until("the statement runs", async || running(world).await > 0).await;
    (program, token, slow)
}

/// How many statements of this world's person run.
async fn running(world: &World) -> i64 {
    let sql = "select count(*) from pg_stat_activity join portcullis.attempts \
               on application_name like 'portcullis ' || attempts.id || ' %' where state = 'active'";
    sqlx::query_scalar(sql).fetch_one(&world.store).await.unwrap()
}

async fn outcomes(world: &World) -> Vec<Option<String>> {
    sqlx::query_scalar("select reason from portcullis.outcomes").fetch_all(&world.store).await.unwrap()
}

#[tokio::test]
async fn what_was_asked_is_answered_and_nobody_else_is_let_in() {
    let world = World::new().await;
    let (mut program, token, slow) = reading(&world, "30s", "4s").await;
    let watchers = program.listens("telling health");
    let ready = async || send(watchers, Request::get("/health/ready"), String::new()).await.unwrap();
    assert_eq!(ready().await.status, StatusCode::OK);

    program.signal("TERM");
    program.logs("stopping");
    let told = ready().await;
    assert_eq!(
        (told.status, told.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "not ready: it was told to stop\n")
    );
    until("nobody is let in", async || call(program.address, &token, "select 1 as one").await.is_err()).await;
    // Its own time-out ended it, not we.
    assert_eq!(slow.await.unwrap()["rejection_reason"], "timeout");
    assert!(program.ends().success(), "{:#?}", program.log());
    assert!(!program.log().iter().any(|line| line.contains("cut_short")), "{:#?}", program.log());
    assert_eq!(outcomes(&world).await, [Some("timeout".to_owned())]);
}

#[tokio::test]
async fn what_takes_too_long_is_cancelled_on_record() {
    let world = World::new().await;
    let (mut program, _, slow) = reading(&world, "500ms", "45s").await;
    program.signal("TERM");
    assert_eq!(slow.await.unwrap()["rejection_reason"], "cancelled");
    assert!(program.ends().success(), "{:#?}", program.log());
    program.logs("cut_short=1");
    assert_eq!(outcomes(&world).await, [Some("cancelled".to_owned())]);
    until("nothing runs", async || running(&world).await == 0).await;
}
