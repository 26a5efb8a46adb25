//! One connection: its handshake, where there is one, and the answers to its requests.

use super::seats::Seat;
use super::serve::Sites;
use super::tls;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::time::timeout;
use tower::ServiceExt;

/// How long it may take to write down and tell that a statement was cut short.
pub(super) const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long a new connection may take to ask for something while the program ends.
pub(super) const FIRST_WORDS: Duration = Duration::from_secs(1);
/// How long a connection may rest, and the head of a request may take. Proxies keep a connection for a minute at rest; one
/// that we closed first would fail under the request that they send just then.
const HEAD: Duration = Duration::from_secs(75);

/// Somebody who connected, and from where.
pub(super) type Arrival = (TcpStream, SocketAddr);

/// Answers the requests of one connection. Whoever has not finished their handshake asks for nothing, and makes room for
/// others like any connection at rest.
pub(super) async fn attend((stream, peer): Arrival, sites: Sites, seat: Arc<Seat>, patience: Duration) {
    let Some(certificate) = sites.certificate() else {
        return converse((stream, peer), sites, seat, patience).await;
    };
    let spoke = Notify::new();
    let greeted = tokio::select! {
        greeted = tls::greet(stream, &certificate) => greeted,
        () = asked_to_leave(&seat, &spoke) => None,
    };
    if let Some(stream) = greeted {
        converse((stream, peer), sites, seat, patience).await;
    }
}

async fn converse<S>((stream, peer): (S, SocketAddr), sites: Sites, seat: Arc<Seat>, patience: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let spoke = Notify::new();
    let service = service_fn(|mut request: Request<Incoming>| {
        let attended = seat.attend();
        spoke.notify_one();
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = sites.router().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await;
            drop(attended);
            answer
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = asked_to_leave(&seat, &spoke) => {
            connection.as_mut().graceful_shutdown();
            timeout(patience + LAST_WORDS, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Ready once this connection should end as soon as it owes no answer.
async fn asked_to_leave(seat: &Seat, spoke: &Notify) {
    seat.asked_to_leave().await;
    // Whoever has only just connected is about to ask. Thrown out now, they could not know whether they were heard.
    if seat.is_at_the_end() {
        let _ = timeout(FIRST_WORDS, spoke.notified()).await;
    }
}
