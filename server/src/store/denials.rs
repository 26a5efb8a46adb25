//! Who was turned away at the door. Rows are only ever added.

use crate::model::denial::Denial;
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;

pub async fn insert(store: impl PgExecutor<'_>, denial: &Denial) -> Result<(), StoreError> {
    let holder = &denial.holder;
    let caller = &denial.caller;
    sqlx::query_file!(
        "../sql/denials/insert.sql",
        denial.id,
        denial.at,
        caller.request_id,
        denial.reason.code(),
        holder.person_id,
        holder.person.as_str(),
        holder.profile.as_str(),
        holder.token_id,
        holder.client_id,
        holder.client,
        caller.ip.map(IpNet::from) as Option<IpNet>,
        caller.user_agent.as_deref(),
    )
    .execute(store)
    .await?;
    Ok(())
}
