//! Browsers and agents, over a real network connection to one of several programs.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use hyper::http::request::Builder;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How people and agents reach the programs, whichever of them the balancer chooses.
pub(crate) const PUBLIC: &str = "127.0.0.1:8700";

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.body))
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get("location").map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.body.split_once(before).unwrap_or_else(|| panic!("no {before:?}: {}", self.body)).1;
        rest.split_once(after).unwrap().0
    }
}

pub(crate) async fn send(to: SocketAddr, request: Builder, body: String) -> std::io::Result<Answer> {
    speak(TcpStream::connect(to).await?, request, body).await
}

/// One request on a connection that is open already.
pub(crate) async fn speak<S>(stream: S, request: Builder, body: String) -> std::io::Result<Answer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(std::io::Error::other)?;
    tokio::spawn(connection);
    let request = request.header(HOST, PUBLIC).body(Full::new(Bytes::from(body))).unwrap();
    let answer = sender.send_request(request).await.map_err(std::io::Error::other)?;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?.to_bytes();
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    })
}

/// One POST to the MCP endpoint that calls a tool.
pub(crate) async fn call(to: SocketAddr, token: &str, sql: &str) -> std::io::Result<Answer> {
    let request = Request::post("/mcp/sql/")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .header("accept", "application/json, text/event-stream");
    let params = json!({ "name": "run_query", "arguments": { "sql": sql } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    send(to, request, message.to_string()).await
}

/// What a tool told in a structured way.
pub(crate) async fn query(to: SocketAddr, token: &str, sql: &str) -> Value {
    let answer = call(to, token, sql).await.unwrap();
    let told = answer.json()["result"]["structuredContent"].clone();
    assert!(told.is_object(), "{}", answer.body);
    told
}

/// The rows of an answer, without their fence.
pub(crate) fn rows(told: &Value) -> Value {
    let text = told["rows"].as_str().unwrap_or_else(|| panic!("no rows: {told}"));
    let (open, rest) = text.split_once(">\n").unwrap();
    let name = open.strip_prefix('<').unwrap();
    serde_json::from_str(rest.strip_suffix(&format!("\n</{name}>")).unwrap()).unwrap()
}

/// A browser as far as it matters: it keeps cookies, and sends forms from the page that it shows.
#[derive(Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
}

impl Browser {
    pub(crate) async fn get(&mut self, to: SocketAddr, path: &str) -> Answer {
        self.send(to, Request::get(path), String::new()).await
    }

    pub(crate) async fn submit(&mut self, to: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields = fields.iter().copied().chain([("csrf", csrf.as_str())]);
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("origin", "null")
            .header("sec-fetch-site", "same-origin");
        self.send(to, request, form).await
    }

    async fn send(&mut self, to: SocketAddr, request: Builder, body: String) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = send(to, request.header(COOKIE, cookies.join("; ")), body).await.unwrap();
        for cookie in answer.headers.get_all(SET_COOKIE) {
            let (pair, attributes) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if answer.body.contains("name=\"csrf\" value=\"") {
            answer.between("name=\"csrf\" value=\"", "\"").clone_into(&mut self.csrf);
        }
        answer
    }
}
