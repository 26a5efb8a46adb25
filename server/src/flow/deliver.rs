//! What is sent to a webhook, one thing after the other, for as long as the program runs.

use crate::fetch::{self, NotFetched};
use crate::flow::{Failure, Portcullis};
use crate::model::webhook::Webhook;
use std::time::Duration;
use tokio::time::sleep;

/// Makes one attempt after the other; `next` tells whether anything was due, and it rests for `pause` where nothing was.
pub(super) async fn keep<D>(portcullis: Portcullis, pause: Duration, next: impl Fn(Portcullis) -> D)
where
    D: Future<Output = Result<bool, Failure>>,
{
    loop {
        match next(portcullis.clone()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(failure) => tracing::debug!(%failure, "nothing can be delivered, because the store is away"),
        }
        sleep(pause).await;
    }
}

/// Sends it once, signed.
pub(super) async fn send(portcullis: &Portcullis, webhook: &Webhook, body: String) -> Result<(), NotFetched> {
    let signature = webhook.secret.sign(portcullis.now(), &body);
    fetch::post(&webhook.url, &signature, body).await
}
