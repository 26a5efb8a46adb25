//! SIGHUP: reads the configuration again while the program serves. It is taken in whole or not at all, and every request
//! sees either the old one or the new one. A certificate is also taken when its files change.

use super::renewal::Renewal;
use super::serve::{begin_chores, examine_roles, has_its_locks};
use super::{CommandFailure, FileArgs, load_or_faults};
use crate::config::Config;
use crate::flow::Portcullis;
use crate::flow::watch_drift::Watch;
use crate::http::Sites;
use crate::model::clock::Clock;
use crate::wiring::{self, Surroundings};
use tokio::signal::unix::Signal;
use tokio::task::JoinSet;

/// Takes each new configuration, for as long as the program serves; `chores` go on with the last one.
pub(super) async fn keep_reloading(
    args: &FileArgs,
    mut config: Config,
    sites: &Sites,
    hangup: &mut Signal,
    chores: &mut JoinSet<()>,
) {
    let mut renewal = Renewal::of(&config, Clock::system());
    loop {
        tokio::select! {
            hung_up = hangup.recv() => if hung_up.is_none() { return },
            tls = renewal.next() => {
                sites.renew(tls.certificate.clone());
                config.server.tls = Some(tls);
                tracing::info!("the certificate was renewed");
                continue;
            }
        }
        match reload(args, &config, &sites.portcullis()).await {
            Ok((next, portcullis, drift)) => {
                sites.replace(wiring::site(&next, portcullis.clone()));
                chores.shutdown().await;
                *chores = begin_chores(&next, &portcullis, drift);
                tracing::info!(profiles = next.profiles.len(), "the configuration was reloaded");
                renewal = Renewal::of(&next, Clock::system());
                config = next;
            }
            Err(failure) => {
                let why = failure.message;
                tracing::error!("the configuration was not reloaded, the one before stays in force: {why}");
            }
        }
    }
}

async fn reload(
    args: &FileArgs,
    before: &Config,
    portcullis: &Portcullis,
) -> Result<(Config, Portcullis, Watch), CommandFailure> {
    let next = load_or_faults(args).map_err(|faults| {
        for fault in &faults.0 {
            tracing::error!(key = fault.key, "a fault of the configuration: {}", fault.message);
        }
        CommandFailure::of(format!("it has {} fault(s)", faults.0.len()))
    })?;
    let (next, kept) = next.following(before);
    for key in kept {
        tracing::warn!(
            key,
            "this cannot change while the program runs: it stays as it was until the next start"
        );
    }
    has_its_locks(&next)?;
    let reloaded = wiring::reloaded(&next, Surroundings::system(), portcullis)?;
    let drift = examine_roles(&reloaded).await?;
    Ok((next, reloaded, drift))
}
