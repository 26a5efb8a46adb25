//! Operators that the parser reads otherwise than PostgreSQL does.

use sqlparser::{
    ast::Expr,
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Token, Word},
};

use super::dialect::{Postgres, is_isnull};

/// `None` leaves the operator to the parser.
///
/// The left operand is lent, so it has to be copied. That is cheap because neither operator chains without brackets.
pub(super) fn parse(
    dialect: &Postgres,
    parser: &mut Parser,
    left: &Expr,
) -> Option<Result<Expr, ParserError>> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    if is_isnull(word) {
        parser.advance_token();
        return Some(Ok(Expr::IsNull(Box::new(left.clone()))));
    }
    let negated = word.keyword == Keyword::NOT;
    let next = [1, 2].map(|n| &parser.peek_nth_token_ref(n + usize::from(negated)).token);
    let is_in = if negated {
        is_word(&parser.peek_nth_token_ref(1).token, Keyword::IN)
    } else {
        word.keyword == Keyword::IN
    };
    if is_in && matches!(next, [Token::LParen, Token::LParen]) {
        Some(in_list(dialect, parser, left, negated))
    } else {
        None
    }
}

/// `x IN ((SELECT 1), 2)`: the parser takes the first bracket for the beginning of a query, come what may.
fn in_list(dialect: &Postgres, parser: &mut Parser, left: &Expr, negated: bool) -> Result<Expr, ParserError> {
    if matches!(left, Expr::InList { .. } | Expr::InSubquery { .. }) {
        return parser.expected_ref("brackets around the left side", parser.peek_token_ref());
    }
    if negated {
        parser.advance_token();
    }
    parser.expect_keyword_is(Keyword::IN)?;
    parser.expect_token(&Token::LParen)?;
    let expr = Box::new(left.clone());
    let opens_query = dialect.opens_query.get(parser.get_current_index()).copied().unwrap_or_default();
    let result = if opens_query {
        Expr::InSubquery { expr, subquery: parser.parse_query()?, negated }
    } else {
        Expr::InList { expr, list: parser.parse_comma_separated(Parser::parse_expr)?, negated }
    };
    parser.expect_token(&Token::RParen)?;
    Ok(result)
}

fn is_word(token: &Token, keyword: Keyword) -> bool {
    matches!(token, Token::Word(Word { keyword: found, .. }) if *found == keyword)
}
