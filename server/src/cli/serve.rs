//! `portcullis serve`: the program against the operator's own databases.

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::config::Config;
use crate::flow::Portcullis;
use crate::flow::enrol_factor::missing_keys;
use crate::flow::{index_calls, migrate, pause, people, set_up, watch_usage};
use crate::http;
use crate::wiring;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

pub(super) async fn run(args: &FileArgs) -> Result<(), CommandFailure> {
    let config = load(args)?;
    let portcullis = put_together(&config)?;
    match migrate::pending(&portcullis).await {
        Ok(0) => {
            invite(&config, &portcullis).await?;
            for key in missing_keys(&portcullis).await.map_err(CommandFailure::of)? {
                tracing::error!(key, "second factors are sealed with a key that is not among those given");
            }
        }
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
    let mut chores = chores(&portcullis);
    if let Some(address) = config.watch {
        let counted = http::begin_counting().map_err(CommandFailure::of)?;
        let watchers = listen(address).await?;
        tracing::info!(listen = %watchers.local_addr()?, "telling health and metrics");
        let serving = http::serve_watchers(portcullis.clone(), counted, watchers, std::future::pending());
        chores.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "health and metrics are told no more");
            }
        });
    }
    let served = http::serve(wiring::site(&config, portcullis), listener, stopped()).await;
    chores.abort_all();
    Ok(served?)
}

/// What goes on beside the requests, for as long as the program runs.
pub(super) fn chores(portcullis: &Portcullis) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(index_calls::keep_indexing(portcullis.clone()));
    chores.spawn(watch_usage::keep_watching(portcullis.clone()));
    chores.spawn(pause::watch(portcullis.clone()));
    chores
}

/// Where nobody is known yet, prints the way in for the first administrator. It is a secret, so it goes to whoever started
/// the program and not into the log.
async fn invite(config: &Config, portcullis: &Portcullis) -> Result<(), CommandFailure> {
    if people::is_empty(portcullis).await.map_err(CommandFailure::of)? {
        let secret = set_up::make_link(portcullis, "portcullis serve").await.map_err(CommandFailure::of)?;
        say("Nobody is known yet. Set up the first administrator, once, within an hour:");
        say(format_args!("\n  {}setup/{secret}\n", config.server.public_url));
    }
    Ok(())
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
