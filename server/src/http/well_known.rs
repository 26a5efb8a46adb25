//! What clients read before they do anything: where the endpoints are (RFC 8414), and who guards the MCP endpoint
//! (RFC 9728). Each document answers at every address that some client asks for.

use super::router::Site;
use crate::flow::Portcullis;
use crate::model::token::SCOPE;
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
pub(super) const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";

/// What stands behind a well-known address, for the form of the endpoint's address that a client uses.
pub(super) const FORMS: [&str; 3] = ["", "/mcp/sql", "/mcp/sql/"];

/// Not for long, and for everybody.
const KEPT: &str = "public, max-age=300";

/// RFC 9728. The resource is named in the very form in which it was asked for: some clients compare the texts.
pub(super) async fn protected_resource(State(site): State<Site>, uri: Uri) -> Response {
    let portcullis = &site.portcullis;
    let resource = match uri.path().strip_prefix(PROTECTED_RESOURCE) {
        Some(form) if !form.is_empty() => format!("{}{form}", portcullis.issuer_url()),
        _ => portcullis.audience().to_owned(),
    };
    let document = json!({
        "resource": resource,
        "authorization_servers": [portcullis.issuer_url()],
        "scopes_supported": [SCOPE],
        "bearer_methods_supported": ["header"],
        "resource_name": "Portcullis: SQL, read-only",
        "resource_documentation": format!("{}/", portcullis.issuer_url()),
    });
    ([(CACHE_CONTROL, KEPT)], Json(document)).into_response()
}

/// RFC 8414, with one issuer whatever the address.
pub(super) async fn authorization_server(State(site): State<Site>) -> Response {
    let portcullis = &site.portcullis;
    let issuer = portcullis.issuer_url();
    let mut document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/o/authorize"),
        "token_endpoint": format!("{issuer}/o/token"),
        "revocation_endpoint": format!("{issuer}/o/revoke"),
        "scopes_supported": [SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": grant_types(portcullis),
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "client_id_metadata_document_supported": !portcullis.authorization().document_hosts.is_empty(),
        "service_documentation": format!("{issuer}/"),
    });
    if let (Some(members), true) = (document.as_object_mut(), portcullis.authorization().lets_register()) {
        members.insert("registration_endpoint".to_owned(), json!(format!("{issuer}/o/register")));
    }
    ([(CACHE_CONTROL, KEPT)], Json(document)).into_response()
}

/// What a client may bring to the token endpoint.
pub(super) fn grant_types(portcullis: &Portcullis) -> &'static [&'static str] {
    match portcullis.authorization().refresh {
        Some(_) => &["authorization_code", "refresh_token"],
        None => &["authorization_code"],
    }
}

/// Where the document about the endpoint is, in the form of the address that a client used.
pub(super) fn about(portcullis: &Portcullis, path: &str) -> String {
    let form = if path.ends_with('/') { "/mcp/sql/" } else { "/mcp/sql" };
    format!("{}{PROTECTED_RESOURCE}{form}", portcullis.issuer_url())
}
