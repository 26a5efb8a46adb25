//! Operators (<https://www.postgresql.org/docs/current/functions.html>), by spelling.

use crate::tree::{Operator, Sign};

/// The infix operators of `pg_catalog`, and those of the extensions that are in common use.
///
/// An operator of an extension exists only where its schema is on the executor's search path, so naming it here
/// opens nothing.
#[rustfmt::skip]
const INFIX: &[&str] = &[
    // comparison
    "=", "<>", "<", "<=", ">", ">=",
    // arithmetic and bits
    "+", "-", "*", "/", "%", "^", "&", "|", "#", "<<", ">>",
    // text and patterns
    "||", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*", "^@",
    // json, jsonb and arrays
    "->", "->>", "#>", "#>>", "@>", "<@", "#-", "@?", "@@", "?", "?&", "?|", "&&",
    // ranges and geometry
    "-|-", "&<", "&>", "<->", "##", "<<|", "|>>", "&<|", "|&>", "<^", ">^", "?#", "?-", "?|", "?-|", "?||", "~=",
    // network addresses
    "<<=", ">>=",
    // pg_trgm and PostGIS
    "<%", "%>", "<<%", "%>>", "<<->", "<->>", "<<<->", "<->>>", "<#>", "|=|", "&&&",
];

const PREFIX: &[&str] = &["+", "-", "~", "@", "|/", "||/", "@-@", "@@", "#", "?-", "?|", "!!"];

pub(crate) fn infix(spelling: &str) -> Option<Operator> {
    INFIX.iter().find(|&&known| known == spelling).map(|&known| Operator(known))
}

pub(crate) fn prefix(spelling: &str) -> Option<Sign> {
    PREFIX.iter().find(|&&known| known == spelling).map(|&known| Sign(known))
}
