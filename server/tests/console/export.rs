//! The record as a file.

use crate::record::{Call, listed, read};
use crate::world::World;
use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn a_file_holds_what_the_list_holds() {
    let (world, mut browser) = World::watched().await;
    let hostile = "select '\"quoted\", and\nbroken' as \"<b>\" -- =cmd()";
    let made = world.make_many(120, hostile).await;
    world.make(&Call { tool: "list_tables", sql: None, ..Call::at(world.now()) }).await;
    world.index().await;
    let query = "?tool=run_query&before=junk";
    let answer = browser.get(&format!("/audit/queries/export.ndjson{query}")).await.is(200);
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let name = "attachment; filename=\"portcullis-queries-2026-03-02.ndjson\"";
    assert_eq!(answer.headers["content-disposition"], name);
    let calls: Vec<Value> = answer.html.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<Uuid> = calls.iter().map(|call| call["id"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(ids, made);
    assert!(calls.iter().all(|call| call["sql"] == hostile));

    let answer = browser.get(&format!("/audit/queries/export.csv{query}")).await.is(200);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let name = "attachment; filename=\"portcullis-queries-2026-03-02.csv\"";
    assert_eq!(answer.headers["content-disposition"], name);
    let quoted = hostile.replace('"', "\"\"");
    assert_eq!(answer.html.matches(&format!("\"{quoted}\"")).count(), made.len(), "{}", answer.html);
    let lines = answer.html.lines().filter(|line| line.split(',').next().is_some_and(|id| id.len() == 36));
    assert_eq!(lines.count(), made.len());
}

#[tokio::test]
async fn the_list_leads_to_the_file_of_the_same_filters() {
    let (world, mut browser) = World::watched().await;
    let ids = world.make_many(2, "select 1 as one").await;
    let list = browser.get("/audit/queries?words=one&tool=&person=margarete").await.is(200);
    assert_eq!(listed(&list, "/audit/queries"), ids);
    list.says("href=\"/audit/queries/export.csv?words=one&amp;person=margarete\"")
        .says("href=\"/audit/queries/export.ndjson?words=one&amp;person=margarete\"");
}

#[tokio::test]
async fn whoever_takes_the_record_away_is_on_record() {
    let (world, mut browser) = World::watched().await;
    world.make(&Call::at(world.now() - Duration::minutes(1))).await;
    let path = "/audit/queries/export.csv?reason=timeout";
    let head = browser.send(Request::head(path), Body::empty()).await.is(200);
    assert!(head.headers.contains_key("content-disposition"));
    assert_eq!(world.count("events where kind = 'record_exported'").await, 0);
    browser.get(path).await.is(200);
    assert_eq!(
        world.count("events where kind = 'record_exported' and detail ->> 'format' = 'csv' and actor = 'margarete'").await,
        1
    );
    browser.get("/audit/events?kind=record_exported").await.says("record exported").says("timeout");
}

#[tokio::test]
async fn nothing_is_handed_out_for_a_filter_that_cannot_be() {
    let (world, mut browser) = World::watched().await;
    world.make(&Call::at(world.now())).await;
    let answer = browser.get("/audit/queries/export.csv?person=nobody").await.is(422);
    assert!(read(&answer).contains("There is no person `nobody`."), "{}", answer.html);
    answer.says("<h1>Queries</h1>");
    assert_eq!(world.count("events where kind = 'record_exported'").await, 0);
}

#[tokio::test]
async fn denials_and_events_are_handed_out_too() {
    let (world, mut browser) = World::watched().await;
    world.person("grace").await;
    world.deny(world.now(), "grace", "paused", "Claude Code").await;
    world.deny(world.now(), "margarete", "no_perm", "Claude Code").await;
    let denials = browser.get("/audit/denials/export.ndjson?person=grace").await.is(200);
    assert_eq!(
        denials.headers["content-disposition"],
        "attachment; filename=\"portcullis-denials-2026-03-02.ndjson\""
    );
    let denials: Vec<Value> = denials.html.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(denials.iter().map(|denial| &denial["reason"]).collect::<Vec<_>>(), ["paused"]);
    let events = browser.get("/audit/events/export.csv?kind=person_created").await.is(200);
    assert_eq!(events.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(events.html.lines().count(), 3, "a line of names and two people: {}", events.html);
    let answer = browser.get("/audit/events/export.csv?kind=banana").await.is(422);
    assert!(read(&answer).contains("There is no kind `banana`."), "{}", answer.html);
    let mut person = world.somebody("ada", None).await;
    person.get("/audit/denials/export.csv").await.is(404);
    person.get("/audit/events/export.ndjson").await.is(404);
}
