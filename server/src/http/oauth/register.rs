//! The registration endpoint (RFC 7591).

use super::{body, problem};
use crate::flow::register_client::{NotRegistered, register_client};
use crate::http::problem as http_problem;
use crate::http::router::Site;
use crate::http::well_known::grant_types;
use crate::model::caller::Caller;
use crate::model::client::Client;
use crate::model::redirect::RedirectUri;
use crate::model::registration::{BadRegistration, Registration};
use crate::model::token::SCOPE;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(crate) async fn register(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let error = "invalid_client_metadata";
    let bytes = match body::read(&parts.headers, body, "application/json", error).await {
        Ok(bytes) => bytes,
        Err(unreadable) => return unreadable,
    };
    let Ok(metadata) = serde_json::from_slice::<Value>(&bytes) else {
        return problem::bad_request(error, "the body is no JSON");
    };
    match register_client(&site.portcullis, &caller, &metadata).await {
        Ok((client, registration)) => {
            problem::answer(StatusCode::CREATED, told(&site, &client, registration))
        }
        Err(NotRegistered::Bad(BadRegistration::Redirect(why))) => {
            problem::bad_request("invalid_redirect_uri", &why)
        }
        Err(NotRegistered::Bad(BadRegistration::Metadata(why))) => problem::bad_request(error, &why),
        Err(closed @ NotRegistered::Closed) => {
            (StatusCode::FORBIDDEN, http_problem::json("access_denied", &closed.to_string())).into_response()
        }
        Err(NotRegistered::Store(error)) => problem::unavailable(&error),
        Err(NotRegistered::NoEntropy(error)) => http_problem::our_fault(&error),
    }
}

/// What is registered, as it counts here: no secret, whatever was asked for. What there is not is left out; some clients
/// cannot read a null.
fn told(site: &Site, client: &Client, registration: Registration) -> Value {
    let uris: Vec<&str> = registration.redirect_uris.iter().map(RedirectUri::as_str).collect();
    let mut body = json!({
        "client_id": client.identifier,
        "client_id_issued_at": client.created_at.unix_timestamp(),
        "client_name": client.name,
        "redirect_uris": uris,
        "grant_types": grant_types(&site.portcullis),
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": SCOPE,
    });
    if let Some(members) = body.as_object_mut() {
        members.extend(registration.echoed.into_iter().map(|(key, value)| (key.to_owned(), value)));
    }
    body
}
