//! `portcullis serve`: the program against the operator's own databases.

use super::reload::keep_reloading;
use super::self_test::door as own_door;
use super::{CommandFailure, FileArgs, load, put_together, say};
use crate::config::Config;
use crate::flow::Portcullis;
use crate::flow::doctor::{self, Dangers};
use crate::flow::enrol_factor::missing_keys;
use crate::flow::watch_drift::{Watch, keep_looking};
use crate::flow::{
    checkpoint_file, deliver_alerts, deliver_checkpoints, index_calls, migrate, pause, people, seal_record,
    self_test, set_up, tidy_up, watch_usage,
};
use crate::http;
use crate::model::drift::{FindingKind, Risk};
use crate::telemetry::{self, Exporter, Listeners, Log, Reporter};
use crate::wiring;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinSet;

/// How long calls that nobody waits for may take to end once the last answer has left.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What is told where `RUST_LOG` says nothing else.
const LOGGED: &str = "info,sqlx=warn";

pub(super) async fn run(args: &FileArgs, json: bool) -> Result<(), CommandFailure> {
    // From here on a hang-up is no reason to stop; one that comes early is heard once the program serves.
    let hangup = signal(SignalKind::hangup())?;
    let config = load(args)?;
    let traces = config.telemetry.as_ref().map(Exporter::start).transpose().map_err(CommandFailure::of)?;
    let errors = config.sentry.clone().map(Reporter::start);
    telemetry::begin(Log { json, default: LOGGED }, Listeners { traces: traces.as_ref(), errors });
    let served = Box::pin(serve(args, config, hangup)).await;
    if let Some(traces) = traces {
        // The last ones wait for their collector.
        let _ = tokio::task::spawn_blocking(|| traces.stop()).await;
    }
    served
}

async fn serve(args: &FileArgs, config: Config, mut hangup: Signal) -> Result<(), CommandFailure> {
    let portcullis = put_together(&config)?;
    match migrate::pending(&portcullis).await {
        Ok(0) => {
            invite(&config, &portcullis).await?;
            let ahead = migrate::ahead(&portcullis).await.map_err(CommandFailure::of)?;
            if ahead > 0 {
                tracing::warn!(
                    ahead,
                    "the store was migrated by a newer program; this one serves until it is replaced"
                );
            }
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
    has_its_locks(&config)?;
    let drift = examine_roles(&portcullis).await?;
    let listener = listen(config.server.listen).await?;
    tracing::info!(listen = %listener.local_addr()?, public_url = %config.server.public_url, "serving");
    let mut chores = begin_chores(&config, &portcullis, drift);
    let sites = http::Sites::new(wiring::site(&config, portcullis));
    let mut watching = JoinSet::new();
    if let Some(address) = config.watch {
        let counted = http::begin_counting().map_err(CommandFailure::of)?;
        let watchers = listen(address).await?;
        tracing::info!(listen = %watchers.local_addr()?, "telling health and metrics");
        let serving = http::serve_watchers(sites.clone(), counted, watchers, std::future::pending());
        watching.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "health and metrics are told no more");
            }
        });
    }
    let patience = config.server.drain;
    // The chores and the watchers end when they are dropped.
    tokio::select! {
        served = http::serve(sites.clone(), listener, stopped(), patience) => served?,
        () = keep_reloading(args, config, &sites, &mut hangup, &mut chores) => {}
    }
    // Those whose client is gone still owe the record their outcome.
    if tokio::time::timeout(LAST_WORDS, sites.portcullis().settled()).await.is_err() {
        tracing::warn!(
            "some calls were still at work at the end; each stands in the record without an outcome"
        );
    }
    Ok(())
}

/// A lock that the configuration names must be there, or what it hides would open.
pub(super) fn has_its_locks(config: &Config) -> Result<(), CommandFailure> {
    let mut locks = config.warehouses.iter().map(|warehouse| &warehouse.lock);
    match locks.find(|lock| lock.is_named && lock.lock.is_none()) {
        None => Ok(()),
        Some(lock) => Err(CommandFailure::of(format!(
            "there is no surface lock at `{}`, which the configuration names: run `portcullis surface lock`",
            lock.path.display()
        ))),
    }
}

pub(super) fn begin_chores(config: &Config, portcullis: &Portcullis, drift: Watch) -> JoinSet<()> {
    let mut chores = chores(portcullis);
    chores.spawn(keep_looking(portcullis.clone(), drift));
    if let Some(every) = config.self_test.every {
        chores.spawn(self_test::keep_testing(portcullis.clone(), own_door(config), every));
    }
    chores
}

/// What goes on beside the requests, for as long as the program runs.
pub(super) fn chores(portcullis: &Portcullis) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(index_calls::keep_indexing(portcullis.clone()));
    chores.spawn(checkpoint_file::keep_checkpoints(portcullis.clone()));
    chores.spawn(seal_record::keep_sealing(portcullis.clone()));
    chores.spawn(tidy_up::keep_tidy(portcullis.clone()));
    chores.spawn(watch_usage::keep_watching(portcullis.clone()));
    chores.spawn(pause::watch(portcullis.clone()));
    chores.spawn(deliver_alerts::keep_delivering(portcullis.clone()));
    chores.spawn(deliver_checkpoints::keep_delivering(portcullis.clone()));
    chores
}

/// Looks at what the roles can do before anybody is let in. What is too dangerous ends the start, unless the profile names
/// the danger; then each start says so.
pub(super) async fn examine_roles(portcullis: &Portcullis) -> Result<Watch, CommandFailure> {
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

/// Ready once somebody asks the program to stop: Ctrl-C, or SIGTERM.
pub(super) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

/// The same for what somebody tries in a terminal, which may close.
pub(super) async fn stopped_or_left() {
    match signal(SignalKind::hangup()) {
        Ok(mut hangup) => {
            tokio::select! {
                () = stopped() => {}
                _ = hangup.recv() => {}
            }
        }
        Err(_) => stopped().await,
    }
}
