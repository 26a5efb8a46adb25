//! The chain over the record: seals are only ever added, and rows of the record are read as they are sealed.

use crate::model::chain::row::{Kind, Value};
use crate::model::chain::{Digest, Entry, Relation, Row, Seal};
use crate::store::StoreError;
use crate::store::Transaction;
use futures_util::{Stream, StreamExt};
use sqlx::Row as _;
use sqlx::postgres::{PgExecutor, PgRow};
use time::OffsetDateTime;
use uuid::Uuid;

/// What the next seal builds on.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// All transactions below this number are over.
    pub over: i64,
    /// All transactions that have begun are below this number.
    pub begun: i64,
    pub last: Option<Last>,
}

/// The last seal.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    pub position: i64,
    pub at: OffsetDateTime,
    pub horizon: Uuid,
    pub rows: i64,
    pub link: Digest,
}

/// Takes the right to seal until the end of the transaction; `false` where somebody else has it.
pub async fn try_lock(store: impl PgExecutor<'_>) -> Result<bool, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/try_lock.sql").fetch_one(store).await?)
}

/// Bounds each statement of the transaction, in milliseconds.
pub async fn settle(store: &mut Transaction, most: u32) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/seals/settle.sql", most.to_string()).fetch_all(store).await?;
    Ok(())
}

pub async fn ground(store: impl PgExecutor<'_>) -> Result<Ground, StoreError> {
    let row = sqlx::query_file!("../sql/seals/ground.sql").fetch_one(store).await?;
    let last = match (row.position, row.at, row.horizon, row.rows, row.link) {
        (Some(position), Some(at), Some(horizon), Some(rows), Some(link)) => {
            Some(Last { position, at, horizon, rows, link: digest(&link)? })
        }
        _ => None,
    };
    Ok(Ground { over: row.over, begun: row.begun, last })
}

/// The latest moment of a seal at which all transactions that had begun are over now.
pub async fn proven(store: &mut Transaction, over: i64) -> Result<Option<OffsetDateTime>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/proven.sql", over).fetch_optional(store).await?)
}

/// Where the `nth` row from `since` on and before `until` is, in the table that has it first.
pub async fn reach(
    store: &mut Transaction,
    since: Uuid,
    until: Uuid,
    nth: i64,
) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/reach.sql", since, until, nth).fetch_one(store).await?)
}

/// Rows from `since` on and before `until` that no seal lists, by table and identifier, and no more than `most`.
pub async fn unsealed(
    store: impl PgExecutor<'_>,
    since: Uuid,
    until: Uuid,
    most: i64,
) -> Result<Vec<(Relation, Uuid)>, StoreError> {
    let rows = sqlx::query_file!("../sql/seals/unsealed.sql", since, until, most).fetch_all(store).await?;
    let known = rows.into_iter().filter_map(|row| Some((Relation::named(&row.relation)?, row.id)));
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    Ok(known)
}

/// How many rows each table has from `since` on and before `until`, in the order of [`Relation::ALL`].
pub async fn counts(store: impl PgExecutor<'_>, since: Uuid, until: Uuid) -> Result<[i64; 4], StoreError> {
    let row = sqlx::query_file!("../sql/seals/counts.sql", since, until).fetch_one(store).await?;
    Ok([row.attempts, row.outcomes, row.denials, row.events])
}

/// Reads rows of the record one by one, as they are sealed, in no order.
pub fn rows<'a>(
    store: impl PgExecutor<'a> + 'a,
    relation: Relation,
    ids: &'a [Uuid],
) -> impl Stream<Item = Result<Row, StoreError>> + Unpin + 'a {
    // The chain knows which columns there are, and of what type; one reader serves all four tables.
    let sql = match relation {
        Relation::Attempts => include_str!("../../../sql/seals/attempts.sql"),
        Relation::Outcomes => include_str!("../../../sql/seals/outcomes.sql"),
        Relation::Denials => include_str!("../../../sql/seals/denials.sql"),
        Relation::Events => include_str!("../../../sql/seals/events.sql"),
    };
    sqlx::query(sql)
        .bind(ids)
        .fetch(store)
        .map(move |row| -> Result<Row, StoreError> { Ok(read(relation, &row?)?) })
}

