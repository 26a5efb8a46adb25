//! A form that somebody sent, once it is certain that they meant to.

use super::browser::Browser;
use crate::http::router::Site;
use crate::http::{csrf, problem};
use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A form at most.
const MOST_BYTES: usize = 64 << 10;
/// How long a browser may take to send one.
const PATIENCE: Duration = Duration::from_secs(20);

/// The fields of a form. There is no other way to them, and none past the check: the token of the form is compared
/// before anything else of it is read.
pub(crate) struct Form<T>(pub(crate) T);

/// A form without fields of its own, like a button.
#[derive(serde::Deserialize)]
pub(crate) struct Nothing {}

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let media_type =
            parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let text = "A form of this site has the type application/x-www-form-urlencoded.";
            return Err(problem::rendered(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is no form", text));
        }
        if !csrf::is_from_here(site, &parts.headers) {
            return Err(forged("another site"));
        }
        let browser = Browser::from_request_parts(&mut parts, site).await?;
        let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => {
                let text = "A form has at most 64 KiB, and must arrive in whole.";
                return Err(problem::rendered(StatusCode::PAYLOAD_TOO_LARGE, "This form is too large", text));
            }
            Err(_) => {
                let text = "The form did not arrive in time. Go back and send it again.";
                return Err(problem::rendered(StatusCode::REQUEST_TIMEOUT, "This form is too slow", text));
            }
        };
        if !browser.csrf.is_borne_by(&bytes) {
            return Err(forged("an old or foreign page"));
        }
        serde_html_form::from_bytes(&bytes).map(Self).map_err(|_| {
            let text =
                "A field is missing, or there is one too many. Go back, load the page again, and try again.";
            problem::rendered(StatusCode::BAD_REQUEST, "This form cannot be read", text)
        })
    }
}

fn forged(from: &str) -> Response {
    tracing::warn!("a form was refused: it came from {from}");
    let text = "It was sent from another site, or the page was open for too long. Nothing was changed. \
                Go back, load the page again, and try again.";
    problem::rendered(StatusCode::FORBIDDEN, "This form was not sent from here", text)
}
