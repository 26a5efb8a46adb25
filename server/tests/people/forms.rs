use crate::world::{PASSWORD, World};
use axum::body::Body;
use axum::http::Request;

const FIELDS: [(&str, &str); 2] = [("username", "margarete"), ("password", PASSWORD)];

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let good = browser.csrf.clone();
    for token in [None, Some(""), Some("dG9rZW4"), good.get(1..)] {
        let fields: Vec<(&str, &str)> =
            FIELDS.into_iter().chain(token.map(|token| ("csrf", token))).collect();
        browser.post("/sign-in", &fields, &[]).await.is(403).says("was not sent from here");
    }
    let twice: Vec<(&str, &str)> = FIELDS.into_iter().chain([("csrf", "x"), ("csrf", &good)]).collect();
    browser.post("/sign-in", &twice, &[]).await.is(403);
    assert!(browser.session().is_none());
    let fields: Vec<(&str, &str)> = FIELDS.into_iter().chain([("csrf", good.as_str())]).collect();
    browser.post("/sign-in", &fields, &[]).await.leads_to("/sign-in/code");
}

#[tokio::test]
async fn the_token_of_another_browser_is_worth_nothing() {
    let world = World::peopled().await;
    let mut theirs = world.signed_in().await;
    theirs.get("/account").await;
    let mut ours = world.browser();
    ours.get("/sign-in").await;
    let csrf = ours.csrf.clone();
    theirs.post("/sign-out", &[("csrf", &csrf)], &[]).await.is(403);
    // Nor is that of the visitor whom the person was before.
    let mut visitor = world.browser();
    visitor.get("/sign-in").await;
    let before = visitor.csrf.clone();
    let fields: Vec<(&str, &str)> = FIELDS.into_iter().chain([("csrf", before.as_str())]).collect();
    visitor.post("/sign-in", &fields, &[]).await.is(303);
    visitor.post("/sign-in/code", &[("code", "000000"), ("csrf", &before)], &[]).await.is(403);
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_even_with_the_token() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let csrf = browser.csrf.clone();
    let fields: Vec<(&str, &str)> = FIELDS.into_iter().chain([("csrf", csrf.as_str())]).collect();
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("origin", "http://db.example.com")],
        &[("origin", "https://db.example.com:8443")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://db.example.com")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "none"), ("origin", "null")],
    ] {
        browser.post("/sign-in", &fields, headers).await.is(403);
    }
    for headers in [
        &[("origin", "https://db.example.com")][..],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
    ] {
        let mut browser = world.browser();
        browser.get("/sign-in").await;
        let csrf = browser.csrf.clone();
        let fields: Vec<(&str, &str)> = FIELDS.into_iter().chain([("csrf", csrf.as_str())]).collect();
        browser.post("/sign-in", &fields, headers).await.is(303);
    }
}

#[tokio::test]
async fn a_form_has_bounds() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let long = "a".repeat(65 << 10);
    browser.submit("/sign-in", &[("username", "margarete"), ("password", &long)]).await.is(413);
    browser.submit("/sign-in", &[("username", "margarete")]).await.is(400);
    let json = Request::post("/sign-in").header("content-type", "application/json");
    browser.send(json, Body::from("{}")).await.is(415);
}
