//! An answer: what the warehouse said to one statement.

use std::time::Duration;

/// The rows of one statement, as JSON, and what was left out of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub columns: Vec<String>,
    /// A JSON array with one array per row, as `docs/types.md` tells.
    pub rows: String,
    pub row_count: u64,
    /// What the rows measured as the warehouse sent them.
    pub bytes: u64,
    /// There were more rows, and our own caps kept them back.
    pub truncated: bool,
    /// So many cells were longer than a cell may be, and end in a mark.
    pub cut_cells: u64,
    /// What was read, column by column, where the profile has that told of results that were cut.
    pub summary: Option<Vec<Summary>>,
    /// How far the standby that was read is behind its primary; `None` where the primary itself was read.
    pub lag: Option<Duration>,
    /// The very text that the warehouse was sent.
    pub executed: String,
}

/// One column of the rows that were read, those that were kept back included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub column: String,
    /// Values that are not null.
    pub count: u64,
    pub nulls: u64,
    pub distinct: u64,
    /// The least and the greatest value, numbers by their size and everything else by its text.
    pub least: Option<String>,
    pub greatest: Option<String>,
}
