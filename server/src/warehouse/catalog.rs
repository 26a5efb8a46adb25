//! Reading the warehouse's catalogue for one profile: three statements, however many relations are declared.
//!
//! Invariant: what comes back names nothing that is not both declared for the profile and granted to its role.

use std::collections::HashMap;

use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row};
use tokio::time::{Instant, timeout};

use super::fault::{Fault, Overrun};
use super::form;
use super::gateway::{GRACE, Gateway, Inner};
use super::guard::Entry;
use super::lease::Lease;
use super::values;
use crate::model::catalog::{Catalog, Column, ForeignKey, Gap, Relation, RelationKind};
use crate::model::profile::Declared;
use crate::model::view::read_comment;

/// What the profile's role can see of the declared relations.
pub async fn catalog(gateway: &Gateway, declared: &[Declared]) -> Result<Catalog, Fault> {
    let gateway = &gateway.0;
    let mut lease = enter(gateway, "portcullis catalogue").await?;
    let deadline = gateway.patience.statement + GRACE;
    let started = Instant::now();
    let reading = async {
        let connection = &mut lease.connection;
        let mut catalog = read(connection, declared).await?.sorted_out(declared, gateway.guard.role());
        values::tell(connection, declared, &mut catalog).await?;
        Ok::<_, sqlx::Error>(catalog)
    };
    let Ok(read) = timeout(deadline, reading).await else {
        return Err(Fault::Timeout(Overrun::Deadline(deadline)));
    };
    let catalog =
        read.map_err(|error| Fault::running(&error, gateway.patience, started.elapsed(), &(0..0)))?;
    lease.settle();
    // Types may have changed with the relations; their next reader asks again.
    form::known(gateway).clear();
    gateway.shapes.forget();
    Ok(catalog)
}

/// Enters the profile's role for a purpose of our own, on behalf of nobody.
pub(super) async fn enter(gateway: &std::sync::Arc<Inner>, purpose: &str) -> Result<Lease, Fault> {
    let nobody = vec![String::new(); gateway.guard.context_settings()];
    Lease::open(gateway, &Entry { name: purpose.to_owned(), context: &nobody }).await
}

/// The warehouse's word on the declaration, before it is compared with it.
struct Found {
    /// One for each declared relation, in their order.
    relations: Vec<Option<FoundRelation>>,
    columns: HashMap<Oid, Vec<FoundColumn>>,
    foreign_keys: Vec<FoundKey>,
}

struct FoundRelation {
    id: Oid,
    kind: Option<RelationKind>,
    open: bool,
    comment: Option<String>,
    estimated_rows: Option<u64>,
}

struct FoundColumn {
    column: Column,
    granted: bool,
}

struct FoundKey {
    relation: Oid,
    target: Oid,
    columns: Vec<String>,
    target_columns: Vec<String>,
}

async fn read(connection: &mut PgConnection, declared: &[Declared]) -> sqlx::Result<Found> {
    let relations = relations(connection, declared).await?;
    let ids: Vec<Oid> = relations.iter().flatten().map(|relation| relation.id).collect();
    let columns = columns(connection, &ids).await?;
    let foreign_keys = foreign_keys(connection, &ids).await?;
    Ok(Found { relations, columns, foreign_keys })
}

async fn relations(
    connection: &mut PgConnection,
    declared: &[Declared],
) -> sqlx::Result<Vec<Option<FoundRelation>>> {
    let schemas: Vec<&str> = declared.iter().map(|relation| relation.schema.as_str()).collect();
    let names: Vec<&str> = declared.iter().map(|relation| relation.name.as_str()).collect();
    let rows = sqlx::query(include_str!("catalog_relations.sql"))
        .bind(schemas)
        .bind(names)
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let found = rows.into_iter().map(|row| {
        let Some(id) = row.try_get("id")? else { return Ok(None) };
        Ok(Some(FoundRelation {
            id,
            kind: kind(row.try_get("kind")?),
            open: row.try_get("open")?,
            comment: row.try_get::<Option<String>, _>("comment")?.and_then(said),
            estimated_rows: row.try_get::<Option<f64>, _>("estimated_rows")?.map(whole),
        }))
    });
    found.collect()
}

async fn columns(connection: &mut PgConnection, ids: &[Oid]) -> sqlx::Result<HashMap<Oid, Vec<FoundColumn>>> {
    let rows = sqlx::query(include_str!("catalog_columns.sql"))
        .bind(ids)
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let mut columns: HashMap<Oid, Vec<FoundColumn>> = HashMap::new();
    for row in rows {
        let column = Column {
            name: row.try_get("name")?,
            data_type: row.try_get("data_type")?,
            base_type: row.try_get("base_type")?,
            nullable: row.try_get("nullable")?,
            comment: row.try_get("comment")?,
            enum_labels: row.try_get("enum_labels")?,
            values: None,
            primary_key: row
                .try_get::<Option<i32>, _>("primary_key")?
                .and_then(|place| place.try_into().ok()),
        };
        let granted = row.try_get("granted")?;
        columns.entry(row.try_get("relation")?).or_default().push(FoundColumn { column, granted });
    }
    Ok(columns)
}

