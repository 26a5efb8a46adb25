//! People.

use crate::model::person::{Person, Username};
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
    let row =
        sqlx::query_file!("../sql/people/by_username.sql", username.as_str()).fetch_optional(store).await?;
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
