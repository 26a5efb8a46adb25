//! Calls: `name(arguments)` and what may follow them.

use sqlparser::{
    ast::{
        DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator,
        FunctionArgumentClause, FunctionArgumentList, FunctionArguments, Ident, ObjectName, WindowType,
    },
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::Token,
};

/// The name has been read and the bracket is next.
pub(super) fn parse(parser: &mut Parser, name: Vec<Ident>) -> Result<Expr, ParserError> {
    let args = arguments(parser)?;
    let within_group = if parser.parse_keyword(Keyword::WITHIN) {
        parser.expect_keyword_is(Keyword::GROUP)?;
        parser.expect_token(&Token::LParen)?;
        parser.expect_keywords(&[Keyword::ORDER, Keyword::BY])?;
        let sorts = parser.parse_comma_separated(Parser::parse_order_by_expr)?;
        parser.expect_token(&Token::RParen)?;
        sorts
    } else {
        vec![]
    };
    let filter = if parser.parse_keyword(Keyword::FILTER) {
        parser.expect_token(&Token::LParen)?;
        parser.expect_keyword_is(Keyword::WHERE)?;
        let filter = parser.parse_expr()?;
        parser.expect_token(&Token::RParen)?;
        Some(Box::new(filter))
    } else {
        None
    };
    let over = if !parser.parse_keyword(Keyword::OVER) {
        None
    } else if parser.consume_token(&Token::LParen) {
        Some(WindowType::WindowSpec(parser.parse_window_spec()?))
    } else {
        Some(WindowType::NamedWindow(parser.parse_identifier()?))
    };
    let call = function(name, FunctionArguments::List(args));
    Ok(Expr::Function(Function { within_group, filter, over, ..call }))
}

/// A call without anything after it.
pub(super) fn function(name: Vec<Ident>, args: FunctionArguments) -> Function {
    Function {
        name: ObjectName::from(name),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args,
        within_group: vec![],
        filter: None,
        null_treatment: None,
        over: None,
    }
}

fn arguments(parser: &mut Parser) -> Result<FunctionArgumentList, ParserError> {
    parser.expect_token(&Token::LParen)?;
    let mut list = FunctionArgumentList { duplicate_treatment: None, args: vec![], clauses: vec![] };
    if parser.consume_token(&Token::RParen) {
        return Ok(list);
    }
    list.duplicate_treatment = match parser.parse_one_of_keywords(&[Keyword::ALL, Keyword::DISTINCT]) {
        Some(Keyword::ALL) => Some(DuplicateTreatment::All),
        Some(_) => Some(DuplicateTreatment::Distinct),
        None => None,
    };
    loop {
        list.args.push(argument(parser)?);
        if !parser.consume_token(&Token::Comma) {
            break;
        }
    }
    if parser.parse_keyword(Keyword::ORDER) {
        parser.expect_keyword_is(Keyword::BY)?;
        let sorts = parser.parse_comma_separated(Parser::parse_order_by_expr)?;
        list.clauses.push(FunctionArgumentClause::OrderBy(sorts));
    }
    parser.expect_token(&Token::RParen)?;
    Ok(list)
}

fn argument(parser: &mut Parser) -> Result<FunctionArg, ParserError> {
    if parser.consume_token(&Token::Mul) {
        return Ok(FunctionArg::Unnamed(FunctionArgExpr::Wildcard));
    }
    let is_named = matches!(parser.peek_token_ref().token, Token::Word(_))
        && parser.peek_nth_token_ref(1).token == Token::RArrow;
    if !is_named {
        return Ok(FunctionArg::Unnamed(FunctionArgExpr::Expr(parser.parse_expr()?)));
    }
    let name = parser.parse_identifier()?;
    parser.expect_token(&Token::RArrow)?;
    let arg = FunctionArgExpr::Expr(parser.parse_expr()?);
    Ok(FunctionArg::Named { name, arg, operator: FunctionArgOperator::RightArrow })
}
