//! Refresh tokens, and how what was granted ends.

use crate::support::Answer;
use crate::world::{World, with_refresh};
use axum::http::StatusCode;
use serde_json::{Value, json};
use time::Duration;

#[tokio::test]
async fn without_refresh_tokens_there_are_none() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    assert!(browser.tokens(&client, "analyst").await.get("refresh_token").is_none());
    assert_eq!(world.refresh(&client, "x").await.json()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn a_refresh_token_is_used_once_with_a_moment_of_grace() {
    let world =
        World::with(|text| with_refresh(&text).replace("[oauth]", "[oauth]\nrequire_live_session = false"))
            .await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let first = browser.tokens(&client, "analyst").await;
    let refresh = first["refresh_token"].as_str().unwrap();
    world.pass(Duration::hours(2));
    assert_eq!(world.ping(first["access_token"].as_str().unwrap()).await, StatusCode::UNAUTHORIZED);

    let many = futures_util::future::join_all((0..8).map(|_| world.refresh(&client, refresh))).await;
    let answers: Vec<Value> = many.iter().map(Answer::json).collect();
    for answer in &answers {
        assert_eq!(answer["access_token"], answers[0]["access_token"], "{answers:?}");
        assert_eq!(answer["refresh_token"], answers[0]["refresh_token"]);
        assert_eq!(answer["scope"], "mcp:sql");
    }
    assert_ne!(answers[0]["refresh_token"], refresh);
    let (access, successor) =
        (answers[0]["access_token"].as_str().unwrap(), answers[0]["refresh_token"].as_str().unwrap());
    assert_eq!(world.ping(access).await, StatusCode::OK);
    assert_eq!(world.count("tokens").await, 2);

    world.pass(Duration::seconds(59));
    assert_eq!(world.refresh(&client, refresh).await.json()["access_token"], access);
    world.pass(Duration::seconds(2));
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
    assert_eq!(world.events("refresh_token_reused").await, 1);
    assert_eq!(world.ping(access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.refresh(&client, successor).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn refreshing_ends_with_its_grant_and_with_what_granted_it() {
    let world =
        World::with(|text| with_refresh(&text).replace("[oauth]", "[oauth]\nrequire_live_session = false"))
            .await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let mut tokens = browser.tokens(&client, "analyst").await;
    for (days, seconds) in [(5, 3600), (4, 3600)] {
        world.pass(Duration::days(days));
        tokens = world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
        assert_eq!(tokens["expires_in"], seconds, "{tokens}");
    }
    world.pass(Duration::hours(23) + Duration::minutes(30));
    tokens = world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
    assert!(tokens["expires_in"].as_i64().unwrap() <= 1800, "{tokens}");
    world.pass(Duration::hours(1));
    assert_eq!(
        world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json()["error"],
        "invalid_grant"
    );

    let browser = world.browser_of("demo").await;
    let tokens = browser.tokens(&client, "analyst").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    for (error, extra) in
        [("invalid_scope", ("scope", "admin")), ("invalid_target", ("resource", "https://evil.example/"))]
    {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", client.as_str()),
            ("refresh_token", refresh),
            extra,
        ];
        assert_eq!(world.token(&form).await.json()["error"], error);
    }
    let other = world
        .register(json!({ "client_name": "other", "redirect_uris": ["http://localhost/"] }))
        .await
        .json();
    assert_eq!(
        world.refresh(other["client_id"].as_str().unwrap(), refresh).await.json()["error"],
        "invalid_grant"
    );
    world.say("update portcullis.people set active = false").await;
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
    assert_eq!(world.denials().await, ["inactive_or_non_staff"]);
    world.say("update portcullis.people set active = true").await;
    assert_eq!(world.refresh(&client, refresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_access_token_and_foreign_ones_stay() {
    let world = World::with(|text| with_refresh(&text)).await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let tokens = browser.tokens(&client, "analyst").await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let foreign = world.form("/o/revoke/", &[("token", refresh), ("client_id", "nobody")]).await;
    assert_eq!(
        (foreign.status, foreign.json()["error"].as_str().unwrap()),
        (StatusCode::UNAUTHORIZED, "invalid_client")
    );
    assert_eq!(world.ping(access).await, StatusCode::OK);
    for unknown in ["x", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", refresh, refresh] {
        let answer = world
            .form(
                "/o/revoke_token/",
                &[("token", unknown), ("token_type_hint", "refresh_token"), ("client_id", &client)],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(world.ping(access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.form("/o/revoke", &[]).await.json()["error"], "invalid_request");
}
