//! `GROUP BY`: a bare name is an input of this query first and an output second, the other way round than in
//! `ORDER BY` (<https://www.postgresql.org/docs/current/sql-select.html#SQL-GROUPBY>).

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct, foreign,
    ident::{fold, parts},
    order::{Bare, bare, labelled, output},
    scope::Lookup,
    select::{MOST_ENTRIES, too_many},
};
use crate::tree::{Grouping, Item, Key};

impl<'s> Lowering<'s> {
    pub(super) fn group_by(
        &mut self,
        group_by: &ast::GroupByExpr,
        items: &[Item],
        env: Env<'_, 's>,
    ) -> Lowered<Vec<Grouping>> {
        let exprs = match group_by {
            ast::GroupByExpr::Expressions(exprs, modifiers) if modifiers.is_empty() => exprs,
            ast::GroupByExpr::Expressions(_, _) => {
                return Err(foreign("WITH ROLLUP"));
            }
            ast::GroupByExpr::All(_) => {
                return Err(construct("GROUP BY ALL", "name the columns to group by"));
            }
        };
        if exprs.len() > MOST_ENTRIES {
            return Err(too_many("grouping keys"));
        }
        let mut groupings = Vec::with_capacity(exprs.len());
        for expr in exprs {
            match expr {
                // A list in brackets groups by each of its members.
                ast::Expr::Tuple(members) if !members.is_empty() => {
                    for key in self.keys(members, items, env)? {
                        groupings.push(Grouping::Key(key));
                    }
                }
                _ => groupings.push(self.grouping(expr, items, env)?),
            }
        }
        Ok(groupings)
    }

    fn grouping(&mut self, expr: &ast::Expr, items: &[Item], env: Env<'_, 's>) -> Lowered<Grouping> {
        Ok(match expr {
            ast::Expr::Tuple(members) => Grouping::Set(self.keys(members, items, env)?),
            ast::Expr::Rollup(sets) => Grouping::Rollup(self.key_sets(sets, items, env)?),
            ast::Expr::Cube(sets) => Grouping::Cube(self.key_sets(sets, items, env)?),
            ast::Expr::GroupingSets(sets) => Grouping::Sets(
                sets.iter().map(|set| self.grouping_set(set, items, env)).collect::<Lowered<_>>()?,
            ),
            _ => Grouping::Key(self.group_key(expr, items, env)?),
        })
    }

    /// One member of `GROUPING SETS`, which may be a `ROLLUP` or a `CUBE` itself: the parser takes it for a call.
    fn grouping_set(&mut self, set: &[ast::Expr], items: &[Item], env: Env<'_, 's>) -> Lowered<Grouping> {
        if let [ast::Expr::Function(function)] = set
            && let [name] = parts(&function.name)?.as_slice()
            && let word @ ("rollup" | "cube") = &*fold(name)?
        {
            let sets = plain_arguments(function)?
                .into_iter()
                .map(|member| match member {
                    ast::Expr::Tuple(members) => self.keys(members, items, env),
                    single => Ok(vec![self.group_key(single, items, env)?]),
                })
                .collect::<Lowered<_>>()?;
            return Ok(if word == "rollup" { Grouping::Rollup(sets) } else { Grouping::Cube(sets) });
        }
        Ok(Grouping::Set(self.keys(set, items, env)?))
    }

    fn key_sets(
        &mut self,
        sets: &[Vec<ast::Expr>],
        items: &[Item],
        env: Env<'_, 's>,
    ) -> Lowered<Vec<Vec<Key>>> {
        sets.iter().map(|set| self.keys(set, items, env)).collect()
    }

    fn keys(&mut self, exprs: &[ast::Expr], items: &[Item], env: Env<'_, 's>) -> Lowered<Vec<Key>> {
        exprs.iter().map(|expr| self.group_key(expr, items, env)).collect()
    }

    fn group_key(&mut self, expr: &ast::Expr, items: &[Item], env: Env<'_, 's>) -> Lowered<Key> {
        match bare(expr) {
            Bare::Number(number) => output(number, items.len()),
            Bare::Name(ident) => {
                let name = fold(ident)?;
                if let Lookup::Missing = env.scope.local(&name)
                    && let Some(key) = labelled(items, &name, ident)?
                {
                    return Ok(key);
                }
                self.expr(expr, env).map(Key::Expr)
            }
            Bare::Literal => Err(construct("a constant", "group by a column or an expression over columns")),
            Bare::Other => self.expr(expr, env).map(Key::Expr),
        }
    }
}

/// The arguments of what looks like a call and is none.
fn plain_arguments(function: &ast::Function) -> Lowered<Vec<&ast::Expr>> {
    let ast::Function {
        name,
        uses_odbc_syntax: _,
        parameters: _,
        args,
        filter,
        null_treatment,
        over,
        within_group,
    } = function;
    let strange = || construct(name.to_string(), "list columns only");
    match args {
        ast::FunctionArguments::List(ast::FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses,
        }) if clauses.is_empty()
            && filter.is_none()
            && null_treatment.is_none()
            && over.is_none()
            && within_group.is_empty() =>
        {
            args.iter()
                .map(|arg| match arg {
                    ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Ok(expr),
                    _ => Err(strange()),
                })
                .collect()
        }
        _ => Err(strange()),
    }
}
