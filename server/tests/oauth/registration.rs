//! Clients that register themselves.

use crate::world::{World, asking};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use time::Duration;

#[tokio::test]
async fn clients_register_with_what_of_them_is_usable() {
    let world = World::new().await;
    let answer = world
        .register(json!({
            "client_name": "Cursor",
            "redirect_uris": [
                "cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback", "https://evil.example/callback",
            ],
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "application_type": "native",
            "client_uri": null,
            "something": { "else": 1 },
        }))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    assert_eq!(told["redirect_uris"].as_array().unwrap().len(), 3);
    assert_eq!(told["token_endpoint_auth_method"], "none");
    assert_eq!(told["grant_types"], json!(["authorization_code"]));
    assert_eq!(told["application_type"], "native");
    assert!(!answer.body.contains("null") && !answer.body.contains("secret"), "{}", answer.body);

    for (error, metadata) in [
        ("invalid_redirect_uri", json!({ "client_name": "x" })),
        (
            "invalid_redirect_uri",
            json!({ "redirect_uris": ["https://evil.example/cb", "javascript:alert(1)"] }),
        ),
        ("invalid_client_metadata", json!([1])),
        (
            "invalid_client_metadata",
            json!({ "redirect_uris": ["http://localhost/"], "grant_types": ["implicit"] }),
        ),
    ] {
        let answer = world.register(metadata).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str().unwrap()),
            (StatusCode::BAD_REQUEST, error)
        );
    }
    for uri in [
        "https://claude.ai/api/mcp/auth_callback",
        "https://chatgpt.com/connector/oauth/abc123",
        "https://vscode.dev/redirect",
        "https://insiders.vscode.dev/redirect",
        "http://127.0.0.1:33418/",
        "http://[::1]:1/x",
    ] {
        let answer = world.register(json!({ "client_name": uri, "redirect_uris": [uri] })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{uri}");
    }
    let closed = World::with(|text| text.replace("[oauth]", "[oauth]\nregistration = \"closed\"")).await;
    assert_eq!(
        closed.register(json!({ "redirect_uris": ["http://localhost/"] })).await.status,
        StatusCode::FORBIDDEN
    );
    let document = closed
        .send(Request::get("/.well-known/oauth-authorization-server").body(Body::empty()).unwrap())
        .await;
    assert!(document.json().get("registration_endpoint").is_none());
}

#[tokio::test]
async fn the_same_registration_is_one_client_for_ten_minutes() {
    let world = World::new().await;
    let first = world.client().await;
    assert_eq!(first, world.client().await);
    world.pass(Duration::minutes(11));
    assert_ne!(first, world.client().await);
}

#[tokio::test]
async fn whoever_registers_too_many_gets_answers_that_mean_nothing() {
    let world = World::with(|text| {
        format!("{text}\n[throttle]\nregistration = {{ attempts = 3, window = \"1h\" }}\n")
    })
    .await;
    let browser = world.browser(&["analyst"]).await;
    let metadata =
        |n: i32| json!({ "client_name": format!("c{n}"), "redirect_uris": ["http://127.0.0.1/callback"] });
    let mut ids = Vec::new();
    for n in 0..5 {
        let answer = world.register_from("2001:db8:1:2::1", metadata(n)).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        ids.push(answer.json()["client_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(world.events("client_registered").await, 3);
    assert_eq!(browser.get(&asking(&ids[2], &[])).await.status, StatusCode::OK);
    assert_eq!(browser.get(&asking(&ids[4], &[])).await.status, StatusCode::BAD_REQUEST);
    world.register_from("2001:db8:1:2:ffff::9", metadata(7)).await;
    assert_eq!(world.events("client_registered").await, 3, "a neighbour in the same network is the same");
    world.register_from("192.0.2.77", metadata(8)).await;
    assert_eq!(world.events("client_registered").await, 4);
    world.pass(Duration::minutes(61));
    world.register_from("2001:db8:1:2::1", metadata(9)).await;
    assert_eq!(world.events("client_registered").await, 5);
}

#[tokio::test]
async fn clients_that_never_came_back_are_forgotten() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let used = world.client().await;
    browser.tokens(&used, "analyst").await;
    let unused = world
        .register(json!({ "client_name": "x", "redirect_uris": ["http://127.0.0.1/callback"] }))
        .await
        .json();
    world.pass(Duration::days(15));
    let browser = world.browser_of("demo").await;
    let unused = unused["client_id"].as_str().unwrap();
    assert_eq!(browser.get(&asking(unused, &[])).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&asking(&used, &[])).await.status, StatusCode::OK);
    world.register(json!({ "client_name": "y", "redirect_uris": ["http://localhost/"] })).await;
    let left: i64 = sqlx::query_scalar("select count(*) from portcullis.clients where identifier = $1")
        .bind(unused)
        .fetch_one(&world.store)
        .await
        .unwrap();
    assert_eq!(left, 0);
}
