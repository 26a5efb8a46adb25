//! Bodies of clients: small, and of the kind that was asked for.

use super::problem;
use crate::http::problem as http_problem;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

const MOST_BYTES: usize = 64 << 10;
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    media_type: &str,
    error: &str,
) -> Result<Bytes, Response> {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type) {
        return Err(problem::bad_request(error, &format!("the body must be {media_type}")));
    }
    match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => {
            let body = http_problem::json(error, "a body has at most 64 KiB, and must arrive in whole");
            Err((StatusCode::PAYLOAD_TOO_LARGE, body).into_response())
        }
        Err(_) => {
            let body = http_problem::json(error, "the body did not arrive in time");
            Err((StatusCode::REQUEST_TIMEOUT, body).into_response())
        }
    }
}
