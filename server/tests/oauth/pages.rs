//! Programs in browsers, which come from other sites.

use crate::support::{House, request};
use crate::world::World;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn programs_in_browsers_may_ask_without_being_known() {
    let house = House::new().await;
    for path in [
        "/mcp/sql/",
        "/mcp/sql",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-authorization-server/mcp/sql",
        "/o/token",
        "/o/register",
        "/o/revoke",
    ] {
        let preflight = Request::options(path)
            .header("origin", "https://inspector.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, mcp-protocol-version")
            .body(Body::empty())
            .unwrap();
        let answer = house.send(preflight).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        for name in
            ["Authorization", "Content-Type", "MCP-Protocol-Version", "Mcp-Session-Id", "Last-Event-ID"]
        {
            assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
        }
        let answer = house
            .send(
                Request::get(path).header("origin", "https://inspector.example").body(Body::empty()).unwrap(),
            )
            .await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("WWW-Authenticate"));
    }
    let page = house
        .send(
            Request::get("/o/authorize")
                .header("origin", "https://inspector.example")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(page.header("access-control-allow-origin"), "", "pages are not for other pages");
}

#[tokio::test]
async fn pages_of_named_sites_may_speak_to_the_endpoint() {
    let world = World::with(|text| {
        text.replace("[store]", "browser_origins = [\"https://inspector.example\"]\n\n[store]")
    })
    .await;
    let token = world.house.token().await;
    for (origin, status) in [
        ("https://inspector.example", StatusCode::OK),
        ("https://inspector.example:8443", StatusCode::FORBIDDEN),
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
    ] {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        let answer =
            world.send(request(&token).header("origin", origin).body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, status, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}
