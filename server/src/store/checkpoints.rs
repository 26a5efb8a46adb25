//! Checkpoints of the chain. Rows are only ever added.

use crate::model::chain::{Checkpoint, Signature};
use crate::store::StoreError;
use crate::store::seals::digest;
use sqlx::postgres::PgExecutor;
use time::OffsetDateTime;

pub async fn insert(store: impl PgExecutor<'_>, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    let (key_id, bytes) = parts(checkpoint.signature.as_ref());
    sqlx::query_file!(
        "../sql/checkpoints/insert.sql",
        checkpoint.position,
        checkpoint.at,
        checkpoint.rows,
        checkpoint.link.0.as_slice(),
        key_id,
        bytes,
    )
    .execute(store)
    .await?;
    Ok(())
}

pub async fn last(store: impl PgExecutor<'_>) -> Result<Option<Checkpoint>, StoreError> {
    let row = sqlx::query_file_as!(Stored, "../sql/checkpoints/last.sql").fetch_optional(store).await?;
    row.map(Stored::checkpoint).transpose()
}

/// The last one up to a seal.
pub async fn before(store: impl PgExecutor<'_>, position: i64) -> Result<Option<Checkpoint>, StoreError> {
    let row = sqlx::query_file_as!(Stored, "../sql/checkpoints/before.sql", position);
    row.fetch_optional(store).await?.map(Stored::checkpoint).transpose()
}

/// Those after a seal, in their order, and no more than `most`.
pub async fn walk(store: impl PgExecutor<'_>, after: i64, most: i64) -> Result<Vec<Checkpoint>, StoreError> {
    let rows = sqlx::query_file_as!(Stored, "../sql/checkpoints/walk.sql", after, most);
    rows.fetch_all(store).await?.into_iter().map(Stored::checkpoint).collect()
}

struct Stored {
    position: i64,
    at: OffsetDateTime,
    rows: i64,
    link: Vec<u8>,
    key_id: Option<String>,
    signature: Option<Vec<u8>>,
}

impl Stored {
    fn checkpoint(self) -> Result<Checkpoint, StoreError> {
        Ok(Checkpoint {
            position: self.position,
            link: digest(&self.link)?,
            at: self.at,
            rows: self.rows,
            signature: signature(self.key_id, self.signature),
        })
    }
}

pub(super) fn parts(signature: Option<&Signature>) -> (Option<&str>, Option<&[u8]>) {
    signature.map(|signature| (signature.key_id.as_str(), signature.bytes.as_slice())).unzip()
}

/// What is no signature is none, and is then missed.
pub(super) fn signature(key_id: Option<String>, bytes: Option<Vec<u8>>) -> Option<Signature> {
    Some(Signature { key_id: key_id?, bytes: bytes?.try_into().ok()? })
}
