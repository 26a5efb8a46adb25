//! How an expression may begin.
//!
//! The parser would try each beginning as a type name first, then as a keyword, then as a name. Here the next one or
//! two words decide, as they do in PostgreSQL's grammar, so that nothing is read twice.

use sqlparser::{
    ast::{
        AccessExpr, CastKind, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArgumentList,
        FunctionArguments, Ident, ObjectName, TypedString, UnaryOperator,
    },
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Span, Token, Word},
};

use super::{
    call,
    dialect::{Postgres, level},
};
use crate::name::is_reserved;

pub(super) fn parse(dialect: &Postgres, parser: &mut Parser) -> Result<Expr, ParserError> {
    let next = parser.peek_token_ref();
    let span = next.span;
    match &next.token {
        Token::Word(word) if word.quote_style.is_some() => {
            let word = word.clone();
            parser.advance_token();
            named(parser, word.into_ident(span))
        }
        Token::Word(word) => {
            let word = word.clone();
            parser.advance_token();
            unquoted(parser, word, span)
        }
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => {
            parser.parse_value().map(Expr::Value)
        }
        Token::LParen => bracket(dialect, parser),
        // An inner dimension of `ARRAY[[1, 2], [3, 4]]`.
        Token::LBracket => {
            parser.advance_token();
            parser.parse_array_expr(false)
        }
        Token::Minus => unary(parser, UnaryOperator::Minus, level::SIGN),
        Token::Plus => unary(parser, UnaryOperator::Plus, level::SIGN),
        Token::Tilde => unary(parser, UnaryOperator::BitwiseNot, level::OTHER),
        Token::CustomBinaryOperator(run) => match prefix_operator(run) {
            Some(operator) => unary(parser, operator, level::OTHER),
            None => parser.expected_ref("an expression", next),
        },
        _ => parser.expected_ref("an expression", next),
    }
}

/// The word has been read.
fn unquoted(parser: &mut Parser, word: Word, span: Span) -> Result<Expr, ParserError> {
    let next = &parser.peek_token_ref().token;
    match (word.keyword, next) {
        (Keyword::TRUE | Keyword::FALSE | Keyword::NULL, _) => {
            parser.prev_token();
            parser.parse_value().map(Expr::Value)
        }
        (Keyword::CASE, _) => parser.parse_case_expr(),
        (Keyword::NOT, _) => {
            let operand = parser.parse_subexpr(level::NOT)?;
            Ok(Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(operand) })
        }
        (
            Keyword::CURRENT_DATE
            | Keyword::CURRENT_TIME
            | Keyword::CURRENT_TIMESTAMP
            | Keyword::LOCALTIME
            | Keyword::LOCALTIMESTAMP,
            _,
        ) => parser.parse_time_functions(ObjectName::from(vec![word.into_ident(span)])),
        (Keyword::ARRAY, Token::LBracket) => {
            parser.advance_token();
            parser.parse_array_expr(true)
        }
        (Keyword::INTERVAL, Token::SingleQuotedString(_)) => parser.parse_interval(),
        (Keyword::INTERVAL, Token::LParen) => interval_with_precision(parser),
        (keyword, Token::LParen) if !is_sized_literal(parser, keyword) => word_call(parser, word, span),
        (Keyword::DOUBLE, Token::Word(Word { keyword: Keyword::PRECISION, .. }))
        | (
            Keyword::TIMESTAMP | Keyword::TIME,
            Token::Word(Word { keyword: Keyword::WITH | Keyword::WITHOUT, .. }),
        )
        | (
            Keyword::CHARACTER | Keyword::CHAR | Keyword::BIT,
            Token::Word(Word { keyword: Keyword::VARYING, .. }),
        )
        | (_, Token::LParen) => {
            parser.prev_token();
            let data_type = parser.parse_data_type()?;
            typed_literal(parser, data_type)
        }
        _ => named(parser, word.into_ident(span)),
    }
}

/// A word before a bracket: grammar of its own, or a function.
fn word_call(parser: &mut Parser, word: Word, span: Span) -> Result<Expr, ParserError> {
    match word.keyword {
        Keyword::CAST => parser.parse_cast_expr(CastKind::Cast),
        Keyword::EXISTS => parser.parse_exists_expr(false),
        Keyword::EXTRACT => parser.parse_extract_expr(),
        Keyword::OVERLAY => parser.parse_overlay_expr(),
        Keyword::TRIM => parser.parse_trim_expr(),
        Keyword::SUBSTRING => {
            parser.prev_token();
            parser.parse_substring()
        }
        Keyword::POSITION => position(parser, word.into_ident(span)),
        Keyword::ARRAY => array_of_query(parser, word.into_ident(span)),
        _ => call::parse(parser, vec![word.into_ident(span)]),
    }
}

