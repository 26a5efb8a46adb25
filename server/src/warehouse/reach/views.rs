//! The schema of a profile's views, and what the owner of the views can do.

use sqlx::{PgConnection, Row};

use super::{relations, roles};
use crate::model::reach::{FoundView, Reach, ViewSchema};
use crate::model::view::{Views, read_comment};

pub(super) async fn read(connection: &mut PgConnection, views: &Views) -> sqlx::Result<ViewSchema> {
    let mut found = stand(connection, views).await?;
    // Without views nobody needs an owner, and whoever has that name is somebody else.
    if !views.is_empty() {
        found.owner_reach = of_the_owner(connection, views).await?;
    }
    Ok(found)
}

/// What stands in the schema.
pub(in crate::warehouse) async fn stand(
    connection: &mut PgConnection,
    views: &Views,
) -> sqlx::Result<ViewSchema> {
    let rows = sqlx::query(include_str!("views.sql"))
        .bind(&views.schema)
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let mut found = ViewSchema::default();
    for row in rows {
        found.schema_owner = row.try_get("schema_owner")?;
        let Some(name) = row.try_get("name")? else { continue };
        let comment: Option<String> = row.try_get("comment")?;
        let (said, mark) = comment.as_deref().map(read_comment).unwrap_or_default();
        found.relations.push(FoundView {
            name,
            owner: row.try_get("owner")?,
            comment: said.map(str::to_owned),
            mark,
            printed: row.try_get("printed")?,
            has_barrier: row.try_get("has_barrier")?,
            reads_as_asker: row.try_get("reads_as_asker")?,
            reads: row.try_get("reads")?,
        });
    }
    Ok(found)
}

async fn of_the_owner(connection: &mut PgConnection, views: &Views) -> sqlx::Result<Reach> {
    let names = [views.owner.clone()];
    let mut reach = roles::read(connection, &names).await?;
    reach.relations = relations::read(connection, &names, &views.sources()).await?;
    Ok(reach)
}
