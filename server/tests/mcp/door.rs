//! Who is let in, from where, and by what address.

use crate::support::{House, request};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn both_addresses_answer_without_a_redirect() {
    let house = House::new().await;
    let token = house.token().await;
    for path in ["/mcp/sql/", "/mcp/sql"] {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        let request = request(&token).uri(path).body(Body::from(body)).unwrap();
        let answer = house.send(request).await;
        assert_eq!((answer.status, answer.json()["result"].clone()), (StatusCode::OK, json!({})), "{path}");
    }
}

#[tokio::test]
async fn strangers_are_challenged() {
    let house = House::new().await;
    let bare = Request::post("/mcp/sql/").body(Body::empty()).unwrap();
    let answer = house.send(bare).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer.header("www-authenticate").starts_with("Bearer "),
        "{}",
        answer.header("www-authenticate")
    );
    assert!(!answer.header("www-authenticate").contains("error="), "no token is no error");
    for token in ["x", "pcat_", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = house.post(token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    let uri = format!("/mcp/sql/?access_token={}", house.token().await);
    let answer = house.send(Request::post(uri).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a token in the address is not read");
    assert_eq!(house.count("attempts").await + house.count("denials").await, 0, "strangers leave no rows");
}

#[tokio::test]
async fn every_gate_is_checked_on_every_request() {
    let cases = [
        ("token_revoked", "update portcullis.tokens set revoked_at = now(), revoked_by = 'x'"),
        ("client_disabled", "update portcullis.clients set disabled_at = now()"),
        ("wrong_audience", "update portcullis.tokens set audience = 'https://elsewhere/mcp/sql/'"),
        ("bad_scope", "update portcullis.tokens set scope = 'openid'"),
        ("inactive_or_non_staff", "update portcullis.people set active = false"),
        ("inactive_or_non_staff", "update portcullis.people set staff = false"),
        (
            "no_perm",
            "update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'analyst'",
        ),
        ("no_perm", "update portcullis.tokens set profile = 'gone'"),
    ];
    for (reason, shut) in cases {
        let house = House::new().await;
        let token = house.token().await;
        assert_eq!(house.rpc(&token, "ping", json!({})).await["result"], json!({}));
        house.sql(shut).await;
        let answer = house.post(&token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        let denials: Vec<(String, String)> = sqlx::query_as("select reason, person from portcullis.denials")
            .fetch_all(&house.store)
            .await
            .unwrap();
        assert_eq!(denials, [(reason.to_owned(), "demo".to_owned())]);
    }
}

#[tokio::test]
async fn an_expired_token_is_as_good_as_none() {
    let house = House::new().await;
    let token = house.token().await;
    house.sql("update portcullis.tokens set issued_at = now() - interval '2 h', expires_at = now() - interval '1 s'").await;
    assert_eq!(house.post(&token, "{}").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.count("denials").await, 0);
}

#[tokio::test]
async fn foreign_origins_and_hosts_are_refused() {
    let house = House::new().await;
    let token = house.token().await;
    let body = || Body::from(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string());
    let from = |origin: &str| request(&token).header("origin", origin).body(body()).unwrap();
    assert_eq!(house.send(from("https://evil.example.com")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.send(from("http://127.0.0.1:8700")).await.status, StatusCode::OK);
    let mut rebound = request(&token).body(body()).unwrap();
    rebound.headers_mut().insert("host", "evil.example.com".parse().unwrap());
    assert_eq!(house.send(rebound).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn other_methods_and_kinds_are_refused_only_behind_the_door() {
    let house = House::new().await;
    let token = house.token().await;
    for method in ["GET", "DELETE", "PUT"] {
        let bare = Request::builder().method(method).uri("/mcp/sql/").body(Body::empty()).unwrap();
        assert_eq!(house.send(bare).await.status, StatusCode::UNAUTHORIZED, "{method}");
        let known = request(&token).method(method).body(Body::empty()).unwrap();
        assert_eq!(house.send(known).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn every_answer_has_its_headers_and_unknown_documents_are_json() {
    let house = House::new().await;
    for (path, kind) in
        [("/", "text/html"), ("/nothing", "text/html"), ("/.well-known/nothing", "application/json")]
    {
        let answer = house.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(answer.header("content-type").starts_with(kind), "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-request-id").len(), 36);
        assert!(!answer.body.contains("<script"), "{path}");
    }
}