async fn foreign_keys(connection: &mut PgConnection, ids: &[Oid]) -> sqlx::Result<Vec<FoundKey>> {
    let rows = sqlx::query(include_str!("catalog_foreign_keys.sql"))
        .bind(ids)
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let keys = rows.into_iter().map(|row| {
        Ok(FoundKey {
            relation: row.try_get("relation")?,
            target: row.try_get("target")?,
            columns: row.try_get("columns")?,
            target_columns: row.try_get("target_columns")?,
        })
    });
    keys.collect()
}

impl Found {
    /// What is both declared and granted; what is declared and missing becomes a gap.
    fn sorted_out(mut self, declared: &[Declared], role: &str) -> Catalog {
        let mut gaps = Vec::new();
        let mut readable: Vec<(Oid, Relation)> = Vec::new();
        for (declared, found) in declared.iter().zip(self.relations) {
            let columns = found.as_ref().and_then(|found| self.columns.remove(&found.id)).unwrap_or_default();
            match sort_out(declared, found, columns, role, &mut gaps) {
                Ok(relation) => readable.push(relation),
                Err(gap) => gaps.extend(gap),
            }
        }
        let keys: Vec<(Oid, ForeignKey)> =
            self.foreign_keys.into_iter().filter_map(|key| key.between(&readable)).collect();
        for (source, key) in keys {
            if let Some((_, relation)) = readable.iter_mut().find(|(id, _)| *id == source) {
                relation.foreign_keys.push(key);
            }
        }
        let mut relations: Vec<Relation> = readable.into_iter().map(|(_, relation)| relation).collect();
        relations.sort_by(|a, b| (&a.schema, &a.name).cmp(&(&b.schema, &b.name)));
        Catalog { relations, gaps }
    }
}

fn sort_out(
    declared: &Declared,
    found: Option<FoundRelation>,
    columns: Vec<FoundColumn>,
    role: &str,
    gaps: &mut Vec<Gap>,
) -> Result<(Oid, Relation), Option<Gap>> {
    let (schema, name, role) = (declared.schema.clone(), declared.name.clone(), role.to_owned());
    let Some(found) = found else { return Err(Some(Gap::NoRelation { schema, name })) };
    let Some(kind) = found.kind else { return Err(Some(Gap::NotReadable { schema, name })) };
    if !found.open {
        return Err(Some(Gap::SchemaClosed { schema, name, role }));
    }
    if !columns.iter().any(|column| column.granted) {
        return Err(Some(Gap::NotGranted { schema, name, role }));
    }
    for wanted in declared.columns.iter().flatten() {
        let (schema, name, column) = (schema.clone(), name.clone(), wanted.clone());
        match columns.iter().find(|column| column.column.name == *wanted) {
            None => gaps.push(Gap::NoColumn { schema, name, column }),
            Some(found) if !found.granted => {
                gaps.push(Gap::ColumnNotGranted { schema, name, column, role: role.clone() });
            }
            Some(_) => {}
        }
    }
    let is_declared = |name: &String| declared.columns.as_ref().is_none_or(|columns| columns.contains(name));
    let columns: Vec<Column> = columns
        .into_iter()
        .filter(|found| found.granted && is_declared(&found.column.name))
        .map(|found| found.column)
        .collect();
    if columns.is_empty() {
        return Err(None);
    }
    let FoundRelation { id, open: _, kind: _, comment, estimated_rows } = found;
    Ok((id, Relation { schema, name, kind, comment, estimated_rows, columns, foreign_keys: Vec::new() }))
}

impl FoundKey {
    /// The key, if both of its ends are readable whole.
    fn between(self, readable: &[(Oid, Relation)]) -> Option<(Oid, ForeignKey)> {
        let Self { relation, target, columns, target_columns } = self;
        let end = |id: Oid, names: &[String]| {
            let (_, relation) = readable.iter().find(|(other, _)| *other == id)?;
            let is_readable = |name: &String| relation.columns.iter().any(|column| column.name == *name);
            names.iter().all(is_readable).then_some(relation)
        };
        end(relation, &columns)?;
        let Relation { schema, name, .. } = end(target, &target_columns)?;
        let (target_schema, target_name) = (schema.clone(), name.clone());
        Some((relation, ForeignKey { columns, target_schema, target_name, target_columns }))
    }
}

/// What the author of a comment says, without our mark.
fn said(comment: String) -> Option<String> {
    match read_comment(&comment) {
        (said, Some(_mark)) => said.map(str::to_owned),
        (_, None) => Some(comment),
    }
}

fn kind(letter: Option<&str>) -> Option<RelationKind> {
    match letter? {
        "r" => Some(RelationKind::Table),
        "p" => Some(RelationKind::PartitionedTable),
        "v" => Some(RelationKind::View),
        "m" => Some(RelationKind::MaterializedView),
        "f" => Some(RelationKind::ForeignTable),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of rows, never negative"
)]
fn whole(estimate: f64) -> u64 {
    estimate as u64
}
