//! The spans around the layers of a call: its HTTP request, and the MCP message in it.
//!
//! Names follow OpenTelemetry's conventions for HTTP and for the Model Context Protocol. Where whoever asks keeps a trace of
//! their own (W3C Trace Context), ours goes on with it.

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

/// Spans of traces, at a level that a log does not tell by default.
pub(super) const TARGET: &str = "portcullis::layer";

/// The trace that a caller keeps, as they sent it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sent<'a> {
    pub traceparent: Option<&'a str>,
    pub tracestate: Option<&'a str>,
}

impl Extractor for Sent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => self.traceparent,
            "tracestate" => self.tracestate,
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

/// An HTTP request to the MCP endpoint.
#[must_use]
pub fn request(method: &str, id: Option<Uuid>, sent: Sent<'_>) -> Span {
    let span = tracing::debug_span!(
        target: TARGET,
        "http",
        otel.name = format!("{method} /mcp/sql/"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = "/mcp/sql/",
        http.response.status_code = Empty,
        portcullis.request.id = id.map(tracing::field::display),
    );
    go_on(&span, sent);
    span
}

/// How it was answered.
pub fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A tool call, by a name that is one of ours, in the span of the request that brought it. That is not the current one
/// where the log hears the protocol library's own.
#[must_use]
pub fn call(
    tool: &str,
    id: impl std::fmt::Display,
    version: Option<&str>,
    sent: Sent<'_>,
    request: &Span,
) -> Span {
    let span = tracing::debug_span!(
        target: TARGET,
        parent: request,
        "call",
        otel.name = format!("tools/call {tool}"),
        otel.kind = "server",
        otel.status_code = Empty,
        mcp.method.name = "tools/call",
        mcp.protocol.version = version,
        jsonrpc.request.id = %id,
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = tool,
        network.transport = "tcp",
        network.protocol.name = "http",
        error.type = Empty,
    );
    if sent.traceparent.is_some() && !span.is_disabled() {
        // The message has a parent of its own; the request that brought it is told beside.
        span.add_link(request.context().span().span_context().clone());
        go_on(&span, sent);
    }
    span
}

/// The tool could not do what it was asked for.
pub fn failed(span: &Span) {
    span.record("error.type", "tool_error");
    span.record("otel.status_code", "ERROR");
}

fn go_on(span: &Span, sent: Sent<'_>) {
    if sent.traceparent.is_some() && !span.is_disabled() {
        // Only a span that is no part of any trace cannot go on with one.
        let _ = span.set_parent(TraceContextPropagator::new().extract(&sent));
    }
}
