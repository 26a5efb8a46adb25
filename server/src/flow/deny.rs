//! Turns somebody away whom we know, and writes it down.

use crate::flow::Portcullis;
use crate::model::caller::Caller;
use crate::model::denial::{Denial, DenialReason, Subject};
use crate::model::measure;
use crate::model::rng::NoEntropy;
use crate::store::{StoreError, denials};

/// Why nobody could be turned away in order.
#[derive(Debug, thiserror::Error)]
pub enum NotDenied {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

pub(super) async fn deny(
    portcullis: &Portcullis,
    reason: DenialReason,
    subject: Subject,
    caller: &Caller,
) -> Result<(), NotDenied> {
    let at = portcullis.now();
    let denial = Denial { id: portcullis.rng().uuid_at(at)?, at, reason, subject, caller: caller.clone() };
    denials::insert(portcullis.store(), &denial).await?;
    metrics::counter!(measure::DENIALS, "reason" => reason.code()).increment(1);
    Ok(())
}
