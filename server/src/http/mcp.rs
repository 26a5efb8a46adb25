//! The MCP endpoint: the door in front of the protocol.
//!
//! A stranger is turned away before anything else about a request is judged, because clients read other 4xx answers as a
//! sign of an older kind of server. Then the body is read once, within its cap and its time; what is no JSON-RPC message
//! is answered as the specification asks, and recorded like everything that somebody with access sends.

use super::extract::principal::principal;
use super::problem;
use super::router::Site;
use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::refuse::refuse;
use crate::mcp::Handler;
use crate::model::caller::Caller;
use crate::telemetry::Layer;
use crate::telemetry::span::{self, Sent};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONNECTION;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rmcp::model::ClientJsonRpcMessage;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tracing::Span;
use url::Url;

/// A message at most.
const MOST_BYTES: usize = 1 << 20;
/// How long a client may take to send one.
const PATIENCE: Duration = Duration::from_secs(20);

/// The endpoint's state. The router copies what it holds several times for each request, so it holds this by reference.
pub(super) struct Endpoint {
    portcullis: Portcullis,
    service: StreamableHttpService<Handler, NeverSessionManager>,
}

impl Endpoint {
    pub(super) fn new(site: &Site) -> Arc<Self> {
        let handler = Handler::new(site.portcullis.clone());
        let url = &site.public_url;
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        hosts.extend(url.host_str().map(str::to_owned));
        let mut origins: Vec<String> = with_port(url).into_iter().collect();
        if let (Some(port), "http") = (url.port_or_known_default(), url.scheme()) {
            origins.extend(["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}")));
        }
        origins.extend(site.browser_origins.iter().filter_map(|origin| with_port(&origin.parse().ok()?)));
        let config = StreamableHttpServerConfig::default()
            // No sessions: nothing that could be stolen, nothing that one instance knows and another does not.
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .with_allowed_hosts(hosts)
            .with_allowed_origins(origins)
            .enforce_origin_validation()
            .with_max_request_body_bytes(MOST_BYTES);
        let sessions = Arc::new(NeverSessionManager::default());
        let service = StreamableHttpService::new(move || Ok(handler.clone()), sessions, config);
        Arc::new(Self { portcullis: site.portcullis.clone(), service })
    }
}

/// An origin with its port written out; without one, the protocol library takes it for all ports.
fn with_port(url: &Url) -> Option<String> {
    Some(format!("{}://{}:{}", url.scheme(), url.host_str()?, url.port_or_known_default()?))
}

pub(super) async fn serve(State(endpoint): State<Arc<Endpoint>>, mut request: Request) -> Response {
    let span = span_of(&request);
    request.extensions_mut().insert(span.clone());
    let response = Layer::Http.around_in(span.clone(), Box::pin(answer(&endpoint, request))).await;
    span::answered(&span, response.status().as_u16());
    response
}

/// The span of a request, in the trace of whoever sent it, if they keep one.
fn span_of(request: &Request) -> Span {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let sent = Sent { traceparent: header("traceparent"), tracestate: header("tracestate") };
    let id = request.extensions().get::<Caller>().map(|caller| caller.request_id);
    span::request(request.method().as_str(), id, sent)
}

async fn answer(endpoint: &Endpoint, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let principal = match principal(&endpoint.portcullis, &mut parts).await {
        Ok(principal) => principal,
        Err(turned_away) => return after(body, turned_away).await,
    };
    if parts.method != Method::POST {
        return endpoint.forward(parts, Body::empty()).await;
    }
    match read(body).await {
        Ok(bytes) => {
            parts.extensions.insert(principal);
            endpoint.forward(parts, bytes.into()).await
        }
        Err(unreadable) => endpoint.refuse(&principal, unreadable).await,
    }
}

