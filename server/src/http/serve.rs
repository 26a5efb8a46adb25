//! Serving until told to stop.
//!
//! A connection costs a descriptor, and whoever opens one decides how fast they speak. So there are so many seats
//! ([`super::seats`]), and a head that does not arrive in its time ends its connection.

use super::router::{Site, router};
use super::seats::{Seat, Seats};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long answers in flight may take once the program was told to stop, or their connection to leave.
const DRAIN: Duration = Duration::from_secs(10);
/// How long a connection may rest, and the head of a request may take. Proxies keep a connection for a minute at rest; one
/// that we closed first would fail under the request that they send just then.
const HEAD: Duration = Duration::from_secs(75);
/// Where there is no descriptor left, the next attempt waits for one to be given back.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then lets answers in flight end.
pub async fn serve(
    site: Site,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let seats = Seats::new(site.connections);
    let router = router(site);
    let connections = TaskTracker::new();
    let admitting = async {
        loop {
            let (stream, peer) = accept(&listener).await;
            let seat = seats.take().await;
            connections.spawn(attend(stream, peer, router.clone(), seat));
        }
    };
    tokio::select! {
        () = admitting => {}
        () = stop => tracing::info!("stopping"),
    }
    drop(listener);
    seats.close();
    connections.close();
    if timeout(DRAIN, connections.wait()).await.is_err() {
        tracing::warn!("some answers were still on their way after {} s", DRAIN.as_secs());
    }
    Ok(())
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // An answer is written at once; nothing would come to fill the packet up.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection ended as it began");
                }
                return (stream, peer);
            }
            // The connection is gone, not the listener.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(NO_DESCRIPTOR).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn attend(stream: TcpStream, peer: SocketAddr, router: Router, seat: Arc<Seat>) {
    let service = service_fn(|mut request: Request<Incoming>| {
        let attended = seat.attend();
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request.map(Body::new));
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
        () = seat.asked_to_leave() => {
            connection.as_mut().graceful_shutdown();
            timeout(DRAIN, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
