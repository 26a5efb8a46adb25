//! What is measured before anything recurses: nesting, chains, the end of the statement.
//!
//! The parser's trees lean to the left: 3,000 terms of a sum are 3,000 levels for clone, comparison and drop. So
//! the length of chains counts like depth does, and both are known before the first tree exists.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use crate::{Reason, Refusal, refusal::Place};

/// How large a statement may be, and where its recursion may run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caps {
    pub(super) words: usize,
    pub(super) depth: usize,
    /// Operators between two commas or clauses of the same bracket.
    pub(super) chain: usize,
    /// `UNION`, `INTERSECT` and `EXCEPT`, all together.
    pub(super) set_operations: usize,
}

/// What was found: of use to whoever must choose a stack, and to the parser.
#[derive(Debug, Default)]
pub(super) struct Measure {
    pub(super) words: usize,
    pub(super) depth: usize,
    pub(super) chain: usize,
    /// Signs and `NOT`s before operands: each of them is a level of recursion too.
    pub(super) prefixes: usize,
    /// For each word, whether it is a bracket that opens a query rather than an expression.
    pub(super) opens_query: Vec<bool>,
}

/// Measures `words`, which are one statement without its semicolon.
pub(super) fn measure(words: &[TokenWithSpan], caps: Caps) -> Result<Measure, Refusal> {
    let mut measure =
        Measure { words: words.len(), opens_query: vec![false; words.len()], ..Measure::default() };
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    let (mut chain, mut set_operations, mut cases) = (0, 0, 0_usize);
    let mut after_operand = false;
    for (index, word) in words.iter().enumerate() {
        let weight = weight(&word.token);
        measure.prefixes += usize::from(!after_operand && is_prefix(&word.token, weight));
        after_operand = ends_operand(&word.token, weight);
        match &word.token {
            Token::LParen | Token::LBracket => {
                open.push((index, chain));
                chain = 0;
            }
            Token::RParen | Token::RBracket => {
                let Some((start, outer)) = open.pop() else {
                    return Err(unbalanced(word, "the bracket closes nothing"));
                };
                chain = outer + usize::from(word.token == Token::RBracket);
                pairs.push((start, index));
            }
            _ => match weight {
                Weight::Break => chain = 0,
                Weight::Link => chain += 1,
                Weight::SetOperation => set_operations += 1,
                Weight::Case => cases += 1,
                Weight::End => cases = cases.saturating_sub(1),
                Weight::None => {}
            },
        }
        measure.depth = measure.depth.max(open.len() + cases);
        measure.chain = measure.chain.max(chain);
        if measure.depth > caps.depth {
            return Err(too_much(word, format!("the statement nests more than {} levels deep", caps.depth)));
        }
        if measure.chain > caps.chain {
            return Err(too_much(
                word,
                format!("the expression has more than {} operators in a row", caps.chain),
            ));
        }
        if set_operations > caps.set_operations {
            let message = format!("the statement has more than {} set operations", caps.set_operations);
            return Err(too_much(word, message));
        }
    }
    if let Some(word) = open.first().and_then(|&(index, _)| words.get(index)) {
        return Err(unbalanced(word, "the bracket is not closed"));
    }
    mark_queries(words, pairs, &mut measure.opens_query);
    Ok(measure)
}

/// Decides for every `(` whether a query or an expression begins, as PostgreSQL's grammar does: the bracket of
/// `((select 1) union select 2)` opens a query, that of `((select 1) + 2)` an expression.
fn mark_queries(words: &[TokenWithSpan], mut pairs: Vec<(usize, usize)>, opens_query: &mut [bool]) {
    pairs.sort_unstable_by(|left, right| right.cmp(left));
    let mut closed_by = vec![0; words.len()];
    for (start, end) in pairs {
        if let Some(slot) = closed_by.get_mut(start) {
            *slot = end;
        }
        let is_query = match words.get(start + 1).map(|word| &word.token) {
            Some(Token::Word(word)) => {
                matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES | Keyword::TABLE)
            }
            Some(Token::LParen) => {
                let inner = opens_query.get(start + 1).copied().unwrap_or_default();
                let after =
                    closed_by.get(start + 1).and_then(|&end| words.get(end + 1)).map(|word| &word.token);
                inner && after.is_some_and(continues_query)
            }
            _ => false,
        };
        if let Some(slot) = opens_query.get_mut(start) {
            *slot = is_query;
        }
    }
}

fn continues_query(token: &Token) -> bool {
    match token {
        Token::RParen => true,
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::UNION
                | Keyword::INTERSECT
                | Keyword::EXCEPT
                | Keyword::ORDER
                | Keyword::LIMIT
                | Keyword::OFFSET
                | Keyword::FETCH
                | Keyword::FOR
        ),
        _ => false,
    }
}

fn is_prefix(token: &Token, weight: Weight) -> bool {
    match token {
        Token::Word(word) => word.keyword == Keyword::NOT,
        _ => weight == Weight::Link,
    }
}

/// Whether an operator after `token` stands between two operands.
fn ends_operand(token: &Token, weight: Weight) -> bool {
    match token {
        Token::Word(word) => {
            !matches!(weight, Weight::Link | Weight::Break | Weight::Case)
                && !matches!(word.keyword, Keyword::BY | Keyword::ON | Keyword::DISTINCT)
        }
        Token::Number(..) | Token::SingleQuotedString(_) | Token::RParen | Token::RBracket => true,
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Begins something new.
    Break,
    /// Adds a level to the tree.
    Link,
    SetOperation,
    /// Nests like a bracket, without being one.
    Case,
    End,
    None,
}

fn weight(token: &Token) -> Weight {
    match token {
        Token::Comma | Token::SemiColon => Weight::Break,
        Token::Word(word) => match word.keyword {
            Keyword::SELECT
            | Keyword::FROM
            | Keyword::WHERE
            | Keyword::GROUP
            | Keyword::HAVING
            | Keyword::ORDER
            | Keyword::WHEN
            | Keyword::THEN
            | Keyword::ELSE => Weight::Break,
            Keyword::UNION | Keyword::INTERSECT | Keyword::EXCEPT => Weight::SetOperation,
            Keyword::AND
            | Keyword::OR
            | Keyword::NOT
            | Keyword::IS
            | Keyword::IN
            | Keyword::LIKE
            | Keyword::ILIKE
            | Keyword::SIMILAR
            | Keyword::BETWEEN
            | Keyword::COLLATE
            | Keyword::AT
            | Keyword::JOIN
            | Keyword::OVERLAPS => Weight::Link,
            Keyword::CASE => Weight::Case,
            Keyword::END => Weight::End,
            _ => Weight::None,
        },
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Period
        | Token::Colon
        | Token::Placeholder(_) => Weight::None,
        _ => Weight::Link,
    }
}

fn unbalanced(word: &TokenWithSpan, message: &'static str) -> Refusal {
    Refusal::new(Reason::ParseError, message).at(Some(position(word)))
}

fn too_much(word: &TokenWithSpan, message: String) -> Refusal {
    Refusal::new(Reason::TooComplex, message).at(Some(position(word)))
}

/// Where `word` begins.
pub(super) fn position(word: &TokenWithSpan) -> Place {
    Place(usize::try_from(word.span.start.column).unwrap_or_default().saturating_sub(1))
}
