//! Codes for tokens.

use crate::world::{CALLBACK, VERIFIER, World, asking};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn every_fault_of_a_token_request_has_its_error() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let other = world
        .register(json!({ "client_name": "other", "redirect_uris": ["http://127.0.0.1/callback"] }))
        .await;
    let other = other.json()["client_id"].as_str().unwrap().to_owned();
    let cases: Vec<(StatusCode, &str, Vec<(&str, Option<&str>)>)> = vec![
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("grant_type", None)]),
        (StatusCode::BAD_REQUEST, "unsupported_grant_type", vec![("grant_type", Some("password"))]),
        (StatusCode::BAD_REQUEST, "unsupported_grant_type", vec![("grant_type", Some("client_credentials"))]),
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("code", None)]),
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("code_verifier", None)]),
        (StatusCode::BAD_REQUEST, "invalid_grant", vec![("code", Some("pcac_x"))]),
        (
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            vec![("code_verifier", Some("wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"))],
        ),
        (
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            vec![("redirect_uri", Some("http://127.0.0.1:1/callback"))],
        ),
        (StatusCode::BAD_REQUEST, "invalid_grant", vec![("client_id", Some(&other))]),
        (StatusCode::BAD_REQUEST, "invalid_target", vec![("resource", Some("https://evil.example/"))]),
        (StatusCode::UNAUTHORIZED, "invalid_client", vec![("client_id", Some("nobody"))]),
        (StatusCode::UNAUTHORIZED, "invalid_client", vec![("client_id", None)]),
    ];
    for (status, error, changes) in cases {
        let code = browser.code(&asking(&client, &[]), "analyst").await;
        let mut form: Vec<(&str, &str)> = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &client),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        for (name, value) in &changes {
            form.retain(|(other, _)| other != name);
            form.extend(value.map(|value| (*name, value)));
        }
        let answer = world.token(&form).await;
        assert_eq!((answer.status, answer.json()["error"].as_str().unwrap()), (status, error), "{changes:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let twice = [
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("code", &code),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(world.token(&twice).await.json()["error"], "invalid_request");
    let wrong =
        Request::post("/o/token").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(world.send(wrong).await.json()["error"], "invalid_request");
    let big = Request::post("/o/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("x".repeat(65 << 10)))
        .unwrap();
    assert_eq!(world.send(big).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let get = Request::get("/o/token").body(Body::empty()).unwrap();
    assert_eq!(world.send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(world.count("tokens").await, 0);
}

#[tokio::test]
async fn a_client_may_name_itself_in_the_header_and_leave_the_redirect_out() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let basic = data_encoding::BASE64.encode(format!("{client}:ignored").as_bytes());
    let body = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let request = Request::post("/o/token/")
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(Body::from(body))
        .unwrap();
    assert_eq!(world.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_brought_twice_ends_what_it_began() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let token = world.exchange(&client, &code).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.ping(&token).await, StatusCode::OK);
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    assert_eq!(world.ping(&token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (world.denials().await, world.events("code_reused").await),
        (vec!["token_revoked".to_owned()], 1)
    );
}

#[tokio::test]
async fn a_code_is_spent_by_a_wrong_verifier_and_by_time() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser
        .code(
            &asking(&client, &[("code_challenge", Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))]),
            "analyst",
        )
        .await;
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    world.pass(Duration::seconds(61));
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    world.pass(Duration::seconds(50));
    assert_eq!(world.exchange(&client, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_many_who_bring_one_code_one_gets_a_token() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let answers = futures_util::future::join_all((0..32).map(|_| world.exchange(&client, &code))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|&&status| status == 400).count(), 31, "{statuses:?}");
    assert_eq!(world.count("tokens").await, 1);
}
