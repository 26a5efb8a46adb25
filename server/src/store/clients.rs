//! Programs that ask for access on behalf of people.

use crate::model::client::{Client, ClientKind, Match, Redirects};
use crate::model::redirect::RedirectUri;
use crate::store::StoreError;
use ipnet::IpNet;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;
use uuid::Uuid;

pub async fn by_identifier(
    store: impl PgExecutor<'_>,
    identifier: &str,
) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query_file_as!(Row, "../sql/clients/by_identifier.sql", identifier)
        .fetch_optional(store)
        .await?;
    Ok(row.and_then(Row::client))
}

pub async fn by_id(store: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query_file_as!(Row, "../sql/clients/by_id.sql", id).fetch_optional(store).await?;
    Ok(row.and_then(Row::client))
}

/// The client that registered itself in the same words since `since`.
pub async fn twin(
    store: impl PgExecutor<'_>,
    fingerprint: &[u8; 32],
    since: OffsetDateTime,
) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query_file_as!(Row, "../sql/clients/twin.sql", fingerprint.as_slice(), since)
        .fetch_optional(store)
        .await?;
    Ok(row.and_then(Row::client))
}

/// The clients made known last.
pub async fn newest(store: impl PgExecutor<'_>, at_most: i64) -> Result<Vec<Client>, StoreError> {
    let rows = sqlx::query_file_as!(Row, "../sql/clients/newest.sql", at_most).fetch_all(store).await?;
    Ok(rows.into_iter().filter_map(Row::client).collect())
}

/// Makes a client known.
pub async fn insert(
    store: impl PgExecutor<'_>,
    client: &Client,
    fingerprint: Option<&[u8; 32]>,
) -> Result<(), StoreError> {
    sqlx::query_file!(
        "../sql/clients/insert.sql",
        client.id,
        client.kind.code(),
        client.identifier,
        client.name,
        &texts(&client.redirects),
        client.redirects.by.code(),
        client.registered_by.as_deref(),
        client.registered_from.map(IpNet::from) as Option<IpNet>,
        client.created_at,
        fingerprint.map(<[u8; 32]>::as_slice),
    )
    .execute(store)
    .await?;
    Ok(())
}

/// Makes a client known or brings it up to date, and tells it as it stands.
pub async fn keep(store: impl PgExecutor<'_>, client: &Client) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query_file_as!(
        Row,
        "../sql/clients/keep.sql",
        client.id,
        client.kind.code(),
        client.identifier,
        client.name,
        &texts(&client.redirects),
        client.redirects.by.code(),
        client.registered_by.as_deref(),
        client.created_at,
        client.fresh_until,
    )
    .fetch_one(store)
    .await?;
    Ok(row.client())
}

/// A token was issued to it.
pub async fn used(store: impl PgExecutor<'_>, id: Uuid, at: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/clients/used.sql", id, at).execute(store).await?;
    Ok(())
}

/// Closes the door to a client; `None` where there is none, or it was closed before.
pub async fn disable(
    store: impl PgExecutor<'_>,
    identifier: &str,
    at: OffsetDateTime,
    by: &str,
) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/clients/disable.sql", identifier, at, by)
        .fetch_optional(store)
        .await?)
}

/// Opens it again; `None` where there is none, or it was open.
pub async fn enable(store: impl PgExecutor<'_>, identifier: &str) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/clients/enable.sql", identifier).fetch_optional(store).await?)
}

/// Forgets clients that registered themselves before `before` and never got a token.
pub async fn expire(store: impl PgExecutor<'_>, before: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/clients/expire.sql", before).execute(store).await?;
    Ok(())
}

/// One line of a page of clients.
#[derive(Debug)]
pub struct ClientLine {
    pub client: Client,
    pub living_tokens: i64,
    pub is_paused: bool,
}

/// Which clients a page shows.
#[derive(Debug, Clone)]
pub struct ClientFilter {
    /// Found in the name, the id or a redirect URI; lower case.
    pub words: String,
    /// Those alone that were made known before this one.
    pub before: (OffsetDateTime, Uuid),
}

/// Clients, those made known last first.
pub async fn page(
    store: impl PgExecutor<'_>,
    filter: &ClientFilter,
    now: OffsetDateTime,
    at_most: i64,
) -> Result<Vec<ClientLine>, StoreError> {
    let (before, id) = filter.before;
    let rows = sqlx::query_file!("../sql/clients/page.sql", now, before, id, filter.words, at_most)
        .fetch_all(store)
        .await?;
    let lines = rows.into_iter().filter_map(|row| {
        let (living_tokens, is_paused) = (row.living_tokens, row.is_paused);
        let row = Row {
            id: row.id,
            kind: row.kind,
            identifier: row.identifier,
            name: row.name,
            redirect_uris: row.redirect_uris,
            redirect_match: row.redirect_match,
            registered_by: row.registered_by,
            registered_from: row.registered_from,
            created_at: row.created_at,
            disabled_at: row.disabled_at,
            fresh_until: row.fresh_until,
            used_at: row.used_at,
        };
        Some(ClientLine { client: row.client()?, living_tokens, is_paused })
    });
    Ok(lines.collect())
}

fn texts(redirects: &Redirects) -> Vec<String> {
    redirects.registered.iter().map(RedirectUri::to_string).collect()
}

struct Row {
    id: Uuid,
    kind: String,
    identifier: String,
    name: String,
    redirect_uris: Vec<String>,
    redirect_match: String,
    registered_by: Option<String>,
    registered_from: Option<IpNet>,
    created_at: OffsetDateTime,
    disabled_at: Option<OffsetDateTime>,
    fresh_until: Option<OffsetDateTime>,
    used_at: Option<OffsetDateTime>,
}

impl Row {
    fn client(self) -> Option<Client> {
        Some(Client {
            id: self.id,
            identifier: self.identifier,
            kind: ClientKind::named(&self.kind)?,
            name: self.name,
            redirects: Redirects {
                registered: self.redirect_uris.iter().filter_map(|uri| uri.parse().ok()).collect(),
                by: Match::named(&self.redirect_match)?,
            },
            registered_by: self.registered_by,
            registered_from: self.registered_from.map(|net| net.addr()),
            created_at: self.created_at,
            disabled_at: self.disabled_at,
            fresh_until: self.fresh_until,
            used_at: self.used_at,
        })
    }
}
