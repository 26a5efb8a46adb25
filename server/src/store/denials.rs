//! Who was turned away at the door. Rows are only ever added.

use crate::model::denial::Denial;
use crate::model::profile::ProfileName;
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;

pub async fn insert(store: impl PgExecutor<'_>, denial: &Denial) -> Result<(), StoreError> {
    let subject = &denial.subject;
    let caller = &denial.caller;
    sqlx::query_file!(
        "../sql/denials/insert.sql",
        denial.id,
        denial.at,
        caller.request_id,
        denial.reason.code(),
        subject.person_id,
        subject.person.as_str(),
        subject.profile.as_ref().map(ProfileName::as_str),
        subject.token_id,
        subject.client_id,
        subject.client,
        caller.ip.map(IpNet::from) as Option<IpNet>,
        caller.user_agent.as_deref(),
    )
    .execute(store)
    .await?;
    Ok(())
}
