//! One query and nothing after it.

use std::cell::Cell;

use sqlparser::{
    ast::Query,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, TokenWithSpan},
};

use super::{
    caps::{self, Caps, Measure, position},
    dialect::Postgres,
    lex::lex,
    slip,
};
use crate::{Reason, Refusal, refusal::Place};

/// Whose text is read. What we printed ourselves may nest deeper, for it has brackets that its author left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    User,
    Printer,
}

/// A statement as measured words, not yet a tree.
pub(crate) struct Words {
    words: Vec<TokenWithSpan>,
    measure: Measure,
}

/// Levels of recursion that the parser may use; each bracket takes one, and one for each level of precedence.
const RECURSION: usize = 1_000;

/// Expressions that may be read a second time because the parser tried something else first.
const SPARE_EFFORT: u32 = 20_000;

/// A text that fits the caller's stack of 2 MB in a build without optimisation.
const SMALL: Caps = Caps { words: 700, depth: 10, chain: 120, set_operations: 10 };

impl Author {
    const fn caps(self) -> Caps {
        match self {
            Self::User => Caps { words: 40_000, depth: 64, chain: 2_000, set_operations: 200 },
            Self::Printer => Caps { words: 400_000, depth: 800, chain: 20_000, set_operations: 1_000 },
        }
    }
}

impl Words {
    /// Reads the words of one statement and measures them, without recursion.
    pub(crate) fn read(sql: &str, author: Author) -> Result<Self, Refusal> {
        if let Some(at) = sql.find('\0') {
            return Err(
                Refusal::new(Reason::ParseError, "the statement holds a NUL byte").at(Some(Place(at)))
            );
        }
        let caps = author.caps();
        let words = one_statement(lex(sql, caps.words)?)?;
        check_root(&words)?;
        let measure = caps::measure(&words, caps)?;
        Ok(Self { words, measure })
    }

    /// Whether parsing and lowering need no more stack than any caller has.
    pub(crate) fn is_small(&self) -> bool {
        let Measure { words, depth, chain, prefixes, opens_query: _ } = &self.measure;
        *words <= SMALL.words && *chain <= SMALL.chain && depth + prefixes / 2 <= SMALL.depth
    }

    pub(crate) fn parse(self) -> Result<Box<Query>, Refusal> {
        let Self { words, measure } = self;
        let effort =
            u32::try_from(measure.words).unwrap_or(u32::MAX).saturating_mul(4).saturating_add(SPARE_EFFORT);
        let dialect = Postgres { opens_query: measure.opens_query, effort: Cell::new(effort) };
        let mut parser =
            Parser::new(&dialect).with_recursion_limit(RECURSION).with_tokens_with_locations(words);
        let query = parser.parse_query().map_err(|error| refusal(&error, &parser))?;
        match &parser.peek_token_ref().token {
            Token::EOF => Ok(query),
            _ => Err(unexpected(&parser)),
        }
    }
}

