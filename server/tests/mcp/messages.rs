//! Messages: both eras of the protocol, and what is no message of either.

use crate::support::{House, request};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn both_eras_are_served() {
    let house = House::new().await;
    let token = house.token().await;
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        let answer = house.rpc(&token, "initialize", params).await;
        assert_eq!(answer["result"]["protocolVersion"], version, "{answer}");
        assert!(answer["result"]["instructions"].as_str().unwrap().contains("untrusted-data"), "{answer}");
    }
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "server/discover",
        "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        } },
    });
    let request = request(&token)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "server/discover")
        .body(Body::from(message.to_string()))
        .unwrap();
    let answer = house.send(request).await.json();
    let versions = answer["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")), "{answer}");
}

#[tokio::test]
async fn wrong_arguments_are_tool_errors_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    for arguments in [
        json!({ "sql": 5 }),
        json!({}),
        json!({ "sql": "select 1", "limit": -1 }),
        json!({ "sql": "select 1", "x\u{0}": "\u{0}" }),
    ] {
        let result = house.call(&token, "run_query", arguments).await;
        assert_eq!(result["isError"], true, "{result}");
    }
    let record = house.record().await;
    assert_eq!(record.len(), 4);
    assert!(
        record
            .iter()
            .all(|(tool, _, reason)| tool == "run_query" && reason.as_deref() == Some("invalid_request"))
    );
}

#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    let answer = house.rpc(&token, "tools/call", json!({ "name": "drop_table", "arguments": {} })).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert_eq!(
        house.record().await,
        [("drop_table".to_owned(), "refused".to_owned(), Some("invalid_request".to_owned()))]
    );
}

#[tokio::test]
async fn bodies_that_are_no_message_are_told_so_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    let big = vec![b' '; (1 << 20) + 1];
    let cases: [(Vec<u8>, StatusCode, i64); 7] = [
        (b"{\"jsonrpc\"".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"\xff\xfe".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]".to_vec(), StatusCode::BAD_REQUEST, -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}".to_vec(), StatusCode::BAD_REQUEST, -32600),
        (
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":5}}".to_vec(),
            StatusCode::BAD_REQUEST,
            -32602,
        ),
        (big, StatusCode::PAYLOAD_TOO_LARGE, -32600),
    ];
    let count = i64::try_from(cases.len()).unwrap();
    for (body, status, code) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = house.post(&token, body).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_i64().unwrap()),
            (status, code),
            "{shown}"
        );
    }
    assert_eq!((house.count("attempts").await, house.count("outcomes").await), (count, count));
}
