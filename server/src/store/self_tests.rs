//! How the last self-test of each profile went.

use crate::model::self_test::SelfTested;
use crate::store::StoreError;
use sqlx::postgres::PgExecutor;

/// Keeps it in the place of the one before.
pub async fn keep(store: impl PgExecutor<'_>, tested: &SelfTested) -> Result<(), StoreError> {
    let tried = i32::try_from(tested.tried).unwrap_or(i32::MAX);
    sqlx::query_file!("../sql/self_tests/keep.sql", tested.profile, tested.at, tried, &tested.faults)
        .execute(store)
        .await?;
    Ok(())
}

/// By the names of the profiles.
pub async fn list(store: impl PgExecutor<'_>) -> Result<Vec<SelfTested>, StoreError> {
    let rows = sqlx::query_file!("../sql/self_tests/list.sql").fetch_all(store).await?;
    let tested = rows.into_iter().map(|row| SelfTested {
        profile: row.profile,
        at: row.at,
        tried: u32::try_from(row.tried).unwrap_or_default(),
        faults: row.faults,
    });
    Ok(tested.collect())
}
