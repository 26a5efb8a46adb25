//! People.

use crate::model::access::Standing;
use crate::model::authorization::Authorization;
use crate::model::client::ClientKind;
use crate::model::person::{Person, Username};
use crate::model::session::SessionLife;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

/// Somebody who is about to be known.
#[derive(Debug)]
pub struct NewPerson<'a> {
    pub id: Uuid,
    pub username: &'a Username,
    pub email: &'a str,
    pub display_name: &'a str,
    /// A PHC string.
    pub password_hash: Option<&'a str>,
    pub staff: bool,
    pub admin: bool,
    pub created_at: OffsetDateTime,
}

pub async fn insert(store: impl PgExecutor<'_>, person: &NewPerson<'_>) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/people/insert.sql",
        person.id,
        person.username.as_str(),
        person.email,
        person.display_name,
        person.password_hash,
        person.staff,
        person.admin,
        person.created_at,
    )
    .execute(store)
    .await?;
    Ok(())
}

pub async fn by_username(
    store: impl PgExecutor<'_>,
    username: &Username,
) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query_file!("../sql/people/by_username.sql", username.as_str())
        .fetch_optional(store)
        .await?;
    Ok(row.map(|row| Person {
        id: row.id,
        username: username.clone(),
        email: row.email,
        display_name: row.display_name,
        active: row.active,
        staff: row.staff,
        admin: row.admin,
    }))
}

pub async fn by_id(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query_file!("../sql/people/by_id.sql", id).fetch_optional(store).await?;
    Ok(row.and_then(|row| {
        Some(Person {
            id: row.id,
            username: row.username.parse().ok()?,
            email: row.email,
            display_name: row.display_name,
            active: row.active,
            staff: row.staff,
            admin: row.admin,
        })
    }))
}

/// Who a person is to a client, and what decides about the two.
#[derive(Debug)]
pub struct Stood {
    pub person: Username,
    pub client: String,
    pub standing: Standing,
}

/// What decides about a person who reads through a client; `None` where either is missing.
pub async fn standing(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    client_id: Uuid,
    now: OffsetDateTime,
    sessions: SessionLife,
    authorization: &Authorization,
) -> Result<Option<Stood>, StoreError> {
    let row = sqlx::query_file!(
        "../sql/people/standing.sql",
        person_id,
        client_id,
        now - sessions.idle,
        now - sessions.absolute,
    )
    .fetch_optional(store)
    .await?;
    Ok(row.and_then(|row| {
        let client_kind = ClientKind::named(&row.client_kind)?;
        Some(Stood {
            person: row.username.parse().ok()?,
            client: row.client,
            standing: Standing {
                active: row.active,
                staff: row.staff,
                is_enrolled: row.is_enrolled,
                has_session: row.has_session,
                held: row.held.iter().filter_map(|profile| profile.parse().ok()).collect(),
                client_kind,
                client_is_recognised: authorization.recognises(client_kind, &row.client_identifier),
                client_is_disabled: row.client_is_disabled,
            },
        })
    }))
}
