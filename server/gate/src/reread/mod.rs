//! The second lock: a reader of nothing but the canonical language.
//!
//! It knows neither the printer nor the parser nor the lowering: it goes from the printed text straight to our tree, by
//! PostgreSQL's grammar and lexical rules, and judges what it reads by itself. What it accepts is
//!
//! - one way to say each thing: single blanks, small keywords, every identifier in quotes, brackets around every
//!   operand that is not atomic. A text that it accepts prints itself;
//! - functions, types, operators and collations of the catalogue or the policy, with their schema;
//! - relations and columns of the surface, each name resolved as PostgreSQL resolves it (`scope`).
//!
//! Nothing here guesses or goes back: whatever else stands in the text is a fault of ours, and the statement does not run.

mod call;
mod cursor;
mod expr;
mod group;
mod predicate;
mod query;
mod scope;
mod select;
mod source;
#[cfg(test)]
mod tests;
mod types;
mod with;

use std::fmt;

use self::scope::Member;
use crate::{
    Policy, Surface,
    tree::{Name, Query},
};

/// Reads one canonical statement.
pub(crate) fn reread(text: &str, surface: &Surface, policy: &Policy) -> Result<Query, Fault> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        surface,
        policy,
        references: Vec::with_capacity(64),
        members: Vec::new(),
        uses: Vec::new(),
    };
    let query = reader.query()?;
    if reader.at != text.len() {
        return reader.fault("the end");
    }
    if !reader.references.is_empty() {
        return reader.fault("columns of a source in reach");
    }
    Ok(query)
}

/// Why the text was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Where it is not canonical, and what should stand there.
    NotCanonical { at: usize, wanted: &'static str },
    /// A statement without brackets can be deep, too: the operands of `NOT NOT NOT x` get them.
    TooDeep,
}

type Read<T> = Result<T, Fault>;

/// More levels than any statement within the caps has, few enough for the stack that such statements are given.
const MOST_LEVELS: usize = 8_000;

struct Reader<'t, 's> {
    text: &'t str,
    at: usize,
    /// Expressions and queries that are open.
    depth: usize,
    surface: &'s Surface,
    policy: &'s Policy,
    /// Columns by alias and name that no source has answered for yet.
    references: Vec<(Name, Name)>,
    /// The members of `WITH` in reach, the nearest last.
    members: Vec<Member>,
    /// Which member each name in `FROM` meant, by its place among those in reach.
    uses: Vec<(Name, usize)>,
}

impl Reader<'_, '_> {
    fn fault<T>(&self, wanted: &'static str) -> Read<T> {
        Err(Fault::NotCanonical { at: self.at, wanted })
    }

    /// Opens an expression or a query, which the caller closes by taking one away again.
    fn enter(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > MOST_LEVELS { Err(Fault::TooDeep) } else { Ok(()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCanonical { at, wanted } => write!(f, "byte {at} of the canonical text is not {wanted}"),
            Self::TooDeep => f.write_str("the statement nests too deeply"),
        }
    }
}
