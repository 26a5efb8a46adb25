//! Why a statement was refused: a closed list of words, stable in audit, protocol and documents.

use std::fmt;

/// The reason for a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Not one statement of PostgreSQL that the gate can read.
    ParseError,
    /// More than one statement.
    MultiStatement,
    /// Something else than a `SELECT` or a set operation of them.
    NonSelectRoot,
    /// A `WITH` member that writes.
    WriteableCte,
    /// `SELECT INTO` creates a table.
    SelectInto,
    /// The catalogue or the information schema.
    SystemSchema,
    /// A relation that is not on the surface.
    DisallowedTable,
    /// A column that is not on the surface, or a name that could mean two columns.
    DisallowedColumn,
    /// A function that is not on the list.
    DisallowedFunction,
    /// A form of the language that the gate does not admit.
    DisallowedConstruct,
    /// `*`, or a whole row where columns should be named.
    SelectStar,
    /// Too long, too deep, or too large once it is expanded.
    TooComplex,
}

impl Reason {
    pub const ALL: [Self; 12] = [
        Self::ParseError,
        Self::MultiStatement,
        Self::NonSelectRoot,
        Self::WriteableCte,
        Self::SelectInto,
        Self::SystemSchema,
        Self::DisallowedTable,
        Self::DisallowedColumn,
        Self::DisallowedFunction,
        Self::DisallowedConstruct,
        Self::SelectStar,
        Self::TooComplex,
    ];

    /// The stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ParseError => "parse_error",
            Self::MultiStatement => "multi_statement",
            Self::NonSelectRoot => "non_select_root",
            Self::WriteableCte => "writeable_cte",
            Self::SelectInto => "select_into",
            Self::SystemSchema => "system_schema",
            Self::DisallowedTable => "disallowed_table",
            Self::DisallowedColumn => "disallowed_column",
            Self::DisallowedFunction => "disallowed_function",
            Self::DisallowedConstruct => "disallowed_construct",
            Self::SelectStar => "select_star",
            Self::TooComplex => "too_complex",
        }
    }

    /// What to do about it in general; a [`Refusal`](crate::Refusal) often knows better.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::ParseError => "send one complete PostgreSQL SELECT statement",
            Self::MultiStatement => "send one statement at a time",
            Self::NonSelectRoot => "only SELECT is possible here; data can be read, never changed",
            Self::WriteableCte => "members of WITH must be SELECT; data can be read, never changed",
            Self::SelectInto => "leave INTO out; the rows come back as the answer",
            Self::SystemSchema => {
                "the catalogue cannot be read; use the tools `list_tables` and `describe_table` to explore"
            }
            Self::DisallowedTable => "read only tables that `list_tables` shows",
            Self::DisallowedColumn => "read only columns that `describe_table` shows",
            Self::DisallowedFunction => {
                "use the ordinary functions for text, numbers, dates, JSON and aggregates"
            }
            Self::DisallowedConstruct => {
                "write the query with plain SELECT, JOIN, WHERE, GROUP BY and ORDER BY"
            }
            Self::SelectStar => "name the columns that are needed instead of taking all",
            Self::TooComplex => "make the statement smaller, or ask in several steps",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_word_of_its_own() {
        let mut codes: Vec<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