/// Takes the semicolons around one statement away.
fn one_statement(mut words: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, Refusal> {
    let is_semicolon = |word: &TokenWithSpan| word.token == Token::SemiColon;
    while words.last().is_some_and(is_semicolon) {
        words.pop();
    }
    let leading = words.iter().take_while(|word| is_semicolon(word)).count();
    words.drain(..leading);
    if words.is_empty() {
        return Err(Refusal::new(Reason::ParseError, "there is no statement"));
    }
    match words.iter().position(is_semicolon).and_then(|at| words.get(at + 1)) {
        Some(second) => Err(Refusal::new(Reason::MultiStatement, "a second statement follows the first")
            .at(Some(position(second)))),
        None => Ok(words),
    }
}

/// The first word decides what kind of statement it is.
fn check_root(words: &[TokenWithSpan]) -> Result<(), Refusal> {
    let Some(first) = words.iter().find(|word| word.token != Token::LParen) else { return Ok(()) };
    let Token::Word(word) = &first.token else { return Ok(()) };
    if word.quote_style.is_some() || matches!(word.keyword, Keyword::SELECT | Keyword::WITH) {
        return Ok(());
    }
    let name = word.value.to_ascii_uppercase();
    let refusal = if OTHER_STATEMENTS.contains(&name.as_str()) {
        let refusal = Refusal::new(Reason::NonSelectRoot, "is not a SELECT statement").about(name.clone());
        match name.as_str() {
            "VALUES" => refusal.advise("write SELECT column1 FROM (VALUES (1), (2)) AS v(column1)"),
            "TABLE" => refusal.advise("write SELECT with the columns that are needed"),
            "EXPLAIN" => refusal.advise("send the SELECT itself, without EXPLAIN"),
            "SHOW" | "SET" | "RESET" => {
                refusal.advise("settings are fixed here; send a SELECT over the tables")
            }
            _ => refusal,
        }
    } else {
        Refusal::new(Reason::ParseError, "begins no statement of SQL").about(word.value.clone())
    };
    Err(refusal.at(Some(position(first))))
}

/// The statements of PostgreSQL other than `SELECT` (<https://www.postgresql.org/docs/current/sql-commands.html>).
const OTHER_STATEMENTS: &[&str] = &[
    "ABORT",
    "ALTER",
    "ANALYZE",
    "ANALYSE",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DISCARD",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "GRANT",
    "IMPORT",
    "INSERT",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "PREPARE",
    "REASSIGN",
    "REFRESH",
    "REINDEX",
    "RELEASE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SECURITY",
    "SET",
    "SHOW",
    "START",
    "TABLE",
    "TRUNCATE",
    "UNLISTEN",
    "UPDATE",
    "VACUUM",
    "VALUES",
];

fn unexpected(parser: &Parser<'_>) -> Refusal {
    let word = parser.peek_token_ref();
    let refusal = Refusal::new(Reason::ParseError, "is not expected here").about(word.token.to_string());
    let refusal = match &word.token {
        _ if let Some(advice) = slip::advice(parser, position(word)) => refusal.advise(advice),
        Token::Word(word) if word.keyword == Keyword::END => refusal,
        Token::Word(_) => refusal.advise("check the spelling and the order of the clauses before this word"),
        _ => refusal,
    };
    refusal.at(Some(position(word)))
}

/// The parser's messages are for its authors; the place where it stopped is what helps.
fn refusal(error: &ParserError, parser: &Parser<'_>) -> Refusal {
    match error {
        ParserError::RecursionLimitExceeded => {
            Refusal::new(Reason::TooComplex, "the statement nests too deeply")
        }
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => {
            let (message, at) = split_location(message);
            let stopped = parser.peek_token_ref();
            let at = match message {
                // Of this message alone the place is that of the next word.
                _ if message.starts_with("Expected an expression") => {
                    Some(position(parser.get_current_token()))
                }
                _ => at.or_else(|| (stopped.token != Token::EOF).then(|| position(stopped))),
            };
            match message.split_once(", found: ") {
                Some((_, "EOF")) => Refusal::new(Reason::ParseError, "the statement ends too early"),
                Some((expected, found)) => {
                    let refusal = Refusal::new(Reason::ParseError, "is not expected here").about(found);
                    match at.and_then(|at| slip::advice(parser, at)) {
                        Some(advice) => refusal.advise(advice),
                        None => {
                            refusal.advise(format!("the grammar wants {} at this place", wanted(expected)))
                        }
                    }
                }
                None => Refusal::new(Reason::ParseError, "the statement cannot be read"),
            }
            .at(at)
        }
    }
}

/// What the parser expected, which it sometimes says twice.
fn wanted(expected: &str) -> &str {
    let expected = expected.strip_prefix("Expected: ").unwrap_or(expected);
    expected.strip_prefix("Expected ").unwrap_or(expected)
}

/// Splits `… at Line: 1, Column: 8` off a message of the parser.
fn split_location(message: &str) -> (&str, Option<Place>) {
    let split = || {
        let (message, place) = message.rsplit_once(" at Line: ")?;
        let (_, column) = place.split_once(", Column: ")?;
        Some((message, Place(column.parse::<usize>().ok()?.checked_sub(1)?)))
    };
    match split() {
        Some((message, at)) => (message, Some(at)),
        None => (message, None),
    }
}
