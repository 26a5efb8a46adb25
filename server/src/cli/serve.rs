//! `portcullis serve`: the program against the operator's own databases.

use super::{CommandFailure, FileArgs, load, put_together};
use crate::flow::migrate;
use crate::http;
use crate::wiring;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let portcullis = put_together(&config)?;
    match migrate::pending(&portcullis).await {
        Ok(0) => {}
        Ok(n) => {
            return Err(CommandFailure::of(format!(
                "the store lacks {n} migration(s): run `portcullis migrate` first"
            )));
        }
        // It may come later; each request says so until it does.
        Err(error) => tracing::warn!(%error, "the store is away"),
    }
    let listener = listen(config.server.listen).await?;
    tracing::info!(listen = %listener.local_addr()?, public_url = %config.server.public_url, "serving");
    Ok(http::serve(wiring::site(&config, portcullis), listener, stopped()).await?)
}

pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, CommandFailure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| CommandFailure::of(format!("cannot listen on {address}: {error}; is it in use?")))
}

/// Ready once somebody asks the program to stop: Ctrl-C, SIGTERM, or a terminal that closed.
pub(super) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    match (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
        (Ok(mut terminate), Ok(mut hangup)) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        }
        _ => {
            let _ = interrupt.await;
        }
    }
}
