//! What an authorization request must be like.

use crate::world::{CALLBACK, ISSUER, World, asking, parameters, redirected};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use std::sync::atomic::Ordering;
use url::Url;

#[tokio::test]
async fn strangers_sign_in_first_and_come_back() {
    let world = World::new().await;
    let path = asking("x", &[]);
    let answer = world.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = Url::parse(ISSUER).unwrap().join(answer.header("location")).unwrap();
    assert_eq!((location.path(), parameters(&location)["next"].as_str()), ("/sign-in", path.as_str()));
}

#[tokio::test]
async fn what_is_not_certain_is_never_redirected() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    for changes in [
        vec![("client_id", None)],
        vec![("client_id", Some("nobody"))],
        vec![("client_id", Some("00000000-0000-0000-0000-000000000001"))],
        vec![("client_id", Some("https://evil.example/client"))],
        vec![("client_id", Some("https://127.0.0.1/client"))],
        vec![("redirect_uri", Some("https://evil.example/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1/callback/../other"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1/callback?x=1"))],
        vec![("redirect_uri", Some("http://localhost:1/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1@evil.example/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1@evil.example/callback"))],
        vec![("redirect_uri", Some("//evil.example/callback"))],
        vec![("redirect_uri", Some("javascript:alert(1)"))],
    ] {
        let answer = browser.get(&asking(&client, &changes)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changes:?}: {}", answer.body);
        assert_eq!(answer.header("location"), "");
        assert!(!answer.body.contains("http-equiv"), "{changes:?}");
    }
    for twice in ["client_id", "redirect_uri"] {
        let path = format!("{}&{twice}=x", asking(&client, &[]));
        assert_eq!(browser.get(&path).await.status, StatusCode::BAD_REQUEST, "{twice}");
    }
    assert_eq!(world.fetches.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn every_other_fault_goes_back_to_the_client_with_state_and_issuer() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let cases: Vec<(&str, Vec<(&str, Option<&str>)>)> = vec![
        ("invalid_request", vec![("response_type", None)]),
        ("unsupported_response_type", vec![("response_type", Some("token"))]),
        ("unsupported_response_type", vec![("response_type", Some("code id_token"))]),
        ("invalid_request", vec![("response_mode", Some("form_post"))]),
        ("invalid_request", vec![("code_challenge", None)]),
        ("invalid_request", vec![("code_challenge", Some("short"))]),
        ("invalid_request", vec![("code_challenge_method", None)]),
        ("invalid_request", vec![("code_challenge_method", Some("plain"))]),
        ("invalid_scope", vec![("scope", Some("a\"b"))]),
        ("invalid_target", vec![("resource", Some("https://evil.example/mcp/sql/"))]),
        ("invalid_target", vec![("resource", Some("http://127.0.0.1:8700/"))]),
    ];
    for (error, changes) in cases {
        let back = redirected(&browser.get(&asking(&client, &changes)).await);
        assert!(back.as_str().starts_with(&format!("{CALLBACK}?")), "{back}");
        let told = parameters(&back);
        assert_eq!(
            (told["error"].as_str(), told["state"].as_str(), told["iss"].as_str()),
            (error, "s t&a=te", ISSUER),
            "{changes:?}"
        );
    }
    let twice = format!("{}&scope=x", asking(&client, &[]));
    assert_eq!(parameters(&redirected(&browser.get(&twice).await))["error"], "invalid_request");
    for fine in [
        vec![("resource", None)],
        vec![("resource", Some("HTTP://127.0.0.1:8700/mcp/sql"))],
        vec![("scope", None)],
        vec![("scope", Some("openid email profile"))],
        vec![("prompt", Some("consent")), ("nonce", Some("x"))],
        vec![("state", None)],
        vec![("redirect_uri", None)],
    ] {
        assert_eq!(browser.get(&asking(&client, &fine)).await.status, StatusCode::OK, "{fine:?}");
    }
}
