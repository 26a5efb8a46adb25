//! A request to an address that the operator named. It may lie within their own network, so nothing is asked of where it
//! is; but whoever answers must prove the name, except on this very machine.

use super::NotFetched;
use super::wire::{USER_AGENT as AGENT, encrypt, exchange, unreachable};
use crate::model::certificate::bare;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::http::uri::{PathAndQuery, Uri};
use hyper::{Request, Response};
use std::time::Duration;
use tokio::net::TcpStream;
use url::Url;

/// For all of it: the name, the connection, the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Nothing of an answer matters but its status.
const MOST_BYTES: usize = 16 << 10;

/// Sends JSON, signed; it has arrived where the answer is a success.
pub async fn post(url: &Url, signature: &str, json: String) -> Result<(), NotFetched> {
    let request = Request::post(url.as_str())
        .header(CONTENT_TYPE, "application/json")
        .header("portcullis-signature", signature)
        .body(Bytes::from(json))
        .map_err(unreachable)?;
    match send(request).await?.status() {
        status if status.is_success() => Ok(()),
        status => Err(NotFetched::Status(status.as_u16())),
    }
}

/// Sends a request to where its URI says, whatever the answer.
pub async fn send(request: Request<Bytes>) -> Result<Response<Bytes>, NotFetched> {
    tokio::time::timeout(PATIENCE, send_patiently(request)).await.map_err(|_| NotFetched::Late)?
}

async fn send_patiently(request: Request<Bytes>) -> Result<Response<Bytes>, NotFetched> {
    let (mut head, body) = request.into_parts();
    let uri = std::mem::take(&mut head.uri);
    let authority = uri.authority().ok_or(NotFetched::NoAddress)?;
    let is_secure = uri.scheme_str() == Some("https");
    let host = bare(authority.host());
    let port = authority.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    head.uri = Uri::from(uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/")));
    head.headers.insert(HOST, HeaderValue::from_str(authority.as_str()).map_err(unreachable)?);
    head.headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    let request = Request::from_parts(head, Full::new(body));
    let stream = TcpStream::connect((host, port)).await.map_err(unreachable)?;
    if is_secure {
        exchange(encrypt(stream, host).await?, request, MOST_BYTES).await
    } else {
        exchange(stream, request, MOST_BYTES).await
    }
}
