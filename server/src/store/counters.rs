//! Counters of what strangers do: shared by every instance, and the only trace that they leave.

use crate::model::throttle::{Counted, Throttle, network};
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use std::net::IpAddr;
use time::OffsetDateTime;

/// Counts once more, and tells how many it is by now; `None` where it was enough before.
pub async fn hit(
    store: impl PgExecutor<'_>,
    counted: Counted,
    ip: IpAddr,
    now: OffsetDateTime,
    throttle: Throttle,
) -> Result<Option<i32>, StoreError> {
    let count = sqlx::query_file_scalar!(
        "../sql/counters/hit.sql",
        counted.code(),
        IpNet::from(network(ip)) as IpNet,
        now,
        now - throttle.window,
        i32::try_from(throttle.attempts).unwrap_or(i32::MAX),
    )
    .fetch_optional(store)
    .await?;
    Ok(count)
}

/// Forgets counters that began before `before`.
pub async fn purge(store: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/counters/purge.sql", before).execute(store).await?;
    Ok(())
}
