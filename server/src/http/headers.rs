//! Around every request: an identity for it, a log line, the headers that every answer bears, and a net under our own
//! faults.

use super::extract::caller;
use super::visit::Visit;
use super::{problem, router::Site};
use crate::model::measure;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::net::SocketAddr;
use std::time::Instant;
use tracing::Instrument;

/// No script, nothing from elsewhere, no frames.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

pub(super) async fn around(State(site): State<Site>, mut request: Request<Body>, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let caller = match caller::of(&site, peer, request.headers()) {
        Ok(caller) => caller,
        Err(error) => return problem::our_fault(&error),
    };
    let request_id = caller.request_id;
    let span = tracing::info_span!("request", id = %request_id, method = %request.method(), path = loggable(request.uri().path()));
    let visit = Visit::of(&site, request_id, request.uri(), request.headers());
    request.extensions_mut().insert(caller);
    let answered = async move {
        let begun = Instant::now();
        let secure = site.public_url.scheme() == "https";
        let mut response = next.run(request).await;
        let status = response.status().as_u16();
        metrics::counter!(measure::ANSWERS, "status" => class(status)).increment(1);
        metrics::histogram!(measure::ANSWER_SECONDS).record(begun.elapsed());
        tracing::debug!(status = response.status().as_u16(), took = ?begun.elapsed(), "answered");
        dress(response.headers_mut(), secure);
        if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span);
    visit.during(answered).await
}

/// `2xx` and so on.
const fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// The path for the log, without the secret that a set-up link has in it.
fn loggable(path: &str) -> &str {
    if path.starts_with("/setup/") { "/setup/..." } else { path }
}

fn dress(headers: &mut HeaderMap, secure: bool) {
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}
