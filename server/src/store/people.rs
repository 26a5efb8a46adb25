//! People.

use crate::model::access::Standing;
use crate::model::attribute::Attributes;
use crate::model::authorization::Authorization;
use crate::model::client::ClientKind;
use crate::model::person::{Person, Powers, Username};
use crate::model::session::SessionLife;
use crate::model::zone::Zone;
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use std::net::IpAddr;
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
    pub powers: Powers,
    pub created_at: OffsetDateTime,
}

/// The person of a row, if its name is one. A macro, since each statement has a row type of its own.
macro_rules! person {
    ($row:expr) => {
        $row.username.parse().ok().map(|username| Person {
            id: $row.id,
            username,
            email: $row.email,
            display_name: $row.display_name,
            active: $row.active,
            powers: Powers { staff: $row.staff, auditor: $row.auditor, admin: $row.admin },
            zone: Zone::named(&$row.time_zone),
        })
    };
}

pub async fn insert(store: impl PgExecutor<'_>, person: &NewPerson<'_>) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/people/insert.sql",
        person.id,
        person.username.as_str(),
        person.email,
        person.display_name,
        person.password_hash,
        person.powers.staff,
        person.powers.auditor,
        person.powers.admin,
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
    Ok(row.and_then(|row| person!(row)))
}

pub async fn by_id(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query_file!("../sql/people/by_id.sql", id).fetch_optional(store).await?;
    Ok(row.and_then(|row| person!(row)))
}

/// Somebody who is named at sign-in, before they have shown that they are it.
#[derive(Debug)]
pub struct Claimed {
    pub person: Person,
    pub password_hash: Option<String>,
    /// Whether they have signed in from this network lately.
    pub is_known_place: bool,
}

/// The person of this name, for somebody who asks from `network`.
pub async fn claimed(
    store: impl PgExecutor<'_>,
    username: &str,
    network: Option<IpAddr>,
    since: OffsetDateTime,
) -> Result<Option<Claimed>, StoreError> {
    let network = network.map(IpNet::from);
    let row = sqlx::query_file!("../sql/people/claimed.sql", username, network as Option<IpNet>, since)
        .fetch_optional(store)
        .await?;
    Ok(row.and_then(|row| {
        let (password_hash, is_known_place) = (row.password_hash, row.is_known_place);
        Some(Claimed { person: person!(row)?, password_hash, is_known_place })
    }))
}

pub async fn is_known_place(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    network: Option<IpAddr>,
    since: OffsetDateTime,
) -> Result<bool, StoreError> {
    let network = network.map(IpNet::from);
    Ok(sqlx::query_file_scalar!(
        "../sql/people/is_known_place.sql",
        person_id,
        network as Option<IpNet>,
        since
    )
    .fetch_one(store)
    .await?)
}

/// Remembers that a person has signed in from there.
pub async fn remember_place(
    store: impl PgExecutor<'_>,
    person_id: Uuid,
    network: IpAddr,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/places/insert.sql", person_id, IpNet::from(network) as IpNet, now)
        .execute(store)
        .await?;
    Ok(())
}

/// The same password under a better hash, unless it was changed meanwhile.
pub async fn rehash(store: impl PgExecutor<'_>, id: Uuid, old: &str, new: &str) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/people/rehash.sql", id, old, new).execute(store).await?;
    Ok(())
}

pub async fn password_hash(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    let hash = sqlx::query_file_scalar!("../sql/people/password_hash.sql", id).fetch_optional(store).await?;
    Ok(hash.flatten())
}

pub async fn set_password(store: impl PgExecutor<'_>, id: Uuid, hash: &str) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/people/set_password.sql", id, hash).execute(store).await?;
    Ok(())
}

/// `false` where nothing had to change.
pub async fn set_active(store: impl PgExecutor<'_>, id: Uuid, active: Active) -> Result<bool, StoreError> {
    let changed = sqlx::query_file!("../sql/people/set_active.sql", id, active == Active::Yes)
        .fetch_optional(store)
        .await?;
    Ok(changed.is_some())
}

