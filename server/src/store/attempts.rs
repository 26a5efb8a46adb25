//! What was asked for. Rows are only ever added.

use crate::model::attempt::{Attempt, storable, storable_json};
use crate::store::{Store, StoreError, twice};
use ipnet::IpNet;

/// Writes down an attempt. Saying it twice writes it once.
pub async fn insert(store: &Store, attempt: &Attempt) -> Result<(), StoreError> {
    let holder = &attempt.holder;
    let caller = &attempt.caller;
    let sql = attempt.sql.as_deref().map(storable);
    let arguments = storable_json(&attempt.arguments);
    twice(|| {
        sqlx::query_file!(
            "../sql/attempts/insert.sql",
            attempt.id,
            attempt.at,
            caller.request_id,
            holder.person_id,
            holder.person.as_str(),
            holder.profile.as_str(),
            holder.token_id,
            holder.client_id,
            holder.client,
            holder.redirect.as_deref(),
            caller.ip.map(IpNet::from) as Option<IpNet>,
            caller.user_agent.as_deref(),
            attempt.tool,
            arguments,
            sql.as_deref(),
        )
        .execute(store)
    })
    .await?;
    Ok(())
}
