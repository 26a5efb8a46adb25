//! Predicates: what is true or false of one value or several.

use sqlparser::ast;

use super::{Env, Lowered, Lowering, construct, expr::shown, foreign};
use crate::tree::{Expr, LikeKind, Operator, Quantified, Quantifier, Test};

impl<'s> Lowering<'s> {
    pub(super) fn test(
        &mut self,
        operand: &ast::Expr,
        negated: bool,
        test: Test,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        Ok(Expr::Test { operand: self.boxed(operand, env)?, negated, test })
    }

    pub(super) fn distinct(
        &mut self,
        left: &ast::Expr,
        negated: bool,
        right: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        Ok(Expr::Distinct { left: self.boxed(left, env)?, negated, right: self.boxed(right, env)? })
    }

    pub(super) fn range_predicate(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        match expr {
            ast::Expr::InList { expr, list, negated } => Ok(Expr::InList {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                list: self.exprs(list, env)?,
            }),
            ast::Expr::InSubquery { expr, subquery, negated } => Ok(Expr::InQuery {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                query: Box::new(self.query(subquery, env)?.0),
            }),
            ast::Expr::Between { expr, negated, low, high } => Ok(Expr::Between {
                operand: self.boxed(expr, env)?,
                negated: *negated,
                low: self.boxed(low, env)?,
                high: self.boxed(high, env)?,
            }),
            _ => Err(foreign(shown(expr))),
        }
    }

    pub(super) fn like(
        &mut self,
        kind: LikeKind,
        negated: bool,
        any: bool,
        [operand, pattern]: [&ast::Expr; 2],
        escape: Option<&ast::Expr>,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        if any {
            let spelling = match (kind, negated) {
                (LikeKind::ILike, false) => "~~*",
                (LikeKind::ILike, true) => "!~~*",
                (_, false) => "~~",
                (_, true) => "!~~",
            };
            let operator = ast::BinaryOperator::Custom(spelling.to_owned());
            return self.quantified(operand, &operator, Quantifier::Any, pattern, env);
        }
        Ok(Expr::Like {
            operand: self.boxed(operand, env)?,
            negated,
            kind,
            pattern: self.boxed(pattern, env)?,
            escape: escape.map(|escape| self.boxed(escape, env)).transpose()?,
        })
    }

    pub(super) fn quantified(
        &mut self,
        left: &ast::Expr,
        operator: &ast::BinaryOperator,
        quantifier: Quantifier,
        right: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        let operator: Operator = self.operator(operator)?;
        let right = match right {
            ast::Expr::Subquery(query) => Quantified::Query(Box::new(self.query(query, env)?.0)),
            // The parser reads `= ANY (SELECT ..) + 1` as if the sum were the array.
            _ if begins_with_query(right) => {
                return Err(construct(shown(right), "put brackets around the whole comparison"));
            }
            array => Quantified::Array(self.boxed(array, env)?),
        };
        Ok(Expr::Quantified { left: self.boxed(left, env)?, operator, quantifier, right })
    }
}

/// Whether the first thing in `expr` is a subquery that the parser may have taken for a part of it.
fn begins_with_query(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Subquery(_) => true,
        ast::Expr::BinaryOp { left, .. } => begins_with_query(left),
        ast::Expr::Cast { expr, kind: ast::CastKind::DoubleColon, .. }
        | ast::Expr::Collate { expr, .. }
        | ast::Expr::CompoundFieldAccess { root: expr, .. }
        | ast::Expr::AtTimeZone { timestamp: expr, .. } => begins_with_query(expr),
        _ => false,
    }
}
