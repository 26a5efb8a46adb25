//! Who was turned away at the door. Rows are only ever added.

use crate::model::denial::Denial;
use crate::model::profile::ProfileName;
use crate::model::review::{ClientChoice, DenialFilter, Heading, Span};
use crate::store::{StoreError, Transaction};
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

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

/// One denial, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialLine {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub request_id: Uuid,
    pub reason: String,
    pub person_id: Uuid,
    pub person: String,
    pub profile: Option<String>,
    pub token_id: Option<Uuid>,
    pub client_id: Uuid,
    pub client: String,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

pub async fn by_id(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<DenialLine>, StoreError> {
    Ok(sqlx::query_file_as!(DenialLine, "../sql/denials/by_id.sql", id).fetch_optional(store).await?)
}

/// Looks through up to `look` denials of a span, and stops at `want` that fit.
pub async fn walk(
    store: &mut Transaction,
    filter: &DenialFilter,
    (span, heading): (Span, Heading),
    (look, want): (i64, i64),
) -> Result<Vec<DenialLine>, StoreError> {
    let Span { after, before } = span;
    let (client_id, client) = ClientChoice::parts(filter.client.as_ref());
    macro_rules! say {
        ($file:literal) => {
            sqlx::query_file_as!(
                DenialLine,
                $file,
                after,
                before,
                look,
                want,
                filter.person_id as Option<Uuid>,
                filter.reason.as_deref() as Option<&str>,
                client_id as Option<Uuid>,
                client as Option<&str>,
                filter.profile.as_deref() as Option<&str>,
            )
            .fetch_all(store)
            .await
        };
    }
    Ok(match heading {
        Heading::Older => say!("../sql/denials/walk_older.sql"),
        Heading::Newer => say!("../sql/denials/walk_newer.sql"),
    }?)
}

/// Which denial is the `nth` of a span; `None` where there are fewer.
pub async fn reach(
    store: &mut Transaction,
    filter: &DenialFilter,
    (span, heading): (Span, Heading),
    nth: i64,
) -> Result<Option<Uuid>, StoreError> {
    let Span { after, before } = span;
    let person = filter.person_id;
    let found = match heading {
        Heading::Older => {
            sqlx::query_file_scalar!(
                "../sql/denials/reach_older.sql",
                after,
                before,
                nth,
                person as Option<Uuid>
            )
            .fetch_optional(store)
            .await
        }
        Heading::Newer => {
            sqlx::query_file_scalar!(
                "../sql/denials/reach_newer.sql",
                after,
                before,
                nth,
                person as Option<Uuid>
            )
            .fetch_optional(store)
            .await
        }
    };
    Ok(found?)
}
