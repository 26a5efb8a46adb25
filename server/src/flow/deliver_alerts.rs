//! Sends alerts to the webhook, each until it has arrived or is given up. An alert may arrive twice where an instance died
//! between sending it and writing that down; it bears its id, so the receiver can tell.

use crate::flow::{Failure, Portcullis, deliver};
use crate::model::webhook::{Webhook, body, rest};
use crate::store::deliveries::{self, Taken};
use time::Duration;

/// How often it looks for something to send.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);
/// How long one attempt stays with whoever makes it: longer than it can take.
const TURN: Duration = Duration::minutes(1);
/// What has not arrived by then is given up.
const PATIENCE: Duration = Duration::hours(12);

/// Delivers for as long as the program runs, one alert after the other; nothing where there is no webhook.
pub async fn keep_delivering(portcullis: Portcullis) {
    if portcullis.webhook().is_none() {
        return;
    }
    let next = |portcullis| async move { deliver_next(&portcullis).await };
    deliver::keep(portcullis, PAUSE, next).await;
}

/// Makes one attempt at what waits longest; `false` where nothing is due.
pub async fn deliver_next(portcullis: &Portcullis) -> Result<bool, Failure> {
    let Some(webhook) = portcullis.webhook() else { return Ok(false) };
    let now = portcullis.now();
    let Some(taken) = deliveries::take(portcullis.store(), now, now + TURN).await? else { return Ok(false) };
    deliver(portcullis, webhook, taken).await?;
    Ok(true)
}

async fn deliver(portcullis: &Portcullis, webhook: &Webhook, taken: Taken) -> Result<(), Failure> {
    let Taken { alert, since, attempts } = taken;
    let body = body(&alert, portcullis.issuer_url());
    let delivered = deliver::send(portcullis, webhook, body).await;
    let (store, now) = (portcullis.store(), portcullis.now());
    match delivered {
        Ok(()) => deliveries::end(store, alert.id, now, None).await?,
        Err(fault) if now - since > PATIENCE => {
            tracing::error!(id = %alert.id, attempts, %fault, "an alert could not be delivered and is given up");
            deliveries::end(store, alert.id, now, Some(&fault.to_string())).await?;
        }
        Err(fault) => {
            tracing::warn!(id = %alert.id, attempts, %fault, "an alert could not be delivered yet");
            deliveries::postpone(store, alert.id, now + rest(attempts), &fault.to_string()).await?;
        }
    }
    Ok(())
}
