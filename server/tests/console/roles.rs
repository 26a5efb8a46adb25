//! Who sees what.

use crate::record::{Call, listed};
use crate::world::World;
use axum::body::Body;
use axum::http::Request;
use time::Duration;

#[tokio::test]
async fn the_record_is_for_those_who_may_look_into_it() {
    let (world, mut auditor) = World::watched().await;
    let call = world.make(&Call::at(world.now() - Duration::minutes(1))).await;
    let denial = world.deny(world.now(), "margarete", "no_perm", "Claude Code").await;
    let mut admin = world.somebody("ada", Some("admin")).await;
    let mut person = world.somebody("grace", None).await;
    let mut stranger = world.browser();
    for path in [
        "/audit/queries".to_owned(),
        format!("/audit/queries/{call}"),
        format!("/audit/queries/{call}/asked.sql"),
        "/audit/queries/export.csv".to_owned(),
        "/audit/queries/export.ndjson".to_owned(),
        "/audit/denials".to_owned(),
        format!("/audit/denials/{denial}"),
        "/audit/events".to_owned(),
        "/usage".to_owned(),
        "/usage/margarete".to_owned(),
    ] {
        auditor.get(&path).await.is(200);
        admin.get(&path).await.is(200);
        person.get(&path).await.is(404).says("There is no such page");
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        stranger.get(&path).await.leads_to(&format!("/sign-in?next={next}"));
        let headers = auditor.send(Request::head(&path), Body::empty()).await.is(200).headers;
        assert!(headers.contains_key("content-type"), "{path}");
    }
    assert_eq!(
        world.count("events where kind = 'record_exported'").await,
        4,
        "each file once, and none for HEAD"
    );
}

#[tokio::test]
async fn the_front_page_is_another_for_each() {
    let (world, mut auditor) = World::watched().await;
    world.make(&Call { decision: "refused", reason: Some("system_schema"), ..Call::at(world.now()) }).await;
    let overview = auditor.get("/").await.is(200).says("<h1>Overview</h1>").says("Latest refusals");
    assert_eq!(overview.all_between("<a href=\"/audit/queries/", "\"").len(), 1);
    auditor.get("/?window=7d").await.is(200).says("the last 7 days");
    auditor.get("/?window=8d").await.is(422);
    world.somebody("grace", None).await.get("/").await.leads_to("/account");
    let mut stranger = world.browser();
    let welcome = stranger.get("/").await.is(200);
    assert!(welcome.html.contains("Sign in") && !welcome.html.contains("<h1>Overview"), "{}", welcome.html);
}

#[tokio::test]
async fn only_administrators_are_led_to_what_they_administer() {
    let (world, mut auditor) = World::watched().await;
    let id = world.make(&Call::at(world.now())).await;
    let path = format!("/audit/queries/{id}");
    let shown = auditor.get(&path).await.says("href=\"/usage/margarete\"");
    assert!(!shown.html.contains("href=\"/people/margarete") && !shown.html.contains("href=\"/clients/"));
    let mut admin = world.somebody("ada", Some("admin")).await;
    admin.get(&path).await.says("href=\"/people/margarete\"").says("href=\"/clients/");
    assert_eq!(listed(&admin.get("/audit/queries").await, "/audit/queries"), [id]);
    admin.get("/usage/margarete").await.says("href=\"/people/margarete\"");
    assert!(!auditor.get("/usage/margarete").await.html.contains("href=\"/people/margarete\""));
}