fn read(relation: Relation, row: &PgRow) -> Result<Row, sqlx::Error> {
    let mut values = Vec::with_capacity(relation.columns().len());
    for (n, (name, kind)) in relation.columns().iter().enumerate().skip(1) {
        let value = match kind {
            Kind::Uuid => row.try_get::<Option<_>, _>(n)?.map(Value::Uuid),
            Kind::Moment => row.try_get::<Option<_>, _>(n)?.map(Value::Moment),
            Kind::Text => row.try_get::<Option<_>, _>(n)?.map(Value::Text),
            Kind::Texts => row.try_get::<Option<_>, _>(n)?.map(Value::Texts),
            Kind::Integer => row.try_get::<Option<_>, _>(n)?.map(Value::Integer),
            Kind::Flag => row.try_get::<Option<_>, _>(n)?.map(Value::Flag),
        };
        values.extend(value.map(|value| (*name, value)));
    }
    Ok(Row { relation, id: row.try_get(0)?, values })
}

pub async fn insert(store: &mut Transaction, seal: &Seal) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = seal.entries.iter().map(|entry| entry.id).collect();
    let digests: Vec<u8> = seal.entries.iter().flat_map(|entry| entry.digest.0).collect();
    sqlx::query_file!(
        "../sql/seals/insert.sql",
        seal.position,
        seal.at,
        seal.relation.map(Relation::name),
        seal.horizon,
        seal.snapshot,
        seal.rows,
        &ids,
        digests,
        ids.first().copied(),
        ids.last().copied(),
        seal.link.0.as_slice(),
    )
    .execute(store)
    .await?;
    Ok(())
}

/// The seals after one and up to another, in their order, and no more than `most`.
pub async fn walk(
    store: impl PgExecutor<'_>,
    after: i64,
    until: i64,
    most: i64,
) -> Result<Vec<Seal>, StoreError> {
    let rows = sqlx::query_file!("../sql/seals/walk.sql", after, until, most).fetch_all(store).await?;
    let seals = rows.into_iter().map(|row| {
        let digests = row.digests.as_chunks::<32>().0.iter().map(|bytes| Digest(*bytes));
        Ok(Seal {
            position: row.position,
            at: row.at,
            relation: row.relation.as_deref().and_then(Relation::named),
            horizon: row.horizon,
            snapshot: row.snapshot,
            rows: row.rows,
            entries: row.ids.into_iter().zip(digests).map(|(id, digest)| Entry { id, digest }).collect(),
            link: digest(&row.link)?,
        })
    });
    seals.collect()
}

pub async fn last_position(store: impl PgExecutor<'_>) -> Result<i64, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/last_position.sql").fetch_one(store).await?)
}

/// The first seal that lists a row from this identifier on.
pub async fn first_since(store: impl PgExecutor<'_>, since: Uuid) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/first_since.sql", since).fetch_one(store).await?)
}

/// The last seal that lists a row before this identifier.
pub async fn last_before(store: impl PgExecutor<'_>, until: Uuid) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_file_scalar!("../sql/seals/last_before.sql", until).fetch_one(store).await?)
}

/// Writes down how far everything is sealed, for those who look.
pub async fn keep(store: &mut Transaction, sealed_to: OffsetDateTime) -> Result<(), StoreError> {
    sqlx::query_file!("../sql/seals/keep.sql", sealed_to).execute(store).await?;
    Ok(())
}

/// How the chain stands.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub sealed_to: Option<OffsetDateTime>,
    pub rows: Option<i64>,
    pub checkpoint_at: Option<OffsetDateTime>,
    pub checkpoint_rows: Option<i64>,
    /// Which key signed the last checkpoint.
    pub key_id: Option<String>,
    pub verified_at: Option<OffsetDateTime>,
    /// What was found then.
    pub verified: Option<serde_json::Value>,
}

pub async fn state(store: impl PgExecutor<'_>) -> Result<State, StoreError> {
    Ok(sqlx::query_file_as!(State, "../sql/seals/state.sql").fetch_one(store).await?)
}

/// Whoever changed the length of a digest goes past our own rules of the table.
pub(super) fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    let digest = bytes.try_into().map(Digest);
    digest.map_err(|_| sqlx::Error::Decode("a digest has not 32 bytes".into()).into())
}
