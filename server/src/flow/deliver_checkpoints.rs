//! Sends checkpoints to a webhook, where those who run the store cannot take them back: in their order, each until it has
//! arrived. None is given up, because the next one does not say what it said. One may arrive twice where an instance died
//! between sending it and writing that down; it bears its position, so the receiver can tell.

use crate::flow::{Failure, Portcullis, deliver};
use crate::model::chain::line::CheckpointLine;
use crate::model::webhook::{Webhook, rest};
use crate::store::checkpoint_delivery::{self, Taken};
use serde_json::json;
use time::Duration;

/// How often it looks for something to send.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);
/// How long one attempt stays with whoever makes it: longer than it can take.
const TURN: Duration = Duration::minutes(1);

/// Delivers for as long as the program runs; nothing where there is no webhook.
pub async fn keep_delivering(portcullis: Portcullis) {
    if portcullis.checkpoint_webhook().is_none() {
        return;
    }
    let next = |portcullis| async move { deliver_next(&portcullis).await };
    deliver::keep(portcullis, PAUSE, next).await;
}

/// Makes one attempt at the next one; `false` where none is due.
pub async fn deliver_next(portcullis: &Portcullis) -> Result<bool, Failure> {
    let Some(webhook) = portcullis.checkpoint_webhook() else { return Ok(false) };
    let now = portcullis.now();
    let taken = checkpoint_delivery::take(portcullis.store(), now, now + TURN).await?;
    let Some(taken) = taken else { return Ok(false) };
    deliver(portcullis, webhook, taken).await?;
    Ok(true)
}

async fn deliver(portcullis: &Portcullis, webhook: &Webhook, taken: Taken) -> Result<(), Failure> {
    let Taken { checkpoint, attempts } = taken;
    let position = checkpoint.position;
    // As a line of the checkpoint file, and who says it: several programs may have one receiver.
    let body = json!({
        "issuer": portcullis.issuer_url(),
        "checkpoint": CheckpointLine::from(&checkpoint),
    });
    let delivered = deliver::send(portcullis, webhook, body.to_string()).await;
    let (store, now) = (portcullis.store(), portcullis.now());
    match delivered {
        Ok(()) => checkpoint_delivery::arrived(store, position, now).await?,
        Err(fault) => {
            tracing::error!(position, attempts, %fault, "a checkpoint of the record could not be delivered yet");
            let next = now + rest(attempts);
            checkpoint_delivery::postpone(store, position, next, &fault.to_string()).await?;
        }
    }
    Ok(())
}
