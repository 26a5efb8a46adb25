//! `ORDER BY` and `DISTINCT ON`.
//!
//! A bare name is an output first and an input second, a whole number is the place of an output; anything else is an
//! expression over the input (`findTargetlistEntrySQL92` in `parse_clause.c`). Aggregates and windows know inputs only.

use sqlparser::ast;

use super::{Env, Lowered, Lowering, construct, foreign, ident::fold, position, refuse};
use crate::{
    Reason, Refusal,
    tree::{Item, Key, Name, Sort},
};

impl<'s> Lowering<'s> {
    pub(super) fn sort(
        &mut self,
        sort: &ast::OrderByExpr,
        items: &[Item],
        env: Env<'_, 's>,
    ) -> Lowered<Sort> {
        let (expr, descending, nulls_first) = options(sort)?;
        Ok(Sort { key: self.sort_key(expr, items, env)?, descending, nulls_first })
    }

    /// After a set operation only outputs can be named.
    pub(super) fn sort_of_outputs(sort: &ast::OrderByExpr, outputs: &[Name]) -> Lowered<Sort> {
        let (expr, descending, nulls_first) = options(sort)?;
        let key = match bare(expr) {
            Bare::Number(number) => output(number, outputs.len())?,
            Bare::Name(ident) => {
                let name = fold(ident)?;
                let mut found = (1..).zip(outputs).filter(|(_, output)| **output == name);
                match (found.next(), found.next()) {
                    (Some((number, _)), None) => Key::Output(number),
                    (None, _) => return Err(no_output(&name, ident)),
                    (Some(_), Some(_)) => return Err(ambiguous(&name, ident)),
                }
            }
            Bare::Literal | Bare::Other => {
                return Err(construct(
                    "ORDER BY",
                    "after UNION, INTERSECT or EXCEPT sort by output columns or their numbers",
                ));
            }
        };
        Ok(Sort { key, descending, nulls_first })
    }

    /// In an aggregate or a window.
    pub(super) fn sort_of_inputs(&mut self, sort: &ast::OrderByExpr, env: Env<'_, 's>) -> Lowered<Sort> {
        let (expr, descending, nulls_first) = options(sort)?;
        Ok(Sort { key: Key::Expr(self.expr(expr, env)?), descending, nulls_first })
    }

    pub(super) fn sort_key(&mut self, expr: &ast::Expr, items: &[Item], env: Env<'_, 's>) -> Lowered<Key> {
        match bare(expr) {
            Bare::Number(number) => output(number, items.len()),
            Bare::Name(ident) => match labelled(items, &fold(ident)?, ident)? {
                Some(key) => Ok(key),
                None => self.expr(expr, env).map(Key::Expr),
            },
            Bare::Literal => Err(construct("a constant", "sort by a column or an expression over columns")),
            Bare::Other => self.expr(expr, env).map(Key::Expr),
        }
    }
}

/// What a key is before anything is looked up.
pub(super) enum Bare<'a> {
    Name(&'a ast::Ident),
    Number(&'a str),
    Literal,
    Other,
}

pub(super) fn bare(expr: &ast::Expr) -> Bare<'_> {
    match expr {
        ast::Expr::Nested(inner) => bare(inner),
        ast::Expr::Identifier(ident) => Bare::Name(ident),
        ast::Expr::Value(ast::ValueWithSpan { value, span: _ }) => match value {
            ast::Value::Number(digits, false) => Bare::Number(digits),
            ast::Value::Boolean(_) => Bare::Other,
            _ => Bare::Literal,
        },
        _ => Bare::Other,
    }
}

/// The output that has the label, if one has. Several are one if they are the same expression.
pub(super) fn labelled(items: &[Item], name: &Name, ident: &ast::Ident) -> Lowered<Option<Key>> {
    let mut found = (1..).zip(items).filter(|(_, item)| item.label == *name);
    let Some((number, first)) = found.next() else { return Ok(None) };
    if found.any(|(_, other)| other.expr != first.expr) {
        return Err(ambiguous(name, ident));
    }
    Ok(Some(Key::Output(number)))
}

pub(super) fn output(digits: &str, count: usize) -> Lowered<Key> {
    match digits.parse() {
        Ok(number) if (1..=count).contains(&number) => Ok(Key::Output(number)),
        _ => refuse(Reason::ParseError, digits, "is not the number of an output column"),
    }
}

fn options(sort: &ast::OrderByExpr) -> Lowered<(&ast::Expr, Option<bool>, Option<bool>)> {
    let ast::OrderByExpr { expr, options, with_fill } = sort;
    if with_fill.is_some() {
        return Err(foreign("WITH FILL"));
    }
    let ast::OrderByOptions { sort, nulls_first } = options;
    let descending = match sort {
        None => None,
        Some(ast::OrderBySort::Asc) => Some(false),
        Some(ast::OrderBySort::Desc) => Some(true),
        Some(ast::OrderBySort::Using(_)) => return Err(foreign("USING")),
    };
    Ok((expr, descending, *nulls_first))
}

fn ambiguous(name: &Name, ident: &ast::Ident) -> Refusal {
    Refusal::new(Reason::DisallowedColumn, "could mean two columns")
        .about(&**name)
        .at(position(ident.span))
        .advise("give the columns different labels, or use their numbers")
}

fn no_output(name: &Name, ident: &ast::Ident) -> Refusal {
    Refusal::new(Reason::DisallowedColumn, "is not an output column")
        .about(&**name)
        .at(position(ident.span))
        .advise("after UNION, INTERSECT or EXCEPT sort by a label of the first SELECT, or by number")
}
