//! The proof that a statement may run.

use crate::RelationName;

/// A statement that was judged and may run, as the text that our printer wrote.
///
/// Only [`judge`](crate::judge) makes one. It is not `Clone`, so that one verdict runs at most once.
#[derive(Debug)]
pub struct Admitted {
    text: String,
    relations: Vec<RelationName>,
    columns: Vec<(RelationName, String)>,
    functions: Vec<String>,
    outputs: Vec<String>,
    limit: Option<u64>,
}

/// What a statement reads and returns, as the lowering found it.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) relations: Vec<RelationName>,
    pub(crate) columns: Vec<(RelationName, String)>,
    pub(crate) functions: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) limit: Option<u64>,
}

impl Admitted {
    pub(crate) fn new(text: String, findings: Findings) -> Self {
        let Findings { relations, columns, functions, outputs, limit } = findings;
        Self { text, relations, columns, functions, outputs, limit }
    }

    /// The canonical SQL: the only text that may be executed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The relations read, sorted.
    #[must_use]
    pub fn relations(&self) -> &[RelationName] {
        &self.relations
    }

    /// The columns read, sorted, each with its relation.
    #[must_use]
    pub fn columns(&self) -> &[(RelationName, String)] {
        &self.columns
    }

    /// The functions called, sorted, as the catalogue names them: `btrim` for `TRIM`, `timezone` for `AT TIME ZONE`,
    /// nothing for grammar such as `coalesce`. Those of extensions carry their schema.
    #[must_use]
    pub fn functions(&self) -> &[String] {
        &self.functions
    }

    /// The names of the result's columns, in their order.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        &self.outputs
    }

    /// The statement's own outermost `LIMIT`.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.limit
    }
}
