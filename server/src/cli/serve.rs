//! `portcullis serve`: the program against the operator's own databases.

use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::config::Config;
use crate::flow::Portcullis;
use crate::flow::doctor::{self, Dangers};
use crate::flow::enrol_factor::missing_keys;
use crate::flow::watch_drift::{Watch, keep_looking};
use crate::flow::{index_calls, migrate, pause, people, set_up, watch_usage};
use crate::http;
use crate::model::drift::{FindingKind, Risk};
use crate::wiring;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

/// How long calls that nobody waits for may take to end once the last answer has left.
const LAST_WORDS: Duration = Duration::from_secs(5);

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
    if config.warehouse.lock.is_named && config.warehouse.lock.lock.is_none() {
        return Err(CommandFailure::of(format!(
            "there is no surface lock at `{}`, which the configuration names: run `portcullis surface lock`",
            config.warehouse.lock.path.display()
        )));
    }
    let drift = examine_roles(&portcullis).await?;
    let listener = listen(config.server.listen).await?;
    tracing::info!(listen = %listener.local_addr()?, public_url = %config.server.public_url, "serving");
    let mut chores = chores(&portcullis);
    chores.spawn(keep_looking(portcullis.clone(), drift));
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
    let served = http::serve(wiring::site(&config, portcullis.clone()), listener, stopped()).await;
    // Those whose client is gone still owe the record their outcome.
    if tokio::time::timeout(LAST_WORDS, portcullis.settled()).await.is_err() {
        tracing::warn!(
            "some calls were still at work at the end; each stands in the record without an outcome"
        );
    }
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

/// Looks at what the roles can do before anybody is let in. What is too dangerous ends the start, unless the profile names
/// the danger; then each start says so.
async fn examine_roles(portcullis: &Portcullis) -> Result<Watch, CommandFailure> {
    let examined = doctor::examine(portcullis).await;
    let Dangers { refused, tolerated } = doctor::dangers(portcullis, &examined);
    for (profile, finding) in &tolerated {
        let risks: Vec<&str> = finding.risks.iter().copied().map(Risk::word).collect();
        tracing::error!(%profile, risks = risks.join(", "), "tolerated, as the configuration says: {}", finding.message);
    }
    for finding in examined.iter().flat_map(|examined| &examined.findings) {
        // It may come later; each call says so until it does.
        if finding.kind == FindingKind::NoWayIn {
            tracing::warn!("{}", finding.message);
        }
    }
    if !refused.is_empty() {
        let lines = refused.iter().map(|(profile, finding)| {
            let risks: Vec<String> = finding.risks.iter().map(|risk| format!("{:?}", risk.word())).collect();
            format!("\n  profiles.{profile}: {} (tolerate = [{}])", finding.message, risks.join(", "))
        });
        let lines: String = lines.collect();
        return Err(CommandFailure::of(format!(
            "the roles in the warehouse can do more than they should; `portcullis doctor` tells how to mend it:{lines}"
        )));
    }
    let mut watch = Watch::default();
    if let Err(error) = watch.notice(portcullis, &examined).await {
        tracing::warn!(%error, "a drift of the warehouse cannot be kept as an alert");
    }
    Ok(watch)
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
