//! TLS where the program speaks it itself: the handshake, and a word to whoever comes without one.

use crate::model::certificate::Certificate;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How long a handshake may take: two or three round trips, and what a telephone needs to wake up.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// With this byte a client begins to speak TLS: a record of the handshake (RFC 8446, section 5.1). No word of HTTP does.
const BEGINNING: u8 = 22;
/// Nobody is sent on to https: what they sent in the clear, a token perhaps, is known to the network by now.
const IN_THE_CLEAR: &str = "this port speaks TLS: use https\n";

/// The connection once its handshake is over; none where it came to nothing, or took too long.
pub(super) async fn greet(stream: TcpStream, certificate: &Certificate) -> Option<TlsStream<TcpStream>> {
    match timeout(HANDSHAKE, begin(stream, certificate)).await {
        Ok(Ok(greeted)) => greeted,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection ended in its handshake");
            None
        }
        Err(_) => {
            tracing::debug!("a handshake took longer than {} s", HANDSHAKE.as_secs());
            None
        }
    }
}

async fn begin(stream: TcpStream, certificate: &Certificate) -> io::Result<Option<TlsStream<TcpStream>>> {
    let mut first = [0];
    match stream.peek(&mut first).await? {
        0 => Ok(None),
        _ if first == [BEGINNING] => TlsAcceptor::from(certificate.config()).accept(stream).await.map(Some),
        _ => explain(stream).await.map(|()| None),
    }
}

/// Answers what was sent in the clear, whatever it asks for.
async fn explain(stream: TcpStream) -> io::Result<()> {
    let answer = service_fn(|_: Request<Incoming>| {
        let answer = Response::builder()
            .status(StatusCode::BAD_REQUEST)
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(IN_THE_CLEAR.to_owned());
        std::future::ready(answer)
    });
    let mut http = http1::Builder::new();
    let connection =
        http.timer(TokioTimer::new()).keep_alive(false).serve_connection(TokioIo::new(stream), answer);
    connection.await.map_err(io::Error::other)
}
