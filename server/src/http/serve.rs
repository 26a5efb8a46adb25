//! Serving until told to stop.
//!
//! A connection costs a descriptor, and whoever opens one decides how fast they speak. So there are so many seats
//! ([`super::seats`]), and a handshake or a head that does not arrive in its time ends its connection ([`super::attend`]).

use super::attend::{Arrival, FIRST_WORDS, LAST_WORDS, attend};
use super::router::{Site, router};
use super::seats::Seats;
use crate::flow::{Portcullis, drain};
use crate::model::certificate::Certificate;
use axum::Router;
use std::future::Future;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

/// Where there is no descriptor left, the next attempt waits for one to be given back.
const NO_DESCRIPTOR: Duration = Duration::from_millis(50);

/// What is served at this moment. Every request is answered by one site from its beginning to its end, however often it is
/// replaced meanwhile.
#[derive(Clone)]
pub struct Sites {
    current: watch::Sender<(Router, Portcullis)>,
    /// By what the next connection is greeted. One that was greeted stays, whatever comes after.
    certificate: watch::Sender<Option<Certificate>>,
    connections: usize,
}

impl Sites {
    #[must_use]
    pub fn new(site: Site) -> Self {
        let connections = site.connections;
        let certificate = watch::Sender::new(site.certificate.clone());
        Self { current: watch::Sender::new(served(site)), certificate, connections }
    }

    /// Serves this one from the next request on.
    pub fn replace(&self, site: Site) {
        self.certificate.send_replace(site.certificate.clone());
        drop(self.current.send_replace(served(site)));
    }

    /// Shows this certificate from the next connection on.
    pub fn renew(&self, certificate: Certificate) {
        self.certificate.send_replace(Some(certificate));
    }

    #[must_use]
    pub fn portcullis(&self) -> Portcullis {
        self.current.borrow().1.clone()
    }

    pub(super) fn router(&self) -> Router {
        self.current.borrow().0.clone()
    }

    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.certificate.borrow().clone()
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
            let arrival = accept(&listener).await;
            let seat = seats.take().await;
            connections.spawn(attend(arrival, sites.clone(), seat, patience));
        }
    };
    tokio::select! {
        () = admitting => {}
        () = stop => tracing::info!("stopping"),
    }
    for arrival in waiting(listener)? {
        let Ok(seat) = timeout(FIRST_WORDS, seats.take()).await else { break };
        connections.spawn(attend(arrival, sites.clone(), seat, patience));
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
fn waiting(listener: TcpListener) -> std::io::Result<Vec<Arrival>> {
    let listener = listener.into_std()?;
    let mut waiting = Vec::new();
    // It does not wait: where nobody stands before the door, that is an error.
    while let Ok((stream, peer)) = listener.accept() {
        stream.set_nonblocking(true)?;
        waiting.push((TcpStream::from_std(stream)?, peer));
    }
    Ok(waiting)
}

async fn accept(listener: &TcpListener) -> Arrival {
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
