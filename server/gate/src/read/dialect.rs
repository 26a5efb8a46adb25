//! PostgreSQL's grammar as the parser is to read it.
//!
//! The parser's own PostgreSQL dialect differs from the server in precedence (`-2 ^ 2`, `~ 5 + 3`) and admits forms
//! of other systems. This dialect answers for itself: precedence is the table of `gram.y`, expressions begin only as
//! `prefix` says, and whatever is not named here stays switched off, which is the parser's default.

use std::{any::TypeId, cell::Cell};

use sqlparser::{
    ast::Expr,
    dialect::{Dialect, PostgreSqlDialect, Precedence},
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, Word},
};

use super::{infix, prefix};

/// The table of <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE>, loosest first.
pub(super) mod level {
    pub(in crate::read) const NONE: u8 = 0;
    pub(in crate::read) const OR: u8 = 10;
    pub(in crate::read) const AND: u8 = 20;
    pub(in crate::read) const NOT: u8 = 30;
    pub(in crate::read) const IS: u8 = 40;
    pub(in crate::read) const COMPARISON: u8 = 50;
    pub(in crate::read) const RANGE: u8 = 60;
    pub(in crate::read) const OTHER: u8 = 70;
    pub(in crate::read) const SUM: u8 = 80;
    pub(in crate::read) const PRODUCT: u8 = 90;
    pub(in crate::read) const POWER: u8 = 100;
    pub(in crate::read) const AT: u8 = 110;
    pub(in crate::read) const COLLATE: u8 = 120;
    pub(in crate::read) const SIGN: u8 = 125;
    pub(in crate::read) const SUBSCRIPT: u8 = 130;
    pub(in crate::read) const CAST: u8 = 140;
}

#[derive(Debug)]
pub(super) struct Postgres {
    /// For each word, whether it is a bracket that opens a query.
    pub(super) opens_query: Vec<bool>,
    /// Expressions that may still be begun. The parser tries alternatives; nested ones could multiply.
    pub(super) effort: Cell<u32>,
}

impl Dialect for Postgres {
    /// The parser asks for PostgreSQL by type in places where it has no question of its own.
    fn dialect(&self) -> TypeId {
        TypeId::of::<PostgreSqlDialect>()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        PostgreSqlDialect {}.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        PostgreSqlDialect {}.is_identifier_part(ch)
    }

    fn is_reserved_for_identifier(&self, kw: Keyword) -> bool {
        PostgreSqlDialect {}.is_reserved_for_identifier(kw)
    }

    fn is_table_alias(&self, kw: &Keyword, parser: &mut Parser) -> bool {
        PostgreSqlDialect {}.is_table_alias(kw, parser)
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let Some(effort) = self.effort.get().checked_sub(1) else {
            return Some(Err(ParserError::RecursionLimitExceeded));
        };
        self.effort.set(effort);
        Some(prefix::parse(self, parser))
    }

    fn parse_infix(&self, parser: &mut Parser, expr: &Expr, _level: u8) -> Option<Result<Expr, ParserError>> {
        infix::parse(self, parser, expr)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        Some(Ok(match &parser.peek_token_ref().token {
            Token::Word(word) => word_level(word, parser),
            token => token_level(token),
        }))
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        match prec {
            Precedence::Period | Precedence::DoubleColon => level::CAST,
            Precedence::AtTz => level::AT,
            Precedence::MulDivModOp => level::PRODUCT,
            Precedence::PlusMinus => level::SUM,
            Precedence::Caret => level::POWER,
            Precedence::Between | Precedence::Like => level::RANGE,
            Precedence::Eq => level::COMPARISON,
            Precedence::Is => level::IS,
            Precedence::UnaryNot => level::NOT,
            Precedence::And => level::AND,
            Precedence::Or => level::OR,
            Precedence::Xor | Precedence::Ampersand | Precedence::Pipe | Precedence::PgOther => level::OTHER,
            // Stands only between the bounds of a slice.
            Precedence::Colon => level::NONE,
        }
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn allow_extract_single_quotes(&self) -> bool {
        true
    }

    fn supports_array_typedef_with_brackets(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn supports_left_associative_joins_without_parens(&self) -> bool {
        false
    }

    fn supports_notnull_operator(&self) -> bool {
        true
    }

    fn supports_interval_options(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }
}

fn token_level(token: &Token) -> u8 {
    match token {
        Token::Eq | Token::Neq | Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => level::COMPARISON,
        Token::Plus | Token::Minus => level::SUM,
        Token::Mul | Token::Div | Token::Mod => level::PRODUCT,
        Token::Caret => level::POWER,
        Token::DoubleColon => level::CAST,
        Token::LBracket => level::SUBSCRIPT,
        Token::Tilde
        | Token::TildeAsterisk
        | Token::ExclamationMarkTilde
        | Token::ExclamationMarkTildeAsterisk
        | Token::DoubleTilde
        | Token::DoubleTildeAsterisk
        | Token::ExclamationMarkDoubleTilde
        | Token::ExclamationMarkDoubleTildeAsterisk
        | Token::CustomBinaryOperator(_) => level::OTHER,
        _ => level::NONE,
    }
}

fn word_level(word: &Word, parser: &Parser) -> u8 {
    match word.keyword {
        Keyword::OR => level::OR,
        Keyword::AND => level::AND,
        Keyword::IS | Keyword::NOTNULL => level::IS,
        Keyword::IN
        | Keyword::BETWEEN
        | Keyword::LIKE
        | Keyword::ILIKE
        | Keyword::SIMILAR
        | Keyword::OVERLAPS => level::RANGE,
        Keyword::NOT => match &parser.peek_nth_token_ref(1).token {
            Token::Word(next)
                if matches!(
                    next.keyword,
                    Keyword::IN | Keyword::BETWEEN | Keyword::LIKE | Keyword::ILIKE | Keyword::SIMILAR
                ) =>
            {
                level::RANGE
            }
            _ => level::NONE,
        },
        Keyword::COLLATE => level::COLLATE,
        Keyword::AT => match &parser.peek_nth_token_ref(1).token {
            Token::Word(next) if next.keyword == Keyword::TIME => level::AT,
            _ => level::NONE,
        },
        Keyword::OPERATOR => level::OTHER,
        _ if is_isnull(word) => level::IS,
        _ => level::NONE,
    }
}

/// PostgreSQL's postfix `ISNULL`, for which the parser has no keyword.
pub(super) fn is_isnull(word: &Word) -> bool {
    word.quote_style.is_none() && word.value.eq_ignore_ascii_case("isnull")
}
