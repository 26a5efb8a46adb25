//! Expressions, one arm for each form that is admitted.

use sqlparser::ast;

use super::{Env, Lowered, Lowering, construct, foreign, position};
use crate::{
    Reason, Refusal,
    catalogue::danger_of,
    refusal::Place,
    tree::{Case, Expr, LikeKind, Quantifier, Test},
};

impl<'s> Lowering<'s> {
    pub(super) fn expr(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        use ast::Expr as E;
        match expr {
            E::Identifier(name) => self.bare_column(name, env),
            E::CompoundIdentifier(parts) => self.qualified_column(parts, env),
            E::Nested(inner) => self.expr(inner, env),
            E::Value(value) => Self::value(value),
            E::BinaryOp { .. } => self.operators(expr, env),
            E::UnaryOp { op, expr } => self.sign(*op, expr, env),
            E::Function(function) => self.function(function, env),
            E::Cast { kind, expr, data_type, format } => {
                self.cast(kind, expr, data_type, format.as_ref(), env)
            }
            E::TypedString(literal) => self.typed_string(literal),
            E::Interval(interval) => Self::interval(interval),
            E::Case { .. } => self.case(expr, env),
            E::IsNull(operand) => self.test(operand, false, Test::Null, env),
            E::IsNotNull(operand) => self.test(operand, true, Test::Null, env),
            E::IsTrue(operand) => self.test(operand, false, Test::True, env),
            E::IsNotTrue(operand) => self.test(operand, true, Test::True, env),
            E::IsFalse(operand) => self.test(operand, false, Test::False, env),
            E::IsNotFalse(operand) => self.test(operand, true, Test::False, env),
            E::IsUnknown(operand) => self.test(operand, false, Test::Unknown, env),
            E::IsNotUnknown(operand) => self.test(operand, true, Test::Unknown, env),
            E::IsDistinctFrom(left, right) => self.distinct(left, false, right, env),
            E::IsNotDistinctFrom(left, right) => self.distinct(left, true, right, env),
            E::InList { .. } | E::InSubquery { .. } | E::Between { .. } => self.range_predicate(expr, env),
            E::Like { negated, any, expr, pattern, escape_char } => {
                self.like(LikeKind::Like, *negated, *any, [expr, pattern], escape_char.as_deref(), env)
            }
            E::ILike { negated, any, expr, pattern, escape_char } => {
                self.like(LikeKind::ILike, *negated, *any, [expr, pattern], escape_char.as_deref(), env)
            }
            E::SimilarTo { negated, expr, pattern, escape_char } => {
                self.like(LikeKind::SimilarTo, *negated, false, [expr, pattern], escape_char.as_deref(), env)
            }
            E::AnyOp { left, compare_op, right, is_some: _ } => {
                self.quantified(left, compare_op, Quantifier::Any, right, env)
            }
            E::AllOp { left, compare_op, right } => {
                self.quantified(left, compare_op, Quantifier::All, right, env)
            }
            E::Exists { subquery, negated } => {
                let exists = Expr::Exists(Box::new(self.query(subquery, env)?.0));
                Ok(if *negated { Expr::Not(Box::new(exists)) } else { exists })
            }
            E::Subquery(query) => self.subquery(query, 1, env),
            E::Tuple(members) => Ok(Expr::Row(self.exprs(members, env)?)),
            E::Array(ast::Array { elem, named: true }) => self.array(elem, env),
            E::CompoundFieldAccess { root, access_chain } => self.subscripts(root, access_chain, env),
            E::Collate { expr, collation } => self.collate(expr, collation, env),
            E::AtTimeZone { .. }
            | E::Extract { .. }
            | E::Position { .. }
            | E::Substring { .. }
            | E::Trim { .. }
            | E::Overlay { .. }
            | E::Ceil { .. }
            | E::Floor { .. } => self.special(expr, env),
            E::Wildcard(token) => Ok(self.star_value("*", position(token.0.span))),
            E::QualifiedWildcard(name, token) => {
                Ok(self.star_value(&format!("{name}.*"), position(token.0.span)))
            }
            _ => Err(construct(shown(expr), "write it with plain operators and functions")),
        }
    }

    pub(super) fn exprs(&mut self, exprs: &[ast::Expr], env: Env<'_, 's>) -> Lowered<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr, env)).collect()
    }

    pub(super) fn boxed(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Box<Expr>> {
        self.expr(expr, env).map(Box::new)
    }

    /// A star where a value should stand.
    pub(super) fn star_value(&mut self, subject: &str, at: Option<Place>) -> Expr {
        self.keep_back(
            Refusal::new(Reason::SelectStar, "takes every column")
                .about(subject)
                .at(at)
                .advise("name the columns that are needed; only count(*) takes a star"),
        );
        Expr::Null
    }

    /// A subquery that stands for a value, or for a row of so many.
    pub(super) fn subquery(&mut self, query: &ast::Query, width: usize, env: Env<'_, 's>) -> Lowered<Expr> {
        let (query, outputs) = self.query(query, env)?;
        if outputs.len() == width {
            return Ok(Expr::Scalar(Box::new(query)));
        }
        let message = match width {
            1 => "a subquery that stands for a value must have one column",
            _ => "a subquery must have as many columns as the row that it is compared with",
        };
        Err(Refusal::new(Reason::ParseError, message))
    }

    fn case(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        let ast::Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } = expr else {
            return Err(foreign(shown(expr)));
        };
        let operand = operand.as_ref().map(|operand| self.expr(operand, env)).transpose()?;
        let branches = conditions
            .iter()
            .map(|ast::CaseWhen { condition, result }| {
                Ok((self.expr(condition, env)?, self.expr(result, env)?))
            })
            .collect::<Lowered<_>>()?;
        let otherwise = else_result.as_ref().map(|result| self.expr(result, env)).transpose()?;
        Ok(Expr::Case(Box::new(Case { operand, branches, otherwise })))
    }

    /// The members of `ARRAY[...]`; inner dimensions may leave the word out.
    fn array(&mut self, members: &[ast::Expr], env: Env<'_, 's>) -> Lowered<Expr> {
        let members = members
            .iter()
            .map(|member| match member {
                ast::Expr::Array(ast::Array { elem, named: false }) => self.array(elem, env),
                other => self.expr(other, env),
            })
            .collect::<Lowered<_>>()?;
        Ok(Expr::Array(members))
    }
}

/// A form of the statement as its author may recognise it.
pub(super) fn shown(expr: &ast::Expr) -> String {
    expr.to_string()
}

/// Why a function is not on the list.
pub(super) fn disallowed_function(name: &str, at: Option<Place>) -> Refusal {
    let refusal = Refusal::new(Reason::DisallowedFunction, "is not an allowed function").about(name).at(at);
    match danger_of(name) {
        Some(danger) => Refusal { message: danger.message().into(), ..refusal }.advise(danger.advice()),
        None => refusal,
    }
}
