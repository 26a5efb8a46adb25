//! Operators (<https://www.postgresql.org/docs/current/functions.html>), by spelling.

use crate::{
    Policy,
    tree::{Operator, Sign},
};

/// The infix operators of `pg_catalog`.
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
];

/// Operators that only extensions have. The policy says which of them there are.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    // pg_trgm
    "<%", "%>", "<<%", "%>>", "<<->", "<->>", "<<<->", "<->>>",
    // PostGIS
    "<#>", "|=|", "&&&", "<<->>", "<<#>>", "~==", "@",
    // pgvector
    "<=>", "<+>", "<~>", "<%>",
    // ltree
    "^<@", "^@>", "?~", "?^", "?@", "?<@", "?@>", "^?",
];

const PREFIX: &[&str] = &["+", "-", "~", "@", "|/", "||/", "@-@", "@@", "#", "?-", "?|", "!!"];

pub(crate) fn infix(spelling: &str, policy: &Policy) -> Option<Operator> {
    let opened = policy.extension_operators.contains_key(spelling);
    let extensions = EXTENSIONS.iter().filter(|_| opened);
    INFIX.iter().chain(extensions).find(|&&known| known == spelling).map(|&known| Operator(known))
}

/// Whether the policy can open an operator by this spelling.
#[must_use]
pub fn is_extension_operator(spelling: &str) -> bool {
    EXTENSIONS.contains(&spelling)
}

pub(crate) fn prefix(spelling: &str) -> Option<Sign> {
    PREFIX.iter().find(|&&known| known == spelling).map(|&known| Sign(known))
}
