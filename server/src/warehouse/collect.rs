//! Taking in the rows that the warehouse sends, up to the caps.

use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row, ValueRef};

use super::gateway::Inner;
use super::json::Rows;
use super::run::Fetch;
use super::summary::Columns;
use crate::model::answer::Summary;

/// Rows beyond the byte cap that are read and thrown away, because a connection that is read to the end can be used
/// again. A result that goes on longer costs its connection.
const LONGEST_REMAINDER: u64 = 4 << 20;

/// The rows as far as the caps let them.
pub(super) struct Collected {
    pub(super) rows: String,
    pub(super) cut_cells: u64,
    pub(super) row_count: u64,
    pub(super) bytes: u64,
    pub(super) truncated: bool,
    /// Of all rows that were read, where some of them were kept back and the profile wants it.
    pub(super) summary: Option<Vec<Summary>>,
    /// Whether the connection has said all that it had to say.
    pub(super) whole: bool,
}

impl Collected {
    pub(super) fn nothing() -> Self {
        let (rows, cut_cells) = Rows::new(0).finish();
        Self { rows, cut_cells, row_count: 0, bytes: 0, truncated: false, summary: None, whole: true }
    }
}

/// Fetches the rows: at most `cap` of them, and no more bytes than there may be.
pub(super) async fn collect(
    connection: &mut PgConnection,
    fetch: &Fetch,
    names: &[String],
    cap: u64,
    gateway: &Inner,
) -> sqlx::Result<Collected> {
    let Fetch { text, forms } = fetch;
    let limits = gateway.limits;
    let mut stream = sqlx::query(AssertSqlSafe(text.text.as_str())).persistent(false).fetch(connection);
    let mut summary = gateway.tools.summaries.then(|| Columns::new(names, forms));
    let mut rows = Rows::new(usize::try_from(limits.cell).unwrap_or(usize::MAX));
    let (mut row_count, mut bytes, mut remainder) = (0, 0, 0);
    let (mut truncated, mut whole) = (false, true);
    while let Some(row) = stream.try_next().await? {
        let cells = cells(&row, forms.len())?;
        if let Some(summary) = &mut summary {
            summary.add(&cells);
        }
        let size: u64 = cells.iter().flatten().map(|cell| cell.len() as u64).sum();
        truncated = truncated || row_count == cap || (row_count > 0 && bytes + size > limits.bytes);
        if truncated {
            remainder += size;
            if remainder > LONGEST_REMAINDER {
                whole = false;
                break;
            }
        } else {
            rows.push(forms.iter().zip(cells));
            row_count += 1;
            bytes += size;
        }
    }
    let (rows, cut_cells) = rows.finish();
    let summary = summary.filter(|_| truncated).map(Columns::finish);
    Ok(Collected { rows, cut_cells, row_count, bytes, truncated, summary, whole })
}

/// The cells of a row as they came.
fn cells(row: &PgRow, columns: usize) -> sqlx::Result<Vec<Option<&[u8]>>> {
    (0..columns)
        .map(|column| {
            let value = row.try_get_raw(column)?;
            if value.is_null() { Ok(None) } else { value.as_bytes().map(Some).map_err(sqlx::Error::Decode) }
        })
        .collect()
}
