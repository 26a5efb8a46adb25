//! Predicates.

use super::Text;
use crate::tree::{Expr, LikeKind, Quantified, Quantifier, Test};

impl Text {
    pub(super) fn predicate(&mut self, expr: &Expr) {
        match expr {
            Expr::Test { operand, negated, test } => {
                self.operand(operand);
                self.word(if *negated { " is not " } else { " is " });
                self.word(match test {
                    Test::Null => "null",
                    Test::True => "true",
                    Test::False => "false",
                    Test::Unknown => "unknown",
                });
            }
            Expr::Distinct { left, negated, right } => {
                self.operand(left);
                self.word(if *negated { " is not distinct from " } else { " is distinct from " });
                self.operand(right);
            }
            Expr::Like { operand, negated, kind, pattern, escape } => {
                self.operand(operand);
                self.word(if *negated { " not " } else { " " });
                self.word(match kind {
                    LikeKind::Like => "like ",
                    LikeKind::ILike => "ilike ",
                    LikeKind::SimilarTo => "similar to ",
                });
                self.operand(pattern);
                if let Some(escape) = escape {
                    self.word(" escape ");
                    self.operand(escape);
                }
            }
            Expr::Between { operand, negated, low, high } => {
                self.operand(operand);
                self.word(if *negated { " not between " } else { " between " });
                self.operand(low);
                self.word(" and ");
                self.operand(high);
            }
            Expr::InList { operand, negated, list } => {
                self.operand(operand);
                self.word(if *negated { " not in " } else { " in " });
                self.bracketed(list, Self::expr);
            }
            Expr::InQuery { operand, negated, query } => {
                self.operand(operand);
                self.word(if *negated { " not in " } else { " in " });
                self.subquery(query);
            }
            Expr::Quantified { left, operator, quantifier, right } => {
                self.mean(|meaning| meaning.operators.push(operator.0.to_owned()));
                self.operand(left);
                self.word(" ");
                self.word(operator.0);
                self.word(match quantifier {
                    Quantifier::Any => " any ",
                    Quantifier::All => " all ",
                });
                match right {
                    Quantified::Query(query) => self.subquery(query),
                    Quantified::Array(array) => {
                        self.word("(");
                        self.expr(array);
                        self.word(")");
                    }
                }
            }
            other => self.expr(other),
        }
    }
}
