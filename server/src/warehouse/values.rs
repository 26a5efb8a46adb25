//! The values of columns whose declaration says that they may be told. They are read as the profile's role, on behalf of
//! nobody: where a view shows each person their own rows, there are none.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::model::catalog::{Catalog, Values};
use crate::model::profile::Declared;
use gate::sql_name;

/// A column with more values is no list to choose from.
const MOST: usize = 50;
/// Rows that are looked at: enough for a column of few values, and quick for a table of any size.
const ROWS: usize = 100_000;

/// Fills in the values. A column that cannot be read in time stays without; the catalogue matters more.
pub(super) async fn tell(
    connection: &mut PgConnection,
    declared: &[Declared],
    catalog: &mut Catalog,
) -> sqlx::Result<()> {
    for relation in &mut catalog.relations {
        let is_it =
            |declared: &&Declared| declared.schema == relation.schema && declared.name == relation.name;
        let Some(declared) = declared.iter().find(is_it) else { continue };
        for column in &mut relation.columns {
            if declared.values.contains(&column.name) {
                column.values = read(connection, &relation.schema, &relation.name, &column.name).await?;
            }
        }
    }
    Ok(())
}

async fn read(
    connection: &mut PgConnection,
    schema: &str,
    name: &str,
    column: &str,
) -> sqlx::Result<Option<Values>> {
    let (schema, name, column) = (sql_name(schema), sql_name(name), sql_name(column));
    let sql = format!(
        "with looked_at as materialized (
            select {column}::pg_catalog.text as value from {schema}.{name} limit {}
        ), kinds as (
            select value from looked_at where value is not null group by value order by value limit {}
        )
        select array(select pg_catalog.left(value, 100) from kinds), (select count(*) from looked_at)",
        ROWS + 1,
        MOST + 1,
    );
    sqlx::raw_sql("savepoint the_values").execute(&mut *connection).await?;
    let read = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_one(&mut *connection).await;
    let row = match read {
        Ok(row) => row,
        Err(sqlx::Error::Database(error)) => {
            tracing::warn!(%error, column = format_args!("{schema}.{name}.{column}"), "its values cannot be told");
            sqlx::raw_sql("rollback to savepoint the_values").execute(&mut *connection).await?;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let (mut seen, rows): (Vec<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
    let complete = seen.len() <= MOST && usize::try_from(rows).is_ok_and(|rows| rows <= ROWS);
    seen.truncate(MOST);
    Ok(Some(Values { seen, complete }))
}
