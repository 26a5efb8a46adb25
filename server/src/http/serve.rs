//! Serving until told to stop.
//!
//! A connection costs a descriptor, and whoever opens one decides how fast they speak. So there are so many seats
//! ([`super::seats`]), and a head that does not arrive in its time ends its connection.

use super::router::{Site, router};
use super::seats::{Seat, Seats};
use crate::flow::{Portcullis, drain};
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
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long it may take to write down and tell that a statement was cut short.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How long a new connection may take to ask for something while the program ends.
const FIRST_WORDS: Duration = Duration::from_secs(1);
/// How long a connection may rest, and the head of a request may take. Proxies keep a connection for a minute at rest; one
/// that we closed first would fail under the request that they send just then.
const HEAD: Duration = Duration::from_secs(75);
/// Where there is no descriptor left, the next attempt waits for one to be given back.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);

/// What is served at this moment. Every request is answered by one site from its beginning to its end, however often it is
/// replaced meanwhile.
#[derive(Clone)]
pub struct Sites {
    current: watch::Sender<(Router, Portcullis)>,
    connections: usize,
}

impl Sites {
    #[must_use]
    pub fn new(site: Site) -> Self {
        let connections = site.connections;
        Self { current: watch::Sender::new(served(site)), connections }
    }

    /// Serves this one from the next request on.
    pub fn replace(&self, site: Site) {
        drop(self.current.send_replace(served(site)));
    }

    #[must_use]
    pub fn portcullis(&self) -> Portcullis {
        self.current.borrow().1.clone()
    }

    fn router(&self) -> Router {
        self.current.borrow().0.clone()
    }
}

fn served(site: Site) -> (Router, Portcullis) {
    let portcullis = site.portcullis.clone();
    (router(site), portcullis)
}

/// Serves until `stop` is ready. Then nobody is let in any more, and answers in flight have as long as `patience` to end;
/// what is still being read after that is cancelled, on record.
pub async fn serve(
    sites: Sites,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
    patience: Duration,
) -> std::io::Result<()> {
    let seats = Seats::new(sites.connections);
    let connections = TaskTracker::new();
    let admitting = async {
        loop {
            let (stream, peer) = accept(&listener).await;
            let seat = seats.take().await;
            connections.spawn(attend(stream, peer, sites.clone(), seat, patience));
        }
    };
    tokio::select! {
        () = admitting => {}
        () = stop => tracing::info!("stopping"),
    }
    for (stream, peer) in waiting(listener)? {
        let Ok(seat) = timeout(FIRST_WORDS, seats.take()).await else { break };
        connections.spawn(attend(stream, peer, sites.clone(), seat, patience));
    }
    drain::begin(&sites.portcullis());
    seats.close();
    connections.close();
    if timeout(patience, connections.wait()).await.is_err() {
        let cut_short = drain::cut_short(&sites.portcullis());
        tracing::warn!(cut_short, "some answers were still on their way after {} s", patience.as_secs());
        let _ = timeout(LAST_WORDS, connections.wait()).await;
    }
    Ok(())
}

/// Closes the listener, and hands over those whom the system had connected before: they see an open door, and would find
/// themselves thrown out.
fn waiting(listener: TcpListener) -> std::io::Result<Vec<(TcpStream, SocketAddr)>> {
    let listener = listener.into_std()?;
    let mut waiting = Vec::new();
    // It does not wait: where nobody stands before the door, that is an error.
    while let Ok((stream, peer)) = listener.accept() {
        stream.set_nonblocking(true)?;
        waiting.push((TcpStream::from_std(stream)?, peer));
    }
    Ok(waiting)
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
async fn attend(stream: TcpStream, peer: SocketAddr, sites: Sites, seat: Arc<Seat>, patience: Duration) {
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
    let asked_to_leave = async {
        seat.asked_to_leave().await;
        // Whoever has only just connected is about to ask. Thrown out now, they could not know whether they were heard.
        if seat.is_at_the_end() {
            let _ = timeout(FIRST_WORDS, spoke.notified()).await;
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = asked_to_leave => {
            connection.as_mut().graceful_shutdown();
            timeout(patience, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
