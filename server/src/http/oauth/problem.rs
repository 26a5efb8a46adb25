//! The OAuth voice: errors as the standards write them, for programs.

use crate::http::problem;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderName, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// What no cache may keep: tokens, and everything around them (RFC 6749, section 5.1).
const NOT_KEPT: [(HeaderName, &str); 2] = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];

pub(super) fn answer(status: StatusCode, body: Value) -> Response {
    (status, NOT_KEPT, Json(body)).into_response()
}

/// RFC 6749, section 5.2.
pub(super) fn bad_request(error: &str, description: &str) -> Response {
    (StatusCode::BAD_REQUEST, NOT_KEPT, problem::json(error, description)).into_response()
}

/// A client that is not known is told so with 401, and with a challenge where it used the header.
pub(super) fn invalid_client(description: &str) -> Response {
    let body = problem::json("invalid_client", description);
    (StatusCode::UNAUTHORIZED, NOT_KEPT, [(WWW_AUTHENTICATE, "Basic realm=\"portcullis\"")], body)
        .into_response()
}

/// The store gives no answer: the client may keep what it has and try again.
pub(super) fn unavailable(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "the store gives no answer, so a client gets none");
    let body = problem::json("temporarily_unavailable", "try again shortly");
    (StatusCode::SERVICE_UNAVAILABLE, NOT_KEPT, [(RETRY_AFTER, "2")], body).into_response()
}
