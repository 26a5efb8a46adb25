//! From text to the parser's tree: PostgreSQL's own words, caps before everything else, one query and nothing after it.

mod call;
mod caps;
mod dialect;
mod infix;
mod lex;
mod operator;
mod parse;
mod prefix;
mod slip;
mod strings;

pub(crate) use self::parse::{Author, Words};
