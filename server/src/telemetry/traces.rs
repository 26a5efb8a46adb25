//! Traces of calls, sent by OTLP over HTTP to a collector that the operator named.
//!
//! They are spans of the layers and of what stands around them, never an event: no statement, no row and no secret is an
//! attribute of one.

use super::interest::only;
use super::span::TARGET;
use crate::fetch;
use async_trait::async_trait;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::registry::LookupSpan;
use url::Url;

/// Where traces go.
#[derive(Debug, Clone, PartialEq)]
pub struct Destination {
    pub endpoint: Url,
    pub service_name: String,
    /// Which part of the traces that begin here is kept; one that began elsewhere is kept where its beginner keeps it.
    pub sample: f64,
}

/// Sends spans, in batches and beside the calls.
pub struct Exporter(SdkTracerProvider);

impl Exporter {
    pub fn start(destination: &Destination) -> Result<Self, ExporterBuildError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector { runtime: Handle::current(), is_away: AtomicBool::new(false) })
            .with_endpoint(destination.endpoint.as_str())
            .build()?;
        let resource = Resource::builder().with_service_name(destination.service_name.clone()).build();
        let root = Sampler::TraceIdRatioBased(destination.sample);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .with_sampler(Sampler::ParentBased(Box::new(root)))
            .build();
        Ok(Self(provider))
    }

    /// What listens to spans.
    #[must_use]
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("portcullis"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(only::<S>(|metadata| metadata.target() == TARGET, LevelFilter::DEBUG))
    }

    /// Sends what is still here. This waits for the collector, so it is no work for a thread of the runtime.
    pub fn stop(self) {
        if let Err(error) = self.0.shutdown() {
            tracing::warn!(%error, "the last traces could not be delivered");
        }
    }
}

/// The collector, reached through the program's own door outward.
#[derive(Debug)]
struct Collector {
    runtime: Handle,
    is_away: AtomicBool,
}

#[async_trait]
impl HttpClient for Collector {
    /// Called by a thread of the library's own, which knows nothing of the runtime.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = self.runtime.spawn(fetch::send(request)).await?;
        let fault = match &sent {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(format!("it answered {}", response.status().as_u16())),
            Err(fault) => Some(fault.to_string()),
        };
        let was_away = self.is_away.swap(fault.is_some(), Ordering::Relaxed);
        if let Some(fault) = fault.filter(|_| !was_away) {
            tracing::warn!(fault, "traces cannot be delivered to the collector");
        }
        Ok(sent?)
    }
}
