//! Sessions, known by the hash of their cookie.

use crate::model::local_path::LocalPath;
use crate::model::sealed::Sealed;
use crate::model::session::{PATIENCE, Session, SessionLife, SessionLine, Stage};
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// SHA-256 of a cookie.
pub type SessionHash = [u8; 32];

pub async fn insert(
    store: impl PgExecutor<'_>,
    hash: &SessionHash,
    session: &Session,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let facts = Facts::of(&session.stage);
    sqlx::query_file!(
        "../sql/sessions/insert.sql",
        session.id,
        hash.as_slice(),
        session.person_id,
        session.began_at,
        now,
        facts.signed_in_at,
        facts.proven_at,
        session.next.as_ref().map(LocalPath::as_str),
        facts.enrolment.map(|sealed| sealed.key_id.as_str()),
        facts.enrolment.map(|sealed| sealed.bytes.as_slice()),
        session.ip.map(IpNet::from) as Option<IpNet>,
        session.user_agent.as_deref(),
    )
    .execute(store)
    .await?;
    Ok(())
}

/// The living session of a cookie; asking keeps it alive.
pub async fn touch(
    store: impl PgExecutor<'_>,
    hash: &SessionHash,
    now: OffsetDateTime,
    life: SessionLife,
) -> Result<Option<Session>, StoreError> {
    let row = sqlx::query_file!(
        "../sql/sessions/touch.sql",
        hash.as_slice(),
        now,
        now - life.idle,
        now - life.absolute,
        now - PATIENCE,
    )
    .fetch_optional(store)
    .await?;
    Ok(row.map(|row| Session {
        id: row.id,
        person_id: row.person_id,
        began_at: row.began_at,
        stage: match (row.signed_in_at, row.proven_at) {
            (Some(at), Some(proven_at)) => Stage::SignedIn { at, proven_at },
            _ => Stage::Password {
                enrolment: row
                    .enrolment_key
                    .zip(row.enrolment)
                    .map(|(key_id, bytes)| Sealed { key_id, bytes }),
            },
        },
        next: row.next.and_then(|next| next.parse().ok()),
        ip: row.ip.map(|net: IpNet| net.addr()),
        user_agent: row.user_agent,
    }))
}

/// Writes down what changed; a session that was ended stays so.
pub async fn update(
    store: impl PgExecutor<'_>,
    hash: &SessionHash,
    session: &Session,
) -> Result<(), StoreError> {
    let facts = Facts::of(&session.stage);
    sqlx::query_file!(
        "../sql/sessions/update.sql",
        hash.as_slice(),
        facts.signed_in_at,
        facts.proven_at,
        session.next.as_ref().map(LocalPath::as_str),
        facts.enrolment.map(|sealed| sealed.key_id.as_str()),
        facts.enrolment.map(|sealed| sealed.bytes.as_slice()),
    )
    .execute(store)
    .await?;
    Ok(())
}

/// Forgets a living session, so that its id can be taken on under a new cookie.
pub async fn forget(store: impl PgExecutor<'_>, hash: &SessionHash) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/sessions/forget.sql", hash.as_slice()).execute(store).await?;
    Ok(())
}

/// Ends a session of this person; `false` where there is none that lives.
pub async fn end(
    store: impl PgExecutor<'_>,
    id: Uuid,
    person_id: Uuid,
    at: OffsetDateTime,
    by: &str,
) -> Result<bool, StoreError> {
    let ended =
        sqlx::query_file!("../sql/sessions/end.sql", id, person_id, at, by).fetch_optional(store).await?;
    Ok(ended.is_some())
}

/// Ends every session of this person but `kept`.
pub async fn end_all(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    kept: Option<Uuid>,
    at: OffsetDateTime,
    by: &str,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/sessions/end_all.sql", person_id, kept, at, by)
        .fetch_all(store)
        .await?)
}

/// The sessions with which a person is signed in, the one last used first.
pub async fn of_person(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    now: OffsetDateTime,
    life: SessionLife,
) -> Result<Vec<SessionLine>, StoreError> {
    let rows =
        sqlx::query_file!("../sql/sessions/of_person.sql", person_id, now - life.idle, now - life.absolute)
            .fetch_all(store)
            .await?;
    let lines = rows.into_iter().map(|row| SessionLine {
        id: row.id,
        signed_in_at: row.signed_in_at,
        seen_at: row.seen_at,
        ip: row.ip.map(|net: IpNet| net.addr()),
        user_agent: row.user_agent,
    });
    Ok(lines.collect())
}

/// Throws away sessions that began before `horizon`.
pub async fn purge(store: impl PgExecutor<'_>, horizon: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/sessions/purge.sql", horizon).execute(store).await?;
    Ok(())
}

/// A stage, as its row has it.
struct Facts<'a> {
    signed_in_at: Option<OffsetDateTime>,
    proven_at: Option<OffsetDateTime>,
    enrolment: Option<&'a Sealed>,
}

impl<'a> Facts<'a> {
    fn of(stage: &'a Stage) -> Self {
        match stage {
            Stage::Password { enrolment } => {
                Self { signed_in_at: None, proven_at: None, enrolment: enrolment.as_ref() }
            }
            Stage::SignedIn { at, proven_at } => {
                Self { signed_in_at: Some(*at), proven_at: Some(*proven_at), enrolment: None }
            }
        }
    }
}
