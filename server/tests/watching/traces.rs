//! Traces, against a collector that decodes what OTLP brings.

use crate::listening::listen;
use crate::support::{House, request};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};
use server::telemetry::{Destination, Exporter};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt;

/// The bodies that came, as protobuf.
type Received = Arc<Mutex<Vec<Bytes>>>;

async fn collector() -> (Destination, Received) {
    let received = Received::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap()).parse().unwrap();
    let keep = async |State(received): State<Received>, body: Bytes| {
        received.lock().unwrap().push(body);
    };
    let router = Router::new().route("/v1/traces", post(keep)).with_state(Arc::clone(&received));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (Destination { endpoint, service_name: "a-portcullis".to_owned(), sample: 0.0 }, received)
}

fn text(span: &Span, key: &str) -> String {
    let attribute = span.attributes.iter().find(|attribute| attribute.key == key);
    match attribute.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(Any::StringValue(text)) => text.clone(),
        Some(Any::IntValue(number)) => number.to_string(),
        other => panic!("{key}: {other:?} in {:?}", span.attributes),
    }
}

/// What the collector got of two calls: one in a trace that its HTTP request belongs to, and one whose message names
/// another parent.
struct Kept {
    spans: Vec<Span>,
    bytes: Vec<u8>,
    service: String,
}

impl Kept {
    fn one<'a>(&'a self, trace: &'a str, name: &str) -> &'a Span {
        let found: Vec<_> = self.of(trace).filter(|span| span.name == name).collect();
        assert_eq!(
            found.len(),
            1,
            "{name}: {:?}",
            self.spans.iter().map(|span| &span.name).collect::<Vec<_>>()
        );
        found[0]
    }

    fn of<'a>(&'a self, trace: &'a str) -> impl Iterator<Item = &'a Span> {
        self.spans.iter().filter(move |span| data_encoding::HEXLOWER.encode(&span.trace_id) == trace)
    }
}

async fn traced(calls: &[(Option<&str>, Value)]) -> Kept {
    let (destination, received) = collector().await;
    let house = House::new().await;
    let token = house.token().await;
    let exporter = Exporter::start(&destination).unwrap();
    // The log may hear spans of the protocol library, which are none of the trace.
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::sink);
    let listening = listen(tracing_subscriber::registry().with(exporter.layer()).with(log));
    for (traceparent, params) in calls {
        let message = json!({ "jsonrpc": "2.0", "id": "call-7", "method": "tools/call", "params": params });
        let mut request = request(&token);
        if let Some(traceparent) = traceparent {
            request = request.header("traceparent", *traceparent);
        }
        let answer = house.send(request.body(Body::from(message.to_string())).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    drop(listening);
    tokio::task::spawn_blocking(|| exporter.stop()).await.unwrap();
    let bodies = received.lock().unwrap().clone();
    let mut kept = Kept { spans: Vec::new(), bytes: bodies.concat(), service: String::new() };
    for body in bodies {
        for of_resource in ExportTraceServiceRequest::decode(body).unwrap().resource_spans {
            kept.service = format!("{:?}", of_resource.resource);
            kept.spans.extend(of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    kept
}

const REQUESTS: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const MESSAGES: &str = "0af7651916cd43dd8448eb211c80319c";

#[tokio::test]
async fn a_call_is_a_tree_of_spans_in_the_trace_of_whoever_asks() {
    let sql = "select 'a-literal' from orders limit 1";
    let call = json!({ "name": "run_query", "arguments": { "sql": sql } });
    let mut with_parent = json!({ "name": "run_query", "arguments": { "sql": "select pg_sleep(9)" } });
    with_parent["_meta"] = json!({ "traceparent": format!("00-{MESSAGES}-b7ad6b7169203331-01") });
    let of_request = format!("00-{REQUESTS}-00f067aa0ba902b7-01");
    let kept = traced(&[
        (Some(of_request.as_str()), call.clone()),
        (Some(of_request.as_str()), with_parent),
        (None, call),
    ])
    .await;
    assert!(kept.service.contains("a-portcullis"), "{}", kept.service);

    let requests: Vec<_> = kept.of(REQUESTS).filter(|span| span.name == "POST /mcp/sql/").collect();
    assert_eq!(requests.len(), 2, "what begins here is not sampled, what began elsewhere is");
    let call = kept.one(REQUESTS, "tools/call run_query");
    let request = requests.iter().find(|request| request.span_id == call.parent_span_id).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(&request.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(text(request, "http.request.method"), "POST");
    assert_eq!(text(request, "http.response.status_code"), "200");
    for (key, value) in [
        ("mcp.method.name", "tools/call"),
        ("gen_ai.operation.name", "execute_tool"),
        ("gen_ai.tool.name", "run_query"),
        ("jsonrpc.request.id", "call-7"),
    ] {
        assert_eq!(text(call, key), value);
    }
    for layer in ["attempt", "gate", "begin", "execute", "outcome", "encode"] {
        assert_eq!(kept.one(REQUESTS, layer).parent_span_id, call.span_id, "{layer}");
    }
    let mut authenticated = kept.of(REQUESTS).filter(|span| span.name == "authenticate");
    assert!(authenticated.any(|span| span.parent_span_id == request.span_id));

    // The message's own parent counts, and the request that brought it is told beside.
    let refused = kept.one(MESSAGES, "tools/call run_query");
    assert_eq!(data_encoding::HEXLOWER.encode(&refused.parent_span_id), "b7ad6b7169203331");
    assert!(requests.iter().any(|request| refused.links.iter().any(|link| link.span_id == request.span_id)));
    assert_eq!(text(refused, "error.type"), "tool_error");
    assert_eq!(kept.of(MESSAGES).filter(|span| span.name == "execute").count(), 0, "nothing was run");

    let holds = |secret: &str| kept.bytes.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
    assert!(holds("run_query") && !holds("a-literal") && !holds("pg_sleep"), "a statement stands in a trace");
}
