//! Counts what strangers do. They leave no rows in the record: anybody can send rubbish, and must not fill our disk.

use crate::flow::Portcullis;
use crate::model::caller::Caller;
use crate::model::measure;
use crate::model::throttle::{Counted, Throttle};
use crate::store::{StoreError, counters};
use time::Duration;

/// How long a counter is kept at most.
const KEPT: Duration = Duration::days(2);

/// Counts once more where the caller comes from, and tells whether that was within bounds.
pub(super) async fn within(
    portcullis: &Portcullis,
    counted: Counted,
    caller: &Caller,
    throttle: Throttle,
) -> Result<bool, StoreError> {
    // Without an address there is nobody to count to; this happens in tests alone.
    let Some(ip) = caller.ip else { return Ok(true) };
    let now = portcullis.now();
    let count = counters::hit(portcullis.store(), counted, ip, now, throttle).await?;
    if count == Some(1) {
        counters::purge(portcullis.store(), now - KEPT).await?;
    }
    Ok(count.is_some())
}

/// Counts a secret that we never issued.
pub(super) async fn bad_secret(portcullis: &Portcullis, caller: &Caller) -> Result<(), StoreError> {
    metrics::counter!(measure::BAD_SECRETS).increment(1);
    let throttle = portcullis.authorization().bad_token;
    within(portcullis, Counted::BadToken, caller, throttle).await.map(drop)
}
