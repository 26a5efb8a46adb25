//! Operators: flat chains where PostgreSQL reads from left to right, names from our list.

use sqlparser::ast::{self, BinaryOperator as B, UnaryOperator as U};

use super::{Env, Lowered, Lowering, construct, foreign};
use crate::{
    catalogue::{infix, prefix},
    tree::{Argument, Call, Chain, Expr, Operator},
};

impl<'s> Lowering<'s> {
    /// Walks down the left side in a loop: a sum of a thousand terms is no thousand levels.
    pub(super) fn operators(&mut self, expr: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        let mut spine = Vec::new();
        let mut first = expr;
        loop {
            match first {
                ast::Expr::BinaryOp { left, op, right } => {
                    spine.push((op, right.as_ref()));
                    first = left;
                }
                ast::Expr::Nested(inner) if !spine.is_empty() => first = inner,
                _ => break,
            }
        }
        let Some((op, right)) = spine.pop() else { return self.expr(first, env) };
        let mut result = self.binary(first, op, right, env)?;
        while let Some((op, right)) = spine.pop() {
            let operator = self.operator(op)?;
            let right = self.expr(right, env)?;
            result = join(result, operator, right);
        }
        Ok(result)
    }

    fn binary(
        &mut self,
        left: &ast::Expr,
        op: &ast::BinaryOperator,
        right: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        if matches!(op, B::Overlaps) {
            return self.overlaps(left, right, env);
        }
        let operator = self.operator(op)?;
        let left = self.expr(left, env)?;
        let right = match (&left, right) {
            // A row is compared with the one row of a subquery, column by column.
            (Expr::Row(members), ast::Expr::Subquery(query)) if operator.chains().is_none() => {
                self.subquery(query, members.len(), env)?
            }
            _ => self.expr(right, env)?,
        };
        Ok(join(left, operator, right))
    }

    /// `(a, b) OVERLAPS (c, d)` is a call of `pg_catalog.overlaps`.
    fn overlaps(&mut self, left: &ast::Expr, right: &ast::Expr, env: Env<'_, 's>) -> Lowered<Expr> {
        let mut args = Vec::with_capacity(4);
        for side in [left, right] {
            match self.expr(side, env)? {
                Expr::Row(members) if members.len() == 2 => args.extend(members),
                _ => return Err(construct("OVERLAPS", "write (start1, end1) OVERLAPS (start2, end2)")),
            }
        }
        let args = args.into_iter().map(|value| Argument { name: None, value }).collect();
        Ok(Expr::Call(Box::new(self.builtin("overlaps", args))))
    }

    pub(super) fn operator(&self, op: &ast::BinaryOperator) -> Lowered<Operator> {
        let spelling = match op {
            B::And => return Ok(Operator::AND),
            B::Or => return Ok(Operator::OR),
            B::Plus => "+",
            B::Minus => "-",
            B::Multiply => "*",
            B::Divide => "/",
            B::Modulo => "%",
            B::PGExp => "^",
            B::Eq => "=",
            B::NotEq => "<>",
            B::Lt => "<",
            B::LtEq => "<=",
            B::Gt => ">",
            B::GtEq => ">=",
            B::PGRegexMatch => "~",
            B::PGRegexIMatch => "~*",
            B::PGRegexNotMatch => "!~",
            B::PGRegexNotIMatch => "!~*",
            B::PGLikeMatch => "~~",
            B::PGILikeMatch => "~~*",
            B::PGNotLikeMatch => "!~~",
            B::PGNotILikeMatch => "!~~*",
            B::Custom(spelling) => spelling,
            B::PGCustomBinaryOperator(parts) => match parts.as_slice() {
                [schema, spelling] if schema == "pg_catalog" => spelling,
                _ => return Err(construct(op.to_string(), "write the operator itself, without OPERATOR()")),
            },
            _ => return Err(foreign(op.to_string())),
        };
        infix(spelling, self.policy)
            .ok_or_else(|| construct(spelling, "use the operators of the documentation"))
    }

    pub(super) fn sign(
        &mut self,
        op: ast::UnaryOperator,
        operand: &ast::Expr,
        env: Env<'_, 's>,
    ) -> Lowered<Expr> {
        let spelling = match op {
            U::Not => return Ok(Expr::Not(self.boxed(operand, env)?)),
            U::Plus => "+",
            U::Minus => "-",
            U::BitwiseNot => "~",
            U::PGAbs => "@",
            U::PGSquareRoot => "|/",
            U::PGCubeRoot => "||/",
            U::AtDashAt => "@-@",
            U::DoubleAt => "@@",
            U::Hash => "#",
            U::QuestionDash => "?-",
            U::QuestionPipe => "?|",
            // Of a text search query; once of a number.
            U::PGPrefixFactorial => "!!",
            U::PGPostfixFactorial | U::BangNot => return Err(foreign(op.to_string())),
        };
        let sign =
            prefix(spelling).ok_or_else(|| construct(spelling, "use the operators of the documentation"))?;
        Ok(Expr::Sign(sign, self.boxed(operand, env)?))
    }

    /// A call of a function of `pg_catalog` that the grammar itself makes.
    pub(super) fn builtin(&mut self, name: &str, args: Vec<Argument>) -> Call {
        let name: crate::tree::Name = name.into();
        self.reads.function(name.clone());
        Call { args, ..Call::plain(name) }
    }
}

/// Adds an operand on the right: to the chain on the left if both are of one precedence.
fn join(left: Expr, operator: Operator, right: Expr) -> Expr {
    match left {
        Expr::Chain(mut chain)
            if operator.chains().is_some()
                && chain.rest.first().is_some_and(|(first, _)| first.chains() == operator.chains()) =>
        {
            chain.rest.push((operator, right));
            Expr::Chain(chain)
        }
        left => Expr::Chain(Chain { first: Box::new(left), rest: vec![(operator, right)] }),
    }
}
