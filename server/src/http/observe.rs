//! A second listener, for those who watch the program: whether it lives, whether it can work, and what it has counted. It
//! knows no secrets and asks for none, so it belongs on an address that the world cannot reach.

use crate::flow::{Portcullis, health};
use crate::model::measure;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::future::Future;
use tokio::net::TcpListener;

/// Prometheus's text format, version 0.0.4.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Clone)]
struct Watched {
    portcullis: Portcullis,
    counted: PrometheusHandle,
}

/// Begins to count. Nothing is counted before, and nobody counts twice.
pub fn begin_counting() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new().set_buckets(&measure::BUCKETS)?.install_recorder()
}

/// Serves those who watch, until `stop` is ready.
pub async fn serve_watchers(
    portcullis: Portcullis,
    counted: PrometheusHandle,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(portcullis, counted).into_make_service();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

fn router(portcullis: Portcullis, counted: PrometheusHandle) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(counts))
        .with_state(Watched { portcullis, counted })
}

/// Whether requests can be answered now: the store is there, and every migration is applied.
async fn ready(State(watched): State<Watched>) -> Response {
    match health::ready(&watched.portcullis).await {
        Ok(()) => (StatusCode::OK, "ready\n").into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response(),
    }
}

async fn counts(State(watched): State<Watched>) -> Response {
    health::gauge(&watched.portcullis).await;
    ([(CONTENT_TYPE, TEXT_FORMAT), (CACHE_CONTROL, "no-store")], watched.counted.render()).into_response()
}
