//! Clients that a document describes, or the operator.

use crate::world::{VERIFIER, World, asking, parameters, redirected};
use axum::http::StatusCode;
use serde_json::json;
use server::model::document::Fetched;
use std::sync::atomic::Ordering;
use time::Duration;

const DOCUMENT: &str = "https://claude.ai/oauth/claude-code-client-metadata";

fn document(redirect: &str) -> Fetched {
    let body = json!({ "client_id": DOCUMENT, "client_name": "Claude Code", "redirect_uris": [redirect, "http://localhost/callback"], "token_endpoint_auth_method": "none" });
    Fetched { body: body.to_string().into_bytes(), cache_control: Some("max-age=3600".to_owned()) }
}

#[tokio::test]
async fn a_client_may_be_described_by_its_document() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[])).await.status,
        StatusCode::BAD_REQUEST,
        "it is not there yet, and that is not kept"
    );
    world.documents.lock().unwrap().insert(DOCUMENT.to_owned(), document("http://127.0.0.1/callback"));
    let page = browser.get(&asking(DOCUMENT, &[])).await;
    assert!(page.body.contains("Claude Code") && page.body.contains(DOCUMENT), "{}", page.body);
    let tokens = browser.tokens(DOCUMENT, "analyst").await;
    assert_eq!(world.ping(tokens["access_token"].as_str().unwrap()).await, StatusCode::OK);
    assert_eq!(world.fetches.load(Ordering::Relaxed), 2, "it is fresh for an hour");

    world.pass(Duration::minutes(61));
    world.documents.lock().unwrap().insert(DOCUMENT.to_owned(), document("http://127.0.0.1/other"));
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[])).await.status,
        StatusCode::BAD_REQUEST,
        "the redirect is gone from the document"
    );
    assert_eq!(world.fetches.load(Ordering::Relaxed), 3);
    world.pass(Duration::minutes(61));
    world.documents.lock().unwrap().clear();
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[("redirect_uri", Some("http://127.0.0.1:1/other"))])).await.status,
        StatusCode::BAD_REQUEST,
        "a stale one is not used"
    );
    assert_eq!(world.count("clients").await, 3);

    let fetched = world.fetches.load(Ordering::Relaxed);
    for elsewhere in [
        "https://evil.example/c",
        "https://evil.claude.ai/c",
        "https://claude.ai.evil.example/c",
        "http://claude.ai/c",
        "https://claude.ai:8443/c",
    ] {
        assert_eq!(browser.get(&asking(elsewhere, &[])).await.status, StatusCode::BAD_REQUEST, "{elsewhere}");
    }
    assert_eq!(world.fetches.load(Ordering::Relaxed), fetched, "nobody else is asked");
}

#[tokio::test]
async fn operators_name_clients_in_the_configuration() {
    let clients = "
[[oauth.clients]]
id = \"looker\"
name = \"Looker\"
redirect_uris = [\"https://looker.example.com/oauth/\"]
redirect_match = \"prefix\"
consent = \"skip\"
";
    let world = World::with(|text| format!("{text}\n{clients}")).await;
    let browser = world.browser(&["analyst", "support"]).await;
    let to = |uri: &'static str| asking("looker", &[("redirect_uri", Some(uri))]);
    let page = browser.get(&to("https://looker.example.com/oauth/tenant/callback")).await;
    assert!(
        page.body.contains("looker.example.com") && page.body.contains("in the configuration"),
        "{}",
        page.body
    );
    for bad in [
        "https://looker.example.com/oauth/../x",
        "https://looker.example.com/oauthx",
        "http://looker.example.com/oauth/x",
    ] {
        assert_eq!(browser.get(&to(bad)).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let browser = world.browser(&["analyst"]).await;
    let back = redirected(&browser.get(&to("https://looker.example.com/oauth/callback")).await);
    assert_eq!(back.host_str(), Some("looker.example.com"));
    let told = parameters(&back);
    let answer = world
        .token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "looker"),
            ("code", &told["code"]),
            ("code_verifier", VERIFIER),
        ])
        .await;
    assert_eq!(world.ping(answer.json()["access_token"].as_str().unwrap()).await, StatusCode::OK);
}