/// Hears a stranger out, in bounds, before they are turned away: an answer that leaves before its request has arrived ends
/// the connection under a client that is still sending.
async fn after(body: Body, mut answer: Response) -> Response {
    let heard_out = tokio::time::timeout(Duration::from_secs(1), to_bytes(body, 64 << 10)).await;
    if !matches!(heard_out, Ok(Ok(_))) {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

impl Endpoint {
    async fn forward(&self, parts: Parts, body: Body) -> Response {
        self.service.handle(Request::from_parts(parts, body)).await.map(Body::new)
    }

    async fn refuse(&self, principal: &Principal, unreadable: Unreadable) -> Response {
        let why = unreadable.message.clone();
        match refuse(&self.portcullis, principal, "(none)", json!({}), why).await {
            Ok(_recorded) => unreadable.into_response(),
            Err(error) => problem::our_fault(&error),
        }
    }
}

/// A body that is no message.
struct Unreadable {
    status: StatusCode,
    /// JSON-RPC 2.0, section 5.1.
    code: i32,
    message: String,
    id: Value,
}

impl Unreadable {
    fn new(status: StatusCode, code: i32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), id: Value::Null }
    }
}

impl IntoResponse for Unreadable {
    fn into_response(self) -> Response {
        let error = json!({ "code": self.code, "message": self.message });
        (self.status, Json(json!({ "jsonrpc": "2.0", "id": self.id, "error": error }))).into_response()
    }
}

const PARSE_ERROR: i32 = -32_700;
const INVALID_REQUEST: i32 = -32_600;
const INVALID_PARAMS: i32 = -32_602;

/// One JSON-RPC message, as the bytes that it came in.
async fn read(body: Body) -> Result<axum::body::Bytes, Unreadable> {
    let bytes = match tokio::time::timeout(PATIENCE, to_bytes(body, MOST_BYTES)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            let message = format!("a message has at most {MOST_BYTES} bytes, and must arrive in whole");
            return Err(Unreadable::new(StatusCode::PAYLOAD_TOO_LARGE, INVALID_REQUEST, message));
        }
        Err(_) => {
            let message = format!("the message did not arrive within {} seconds", PATIENCE.as_secs());
            return Err(Unreadable::new(StatusCode::REQUEST_TIMEOUT, INVALID_REQUEST, message));
        }
    };
    let bad = |code, message: String| Unreadable::new(StatusCode::BAD_REQUEST, code, message);
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| bad(PARSE_ERROR, format!("no JSON: {error}")))?;
    let Value::Object(message) = &value else {
        let message = "one message is one JSON object; batches are no longer part of MCP";
        return Err(bad(INVALID_REQUEST, message.to_owned()));
    };
    if message.get("id").is_some_and(Value::is_null) {
        return Err(bad(INVALID_REQUEST, "`id` must not be null".to_owned()));
    }
    let id = message.get("id").cloned().unwrap_or_default();
    let is_tool_call = message.get("method").is_some_and(|method| method == "tools/call");
    if is_tool_call && !has_params_of_a_tool_call(message.get("params")) {
        let message = "`tools/call` needs a `name`, a string, and may have `arguments`, an object";
        return Err(Unreadable { id, ..bad(INVALID_PARAMS, message.to_owned()) });
    }
    // Reading a message into the protocol's types costs as much as a verdict, and the library does it again.
    let is_plain = (id.is_string() || id.is_i64()) && message.get("jsonrpc").is_some_and(|is| is == "2.0");
    if is_tool_call && is_plain {
        return Ok(bytes);
    }
    if let Err(error) = serde_json::from_value::<ClientJsonRpcMessage>(value) {
        return Err(Unreadable { id, ..bad(INVALID_REQUEST, format!("no message of MCP: {error}")) });
    }
    Ok(bytes)
}

/// The protocol library takes a tool call that it cannot read for a method of somebody else's.
fn has_params_of_a_tool_call(params: Option<&Value>) -> bool {
    let Some(Value::Object(params)) = params else { return false };
    let has_name = params.get("name").is_some_and(Value::is_string);
    has_name && params.get("arguments").is_none_or(|arguments| arguments.is_object() || arguments.is_null())
}