/// `false` where nothing had to change.
pub async fn set_powers(store: impl PgExecutor<'_>, id: Uuid, powers: Powers) -> Result<bool, StoreError> {
    let Powers { staff, auditor, admin } = powers;
    let changed = sqlx::query_file!("../sql/people/set_powers.sql", id, staff, auditor, admin)
        .fetch_optional(store)
        .await?;
    Ok(changed.is_some())
}

/// What views may know of a person. Within a transaction, it stays so until that ends.
pub async fn attributes(store: impl PgExecutor<'_>, id: Uuid) -> Result<Attributes, StoreError> {
    let kept = sqlx::query_file_scalar!("../sql/people/attributes.sql", id).fetch_optional(store).await?;
    Ok(kept.map(|kept| Attributes::read(&kept)).unwrap_or_default())
}

pub async fn set_attributes(
    store: impl PgExecutor<'_>,
    id: Uuid,
    attributes: &Attributes,
) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/people/set_attributes.sql", id, attributes.to_json()).execute(store).await?;
    Ok(())
}

pub async fn set_zone(store: impl PgExecutor<'_>, id: Uuid, zone: &Zone) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/people/set_time_zone.sql", id, zone.name()).execute(store).await?;
    Ok(())
}

/// Whether anybody but this person could administer; within a transaction, it stays so until that ends.
pub async fn has_other_admins(store: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/people/other_admins.sql", id).fetch_one(store).await?)
}

/// Whether a person may come in at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Active {
    Yes,
    No,
}

/// Whether anybody is known.
pub async fn exist(store: impl PgExecutor<'_>) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/people/exist.sql").fetch_one(store).await?)
}

/// One line of the list of people.
#[derive(Debug)]
pub struct PersonLine {
    pub person: Person,
    pub has_factor: bool,
    pub profiles: Vec<String>,
}

pub async fn list(store: impl PgExecutor<'_>) -> Result<Vec<PersonLine>, StoreError> {
    let rows = sqlx::query_file!("../sql/people/list.sql").fetch_all(store).await?;
    let lines = rows.into_iter().filter_map(|row| {
        let (has_factor, profiles) = (row.has_factor, row.profiles);
        Some(PersonLine { person: person!(row)?, has_factor, profiles })
    });
    Ok(lines.collect())
}

/// Since when a person is known, and has a second factor.
#[derive(Debug)]
pub struct Since {
    pub created_at: OffsetDateTime,
    pub enrolled_at: Option<OffsetDateTime>,
}

pub async fn since(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Since>, StoreError> {
    Ok(sqlx::query_file_as!(Since, "../sql/people/since.sql", id).fetch_optional(store).await?)
}

/// One line of a page of people.
#[derive(Debug)]
pub struct PageLine {
    pub line: PersonLine,
    /// When they last used a session that still lives.
    pub seen_at: Option<OffsetDateTime>,
    pub is_paused: bool,
}

/// Which people a page shows.
#[derive(Debug, Clone, Default)]
pub struct PeopleFilter {
    /// Found in the username, the address or the name; lower case.
    pub words: String,
    /// Those alone that may come in, or may not.
    pub active: Option<bool>,
    /// Those alone whose username comes after this one.
    pub after: String,
}

pub async fn page(
    store: impl PgExecutor<'_>,
    filter: &PeopleFilter,
    at_most: i64,
) -> Result<Vec<PageLine>, StoreError> {
    let PeopleFilter { words, active, after } = filter;
    let rows =
        sqlx::query_file!("../sql/people/page.sql", after, words, *active, at_most).fetch_all(store).await?;
    let lines = rows.into_iter().filter_map(|row| {
        let (has_factor, profiles) = (row.has_factor, row.profiles);
        let (seen_at, is_paused) = (row.seen_at, row.is_paused);
        Some(PageLine {
            line: PersonLine { person: person!(row)?, has_factor, profiles },
            seen_at,
            is_paused,
        })
    });
    Ok(lines.collect())
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
                is_paused: row.is_paused,
            },
        })
    }))
}

/// How somebody is called.
#[derive(Debug, Clone)]
pub struct Name {
    pub id: Uuid,
    pub username: String,
    pub display_name: String,
    pub active: bool,
}

pub async fn names(store: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<Name>, StoreError> {
    Ok(sqlx::query_file_as!(Name, "../sql/people/names.sql", ids).fetch_all(store).await?)
}
