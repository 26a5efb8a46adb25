//! What an operator may loosen or tighten, profile by profile.

use std::collections::BTreeMap;

/// The choices that a statement is judged by. The default is the strictest reading of the language.
#[derive(Clone, Debug)]
pub struct Policy {
    pub select_star: SelectStar,
    pub offset: Offset,
    /// Longest statement in bytes; never more than [`Policy::MOST_BYTES`].
    pub max_bytes: usize,
    /// Most leaves (columns, literals, calls without arguments) that the statement may have
    /// after PostgreSQL has inlined its CTEs and derived tables.
    pub max_leaves: u64,
    /// Most bytes that one value may grow to from the statement's own literals.
    pub max_growth: u64,
    /// Set-returning functions of the catalogue that may be called, by name.
    pub set_returning: Vec<String>,
    /// Whether those may stand in `FROM` as well.
    pub table_functions: TableFunctions,
    /// Most rows that `generate_series` may give.
    pub max_series: u64,
    pub recursion: Recursion,
    /// Functions of extensions by name, with the schema in which the extension lives.
    pub extension_functions: BTreeMap<String, String>,
    /// Types of extensions by name, with the schema in which the extension lives. Values can be cast to them.
    pub extension_types: BTreeMap<String, String>,
    /// Operators of extensions by spelling, with the schema in which the extension lives. Only those that PostgreSQL
    /// itself does not have: the others are found along the executor's search path.
    pub extension_operators: BTreeMap<String, String>,
}

/// Whether functions that return rows may stand in `FROM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFunctions {
    Refuse,
    Allow,
}

/// What becomes of `WITH RECURSIVE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recursion {
    Refuse,
    /// A member that refers to itself must count its steps, and stop at a number of at most this.
    Bounded(u32),
}

/// What becomes of `*` in a select list. A whole-row reference is refused in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectStar {
    Refuse,
    /// Written out as the readable columns.
    Expand,
}

/// What becomes of `OFFSET`: the server reads and throws away every row that it skips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    Refuse,
    Allow,
}

impl Policy {
    pub const MOST_BYTES: usize = 1 << 20;
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            select_star: SelectStar::Refuse,
            offset: Offset::Refuse,
            max_bytes: Self::MOST_BYTES,
            max_leaves: 20_000,
            max_growth: 16 << 20,
            set_returning: Vec::new(),
            table_functions: TableFunctions::Refuse,
            max_series: 10_000,
            recursion: Recursion::Refuse,
            extension_functions: BTreeMap::new(),
            extension_types: BTreeMap::new(),
            extension_operators: BTreeMap::new(),
        }
    }
}
