//! How the `where` of a declared view asks who is asking.
//!
//! PostgreSQL alone decides whether it is an expression and what it means. This reading is for what PostgreSQL cannot know:
//! that a context setting may only be compared by strict equality, because with anything around it a name can be chosen
//! that matches more.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, SetExpr, Value,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;
use std::fmt::Display;

const STRICTLY: &str = "a setting is compared as it is: `column = current_setting('name', true)`; a cast or `nullif(..., '')` may stand \
                        around it, and nothing else";
const NOT_AN_ERROR: &str = "write `current_setting('name', true)`: the name as a plain text, and `true`, so that a setting that nobody made \
                            is null";

/// The settings that a condition compares with, or why it may not stand.
pub(super) fn settings(condition: &str) -> Result<Vec<String>, String> {
    let unread = |error: &dyn Display| format!("is no expression that can be read here: {error}");
    let mut parser =
        Parser::new(&PostgreSqlDialect {}).try_with_sql(condition).map_err(|error| unread(&error))?;
    let expr = parser.parse_expr().map_err(|error| unread(&error))?;
    let next = parser.peek_token().token;
    if next != Token::EOF {
        return Err(format!("is one expression, and nothing after it: there is `{next}`"));
    }
    let mut found = Vec::new();
    look(&expr, &mut found)?;
    found.sort();
    found.dedup();
    Ok(found)
}

/// Where rows are only let through by what is equal: there a setting may stand, and nowhere else.
fn look(expr: &Expr, found: &mut Vec<String>) -> Result<(), String> {
    match expr {
        Expr::Nested(inner) => look(inner, found),
        Expr::BinaryOp { left, op: BinaryOperator::And | BinaryOperator::Or, right } => {
            look(left, found)?;
            look(right, found)
        }
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => match (setting(left)?, setting(right)?) {
            (Some(name), None) => {
                found.push(name);
                asks_nobody(right)
            }
            (None, Some(name)) => {
                found.push(name);
                asks_nobody(left)
            }
            _ => asks_nobody(expr),
        },
        Expr::Exists { subquery, negated: false } => look_into(subquery, found),
        Expr::InSubquery { expr, subquery, negated: false } => {
            asks_nobody(expr)?;
            look_into(subquery, found)
        }
        other => asks_nobody(other),
    }
}

fn look_into(query: &Query, found: &mut Vec<String>) -> Result<(), String> {
    let mut rest = query.clone();
    if let SetExpr::Select(select) = rest.body.as_mut()
        && let Some(condition) = select.selection.take()
    {
        look(&condition, found)?;
    }
    asks_nobody(&rest)
}

fn asks_nobody(part: &impl Display) -> Result<(), String> {
    let asks = part.to_string().to_ascii_lowercase().contains("current_setting");
    if asks { Err(STRICTLY.to_owned()) } else { Ok(()) }
}

/// The name of the setting that an expression is, if it is one.
fn setting(expr: &Expr) -> Result<Option<String>, String> {
    let function = match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => return setting(inner),
        Expr::Function(function) => function,
        _ => return Ok(None),
    };
    let name = function.name.to_string().to_ascii_lowercase();
    let arguments = arguments(function);
    match (name.strip_prefix("pg_catalog.").unwrap_or(&name), arguments.as_slice()) {
        ("nullif", [inner, empty]) if text(empty).as_deref() == Some("") => setting(inner),
        ("current_setting", [name, Expr::Value(missing_ok)]) if missing_ok.value == Value::Boolean(true) => {
            text(name).map(Some).ok_or_else(|| NOT_AN_ERROR.to_owned())
        }
        ("current_setting", _) => Err(NOT_AN_ERROR.to_owned()),
        _ => Ok(None),
    }
}

fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let plain = list.args.iter().filter_map(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    plain.collect()
}

fn text(expr: &Expr) -> Option<String> {
    let Expr::Value(value) = expr else { return None };
    match &value.value {
        Value::SingleQuotedString(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{NOT_AN_ERROR, STRICTLY, settings};

    #[test]
    fn settings_are_compared_by_strict_equality() {
        for (condition, found) in [
            ("account_id = current_setting('app.account', true)", vec!["app.account"]),
            ("(pg_catalog.current_setting('app.a', true)) = region and open", vec!["app.a"]),
            ("tenant = nullif(current_setting('app.tenant', true), '')::int", vec!["app.tenant"]),
            ("a = current_setting('x.b', true) or b = CURRENT_SETTING('x.a', TRUE)", vec!["x.a", "x.b"]),
            (
                "exists (select from public.teams t where t.seller = sales.seller and t.lead = current_setting('x.p', true))",
                vec!["x.p"],
            ),
            (
                "id in (select m.id from public.members m where m.name = current_setting('x.p', true))",
                vec!["x.p"],
            ),
            ("status <> 'draft'", vec![]),
        ] {
            assert_eq!(
                settings(condition),
                Ok(found.into_iter().map(str::to_owned).collect()),
                "{condition}"
            );
        }
    }

    #[test]
    fn anything_around_a_setting_is_a_fault() {
        for condition in [
            "seller like current_setting('x.p', true)",
            "seller = coalesce(current_setting('x.p', true), seller)",
            "seller <> current_setting('x.p', true)",
            "not (seller = current_setting('x.p', true))",
            "seller in (current_setting('x.p', true), 'everybody')",
            "seller = lower(current_setting('x.p', true))",
            "current_setting('x.p', true) = current_setting('x.q', true)",
            "not exists (select from t where t.lead = current_setting('x.p', true))",
            "id in (select current_setting('x.p', true) from t)",
            "seller = any (array[current_setting('x.p', true)])",
            "case when seller = current_setting('x.p', true) then true else true end",
        ] {
            assert_eq!(settings(condition), Err(STRICTLY.to_owned()), "{condition}");
        }
        for condition in ["seller = current_setting('x.p')", "seller = current_setting('x.p', false)"] {
            assert_eq!(settings(condition), Err(NOT_AN_ERROR.to_owned()), "{condition}");
        }
    }

    #[test]
    fn more_than_one_expression_is_a_fault() {
        for condition in ["", "true; drop table orders", "true) union select (true", "true order by 1", "a ="]
        {
            assert!(settings(condition).is_err(), "{condition}");
        }
    }
}
