//! Relations: those that are declared, and those that a role may touch.

use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row};
use std::collections::HashMap;

use crate::model::profile::Declared;
use crate::model::reach::{Access, Grant, Grantee, Kind, Relation};

pub(super) async fn read(
    connection: &mut PgConnection,
    names: &[String],
    declared: &[Declared],
) -> sqlx::Result<Vec<Relation>> {
    let schemas: Vec<&str> = declared.iter().map(|relation| relation.schema.as_str()).collect();
    let relations: Vec<&str> = declared.iter().map(|relation| relation.name.as_str()).collect();
    let rows = sqlx::query(include_str!("relations.sql"))
        .bind(names)
        .bind(schemas)
        .bind(relations)
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    let mut found: Vec<(Oid, Relation)> = rows.iter().map(relation).collect::<sqlx::Result<_>>()?;
    let ids: Vec<Oid> = found.iter().map(|(id, _)| *id).collect();
    let mut accesses = by_relation(connection, include_str!("access.sql"), &ids, names, access).await?;
    let mut grants = by_relation(connection, include_str!("grants.sql"), &ids, names, grant).await?;
    for (id, relation) in &mut found {
        relation.access = accesses.remove(id).unwrap_or_default();
        relation.grants = grants.remove(id).unwrap_or_default();
    }
    Ok(found.into_iter().map(|(_, relation)| relation).collect())
}

async fn by_relation<T>(
    connection: &mut PgConnection,
    sql: &'static str,
    ids: &[Oid],
    names: &[String],
    read: impl Fn(&PgRow) -> sqlx::Result<T>,
) -> sqlx::Result<HashMap<Oid, Vec<T>>> {
    let rows = sqlx::query(sql).bind(ids).bind(names).persistent(false).fetch_all(connection).await?;
    let mut found: HashMap<Oid, Vec<T>> = HashMap::new();
    for row in rows {
        found.entry(row.try_get("relation")?).or_default().push(read(&row)?);
    }
    Ok(found)
}

fn relation(row: &PgRow) -> sqlx::Result<(Oid, Relation)> {
    let names: Vec<String> = row.try_get("columns")?;
    let types: Vec<String> = row.try_get("types")?;
    let relation = Relation {
        schema: row.try_get("schema")?,
        name: row.try_get("name")?,
        kind: kind(row.try_get("kind")?),
        owner: row.try_get("owner")?,
        columns: names.into_iter().zip(types).collect(),
        definition: row.try_get("definition")?,
        shows_the_store: row.try_get("shows_the_store")?,
        access: Vec::new(),
        grants: Vec::new(),
    };
    Ok((row.try_get("id")?, relation))
}

fn access(row: &PgRow) -> sqlx::Result<Access> {
    Ok(Access {
        role: row.try_get("role")?,
        is_open: row.try_get("is_open")?,
        readable: row.try_get("readable")?,
        others: row.try_get("others")?,
    })
}

fn grant(row: &PgRow) -> sqlx::Result<Grant> {
    Ok(Grant {
        grantee: row.try_get::<Option<String>, _>("grantee")?.map_or(Grantee::Public, Grantee::Role),
        privilege: row.try_get("privilege")?,
        column: row.try_get("column_name")?,
        is_grantable: row.try_get("is_grantable")?,
    })
}

fn kind(letter: &str) -> Kind {
    match letter {
        "r" => Kind::Table,
        "p" => Kind::PartitionedTable,
        "v" => Kind::View,
        "m" => Kind::MaterializedView,
        "f" => Kind::ForeignTable,
        "S" => Kind::Sequence,
        _ => Kind::Other,
    }
}
