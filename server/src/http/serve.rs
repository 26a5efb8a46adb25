//! Serving until told to stop.

use super::router::{Site, router};
use crate::flow::{Portcullis, drain};
use axum::Router;
use axum::extract::Request;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::{ServiceExt, service_fn};

/// How long it may take to write down and tell that a statement was cut short.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What is served at this moment. Every request is answered by one site from its beginning to its end, however often it is
/// replaced meanwhile.
#[derive(Clone)]
pub struct Sites {
    current: watch::Sender<(Router, Portcullis)>,
}

impl Sites {
    #[must_use]
    pub fn new(site: Site) -> Self {
        Self { current: watch::Sender::new(served(site)) }
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
    let (turn, portcullis) = (sites.clone(), sites.portcullis());
    let current = service_fn(move |request: Request| {
        let router = turn.router();
        async move { Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {})) }
    });
    let service = Router::new().fallback_service(current).into_make_service_with_connect_info::<SocketAddr>();
    let (told, mut hears) = watch::channel(false);
    let drained = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping");
        drain::begin(&portcullis);
        let _ = told.send(true);
    });
    let too_late = async {
        let _ = hears.wait_for(|told| *told).await;
        tokio::time::sleep(patience).await;
        let cut_short = drain::cut_short(&sites.portcullis());
        tracing::warn!(cut_short, "some answers were still on their way after {} s", patience.as_secs());
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        ended = drained => ended,
        () = too_late => Ok(()),
    }
}
