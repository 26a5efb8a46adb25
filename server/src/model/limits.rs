//! How much one answer may hold.

/// The caps of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows where neither the caller nor the statement says how many.
    pub default_rows: u64,
    /// Rows at most, whatever is asked.
    pub hard_rows: u64,
    /// Bytes of rows at most, counted from the second row on, so that one row always arrives.
    pub bytes: u64,
    /// Bytes of one cell at most; a longer one is cut at a character.
    pub cell: u64,
}