/// A name that is no keyword: of a column, a function, or a type before a literal.
///
/// Dotted names are read here in one go; the parser would build a chain of fields first and take it apart again.
fn named(parser: &mut Parser, first: Ident) -> Result<Expr, ParserError> {
    let mut names = vec![first];
    while parser.peek_token_ref().token == Token::Period {
        let next = parser.peek_nth_token_ref(1);
        let Token::Word(word) = &next.token else { break };
        names.push(word.clone().into_ident(next.span));
        parser.advance_token();
        parser.advance_token();
    }
    match parser.peek_token_ref().token {
        Token::LParen => call::parse(parser, names),
        Token::SingleQuotedString(_) if !names.iter().any(is_grammar) => {
            typed_literal(parser, DataType::Custom(ObjectName::from(names), vec![]))
        }
        // `name.*` and what else may follow a dot is for the parser.
        Token::Period => {
            let fields =
                names.split_off(1).into_iter().map(|name| AccessExpr::Dot(Expr::Identifier(name))).collect();
            match names.pop() {
                Some(root) => parser.parse_compound_expr(Expr::Identifier(root), fields),
                None => parser.expected_ref("a name", parser.peek_token_ref()),
            }
        }
        _ => match names.pop() {
            Some(only) if names.is_empty() => Ok(Expr::Identifier(only)),
            Some(last) => {
                names.push(last);
                Ok(Expr::CompoundIdentifier(names))
            }
            None => parser.expected_ref("a name", parser.peek_token_ref()),
        },
    }
}

fn is_grammar(name: &Ident) -> bool {
    name.quote_style.is_none() && is_reserved(&name.value.to_ascii_lowercase())
}

/// `numeric(10) '1.5'`, `timestamp(3) with time zone '…'`: a type with a size, not a call.
fn is_sized_literal(parser: &Parser, keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::NUMERIC
            | Keyword::DECIMAL
            | Keyword::DEC
            | Keyword::FLOAT
            | Keyword::TIMESTAMP
            | Keyword::TIMESTAMPTZ
            | Keyword::TIME
            | Keyword::VARCHAR
            | Keyword::CHARACTER
            | Keyword::CHAR
            | Keyword::BIT
    ) && matches!(
        [1, 2, 3].map(|n| &parser.peek_nth_token_ref(n).token),
        [
            Token::Number(..),
            Token::RParen,
            Token::SingleQuotedString(_)
                | Token::Word(Word { keyword: Keyword::WITH | Keyword::WITHOUT, .. })
        ]
    )
}

fn typed_literal(parser: &mut Parser, data_type: DataType) -> Result<Expr, ParserError> {
    if !matches!(parser.peek_token_ref().token, Token::SingleQuotedString(_)) {
        return parser.expected_ref("a string after the type name", parser.peek_token_ref());
    }
    Ok(Expr::TypedString(TypedString { data_type, value: parser.parse_value()?, uses_odbc_syntax: false }))
}

/// `INTERVAL (p) 'text'`
fn interval_with_precision(parser: &mut Parser) -> Result<Expr, ParserError> {
    let precision = parser.parse_optional_precision()?;
    typed_literal(parser, DataType::Interval { fields: None, precision })
}

/// `POSITION (part IN whole)`; with a comma it is the function.
fn position(parser: &mut Parser, name: Ident) -> Result<Expr, ParserError> {
    parser.expect_token(&Token::LParen)?;
    let part = parser.parse_subexpr(level::RANGE)?;
    if parser.parse_keyword(Keyword::IN) {
        let whole = parser.parse_subexpr(level::RANGE)?;
        parser.expect_token(&Token::RParen)?;
        return Ok(Expr::Position { expr: Box::new(part), r#in: Box::new(whole) });
    }
    parser.expect_token(&Token::Comma)?;
    let rest = parser.parse_expr()?;
    parser.expect_token(&Token::RParen)?;
    let args = [part, rest].map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg))).into();
    let args = FunctionArgumentList { duplicate_treatment: None, args, clauses: vec![] };
    Ok(Expr::Function(call::function(vec![name], FunctionArguments::List(args))))
}

/// `ARRAY (query)`
fn array_of_query(parser: &mut Parser, name: Ident) -> Result<Expr, ParserError> {
    parser.expect_token(&Token::LParen)?;
    let query = parser.parse_query()?;
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Function(call::function(vec![name], FunctionArguments::Subquery(query))))
}

/// `(`: a query, one expression, or a row of them.
fn bracket(dialect: &Postgres, parser: &mut Parser) -> Result<Expr, ParserError> {
    parser.advance_token();
    let opens_query = dialect.opens_query.get(parser.get_current_index()).copied().unwrap_or_default();
    let expr = if opens_query {
        Expr::Subquery(parser.parse_query()?)
    } else {
        let mut exprs = parser.parse_comma_separated(Parser::parse_expr)?;
        match exprs.pop() {
            Some(only) if exprs.is_empty() => Expr::Nested(Box::new(only)),
            Some(last) => {
                exprs.push(last);
                Expr::Tuple(exprs)
            }
            None => Expr::Tuple(exprs),
        }
    };
    parser.expect_token(&Token::RParen)?;
    Ok(expr)
}

fn unary(parser: &mut Parser, op: UnaryOperator, level: u8) -> Result<Expr, ParserError> {
    parser.advance_token();
    Ok(Expr::UnaryOp { op, expr: Box::new(parser.parse_subexpr(level)?) })
}

fn prefix_operator(run: &str) -> Option<UnaryOperator> {
    Some(match run {
        "@" => UnaryOperator::PGAbs,
        "|/" => UnaryOperator::PGSquareRoot,
        "||/" => UnaryOperator::PGCubeRoot,
        "@-@" => UnaryOperator::AtDashAt,
        "@@" => UnaryOperator::DoubleAt,
        "#" => UnaryOperator::Hash,
        "?-" => UnaryOperator::QuestionDash,
        "?|" => UnaryOperator::QuestionPipe,
        "!!" => UnaryOperator::PGPrefixFactorial,
        _ => return None,
    })
}
