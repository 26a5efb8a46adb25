//! A second listener, for those who watch the program: whether it lives, whether it can work, and what it has counted. It
//! knows no secrets and asks for none, so it belongs on an address that the world cannot reach.

use super::serve::Sites;
use crate::flow::health;
use crate::model::measure;
use crate::telemetry;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::future::Future;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// Prometheus's text format, version 0.0.4.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// How often measured durations are put into their buckets, whether or not anybody asks for them.
const TIDY: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Watched {
    /// The program as it is configured now; one that a reload replaced is let go, with its connections.
    sites: Sites,
    counted: PrometheusHandle,
}

/// Begins to count. Nothing is counted before, and nobody counts twice.
pub fn begin_counting() -> Result<PrometheusHandle, BuildError> {
    let layers = Matcher::Full(measure::LAYER_SECONDS.to_owned());
    let builder = PrometheusBuilder::new()
        .set_buckets(&measure::BUCKETS)?
        .set_buckets_for_metric(layers, &measure::LAYER_BUCKETS)?;
    let counted = builder.install_recorder()?;
    telemetry::begin_counting();
    Ok(counted)
}

/// Serves those who watch, until `stop` is ready.
pub async fn serve_watchers(
    sites: Sites,
    counted: PrometheusHandle,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let _tidying = AbortOnDropHandle::new(tokio::spawn(keep_tidy(counted.clone())));
    let service = router(sites, counted).into_make_service();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

/// Where nobody asks, what was measured would pile up.
async fn keep_tidy(counted: PrometheusHandle) {
    loop {
        tokio::time::sleep(TIDY).await;
        counted.run_upkeep();
    }
}

fn router(sites: Sites, counted: PrometheusHandle) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(counts))
        .with_state(Watched { sites, counted })
}

/// Whether requests can be answered now: the store is there, and every migration is applied.
async fn ready(State(watched): State<Watched>) -> Response {
    match health::ready(&watched.sites.portcullis()).await {
        Ok(()) => (StatusCode::OK, "ready\n").into_response(),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response(),
    }
}

async fn counts(State(watched): State<Watched>) -> Response {
    health::gauge(&watched.sites.portcullis()).await;
    ([(CONTENT_TYPE, TEXT_FORMAT), (CACHE_CONTROL, "no-store")], watched.counted.render()).into_response()
}
