//! What is asked again on every request.

use crate::support::request;
use crate::world::{World, asking, between, parameters, redirected, with_refresh};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use serde_json::json;
use std::net::SocketAddr;
use time::Duration;

#[tokio::test]
async fn every_gate_is_asked_again_on_every_request() {
    let cases = [
        ("token_revoked", "update portcullis.tokens set revoked_at = now(), revoked_by = 'x'"),
        ("token_revoked", "update portcullis.grants set revoked_at = now(), revoked_by = 'x'"),
        ("bad_application", "update portcullis.clients set kind = 'configured' where kind = 'dynamic'"),
        (
            "bad_application",
            "update portcullis.clients set kind = 'metadata_document', identifier = 'https://evil.example/c' where kind = 'dynamic'",
        ),
        ("client_disabled", "update portcullis.clients set disabled_at = now(), disabled_by = 'x'"),
        ("wrong_audience", "update portcullis.tokens set audience = 'https://elsewhere/mcp/sql/'"),
        ("bad_scope", "update portcullis.tokens set scope = 'openid'"),
        ("inactive_or_non_staff", "update portcullis.people set active = false"),
        ("inactive_or_non_staff", "update portcullis.people set staff = false"),
        ("no_mfa", "delete from portcullis.factors"),
        ("no_perm", "update portcullis.assignments set ended_at = now(), ended_by = 'x'"),
        ("no_perm", "update portcullis.tokens set profile = 'gone'"),
        (
            "ambiguous_profile",
            "update portcullis.assignments set ended_at = null, ended_by = null where profile = 'support'",
        ),
        ("no_session", "update portcullis.sessions set ended_at = now(), ended_by = 'x'"),
        ("no_session", "update portcullis.sessions set seen_at = now() - interval '9 h'"),
        ("no_session", "update portcullis.sessions set began_at = now() - interval '25 h'"),
        ("no_session", "update portcullis.sessions set signed_in_at = null, proven_at = null"),
        (
            "session_logout",
            "update portcullis.sessions set ended_at = now(), ended_by = 'x'; \
                            update portcullis.tokens set revoked_at = (select ended_at from portcullis.sessions), revoked_by = 'x'",
        ),
    ];
    let world = World::new().await;
    world
        .say("update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'support'")
        .await;
    for (reason, shut) in cases {
        world.say("delete from portcullis.sessions; delete from portcullis.tokens; delete from portcullis.grants; delete from portcullis.clients where kind <> 'command_line'").await;
        world.say("update portcullis.clients set disabled_at = null, disabled_by = null").await;
        let browser = world.browser_of("demo").await;
        let client = world.client().await;
        let token = browser.tokens(&client, "analyst").await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(world.ping(&token).await, StatusCode::OK, "{reason}");
        let before = world.denials().await.len();
        world.say(shut).await;
        let answer = world.post(&token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}: {shut}");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        assert_eq!(world.denials().await[before..], [reason], "{shut}");
        // As it was.
        world
            .say(
                "update portcullis.people set active = true, staff = true;
             update portcullis.assignments set ended_at = null, ended_by = null where profile = 'analyst';
             update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'support'",
            )
            .await;
        if reason == "no_mfa" {
            world.enrol("demo").await;
        }
    }
}

#[tokio::test]
async fn signing_out_ends_what_agents_hold() {
    let world = World::with(|text| with_refresh(&text)).await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let tokens = browser.tokens(&client, "analyst").await;
    let (token, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let page = browser.get("/account").await;
    let csrf = between(&page.body, "name=\"csrf\" value=\"", "\"");
    assert_eq!(browser.post("/sign-out", &[("csrf", csrf)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.ping(token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.denials().await, ["session_logout"]);
    let _again = world.browser_of("demo").await;
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn where_no_session_is_asked_for_none_is_needed() {
    let world = World::with(|text| text.replace("[oauth]", "[oauth]\nrequire_live_session = false")).await;
    let browser = world.browser(&["analyst"]).await;
    let token =
        browser.tokens(&world.client().await, "analyst").await["access_token"].as_str().unwrap().to_owned();
    world.say("update portcullis.sessions set ended_at = now(), ended_by = 'x'").await;
    assert_eq!(world.ping(&token).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_the_command_line_needs_neither_session_nor_factor() {
    let world = World::new().await;
    world.say("delete from portcullis.factors").await;
    let token = world.house.token().await;
    assert_eq!(world.ping(&token).await, StatusCode::OK);
}

#[tokio::test]
async fn the_gates_stand_before_consent_too() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    for (reason, shut, open) in [
        (
            "no_perm",
            "update portcullis.assignments set ended_at = now(), ended_by = 'x'",
            "update portcullis.assignments set ended_at = null, ended_by = null where profile = 'analyst'",
        ),
        (
            "inactive_or_non_staff",
            "update portcullis.people set staff = false",
            "update portcullis.people set staff = true",
        ),
        (
            "client_disabled",
            "update portcullis.clients set disabled_at = now(), disabled_by = 'x'",
            "update portcullis.clients set disabled_at = null, disabled_by = null",
        ),
    ] {
        world.say(shut).await;
        let told = parameters(&redirected(&browser.get(&asking(&client, &[])).await));
        assert_eq!(told["error"], "access_denied", "{reason}");
        assert!(told["error_description"].starts_with(reason), "{told:?}");
        assert_eq!(world.denials().await.last().unwrap(), reason);
        world.say(open).await;
    }
    assert_eq!(browser.get(&asking(&client, &[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_too_many_bad_tokens_come_from_nobody_is_heard() {
    let world =
        World::with(|text| format!("{text}\n[throttle]\nbad_token = {{ attempts = 5, window = \"6h\" }}\n"))
            .await;
    let token = world.house.token().await;
    let from = async |ip: &str, token: &str| {
        let mut request = request(token)
            .body(Body::from(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string()))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>(format!("{ip}:9").parse().unwrap()));
        world.send(request).await
    };
    let mut challenges = Vec::new();
    for n in 0..5 {
        assert_eq!(from("198.51.100.1", &token).await.status, StatusCode::OK, "{n}");
        challenges.push(from("198.51.100.1", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await);
    }
    let blocked = from("198.51.100.1", &token).await;
    for answer in &challenges {
        assert_eq!(
            (answer.status, &answer.body, answer.header("www-authenticate")),
            (blocked.status, &blocked.body, blocked.header("www-authenticate"))
        );
    }
    assert_eq!(from("198.51.100.2", &token).await.status, StatusCode::OK, "others are heard");
    assert_eq!((world.count("denials").await, world.count("attempts").await), (0, 0));
    for _ in 0..20 {
        from("198.51.100.1", "rubbish").await;
    }
    let count: i32 = sqlx::query_scalar("select count from portcullis.counters where kind = 'bad_token'")
        .fetch_one(&world.store)
        .await
        .unwrap();
    assert_eq!(count, 5);
    world.pass(Duration::hours(6));
    let token = world.house.token().await;
    assert_eq!(from("198.51.100.1", &token).await.status, StatusCode::OK);
}
