//! Serving until told to stop.

use super::router::{Site, router};
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long answers in flight may take once the program was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `stop` is ready, then lets answers in flight end.
pub async fn serve(
    site: Site,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
    let (told, mut hears) = tokio::sync::watch::channel(false);
    let drained = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping");
        let _ = told.send(true);
    });
    let too_late = async {
        let _ = hears.wait_for(|told| *told).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = drained => ended,
        () = too_late => {
            tracing::warn!("some answers were still on their way after {} s", DRAIN.as_secs());
            Ok(())
        }
    }
}
