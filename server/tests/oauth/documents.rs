//! Where clients find out whom to ask.

use crate::support::House;
use crate::world::ISSUER;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn the_documents_are_at_every_address_that_clients_ask() {
    let house = House::new().await;
    let get = async |path: &str| {
        house
            .send(
                Request::get(path).header("mcp-protocol-version", "2026-07-28").body(Body::empty()).unwrap(),
            )
            .await
    };
    for (form, resource) in [("", "/mcp/sql/"), ("/mcp/sql", "/mcp/sql"), ("/mcp/sql/", "/mcp/sql/")] {
        let answer = get(&format!("/.well-known/oauth-protected-resource{form}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let document = answer.json();
        assert_eq!(document["resource"], format!("{ISSUER}{resource}"));
        assert_eq!(document["authorization_servers"], json!([ISSUER]));
        assert_eq!(document["scopes_supported"], json!(["mcp:sql"]));

        let document = get(&format!("/.well-known/oauth-authorization-server{form}")).await.json();
        assert_eq!(document["issuer"], ISSUER);
        for (key, path) in [
            ("authorization", "authorize"),
            ("token", "token"),
            ("registration", "register"),
            ("revocation", "revoke"),
        ] {
            assert_eq!(document[format!("{key}_endpoint")], format!("{ISSUER}/o/{path}"));
        }
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(document["grant_types_supported"], json!(["authorization_code"]));
        assert_eq!(document["token_endpoint_auth_methods_supported"], json!(["none"]));
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        assert_eq!(document["client_id_metadata_document_supported"], true);
    }
    for path in [
        "openid-configuration",
        "openid-configuration/mcp/sql",
        "",
        "oauth-protected-resource/other",
        "oauth-authorization-server/x",
    ] {
        let answer = get(&format!("/.well-known/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("application/json"), "{path}");
    }
}

#[tokio::test]
async fn a_challenge_leads_to_the_document_of_the_address_that_was_used() {
    let house = House::new().await;
    for path in ["/mcp/sql", "/mcp/sql/"] {
        for token in [None, Some("Bearer pcat_x")] {
            let mut request = Request::post(path);
            if let Some(token) = token {
                request = request.header("authorization", token);
            }
            let answer = house.send(request.body(Body::empty()).unwrap()).await;
            let challenge = answer.header("www-authenticate");
            let about = format!("resource_metadata=\"{ISSUER}/.well-known/oauth-protected-resource{path}\"");
            assert!(challenge.starts_with("Bearer ") && challenge.contains(&about), "{challenge}");
            assert!(challenge.contains("scope=\"mcp:sql\""), "{challenge}");
        }
    }
}
