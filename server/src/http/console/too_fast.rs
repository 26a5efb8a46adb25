//! Somebody guesses too fast, or shares an address or a name with somebody who does.

use crate::http::problem;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use std::time::Duration;

pub(super) fn too_fast(wait: Duration) -> Response {
    tracing::info!(?wait, "a guess came too early, and was not judged");
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let text = match seconds {
        0 | 1 => "There were too many wrong tries. Go back and try again in a second.".to_owned(),
        2..120 => format!("There were too many wrong tries. Go back and try again in {seconds} seconds."),
        _ => format!(
            "There were too many wrong tries. Go back and try again in {} minutes.",
            seconds.div_ceil(60)
        ),
    };
    let mut response = problem::rendered(StatusCode::TOO_MANY_REQUESTS, "Not so fast", &text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}
