//! What may follow an operand: operators, predicates, a collation.

use super::{Read, Reader, cursor::is_operator, expr::Bracket};
use crate::{
    catalogue::infix,
    tree::{Chain, Expr, LikeKind, Operator, Quantified, Quantifier, Test},
};

impl Reader<'_, '_> {
    /// The letter behind the blank tells what can follow at all; clauses begin with others, or go on otherwise.
    pub(super) fn suffix(&mut self, operand: Expr) -> Read<Expr> {
        match self.peek_at(1) {
            Some(byte) if is_operator(byte) => self.chain(operand),
            Some(b'a') if self.sees(" and ") => self.chain(operand),
            Some(b'o') if self.sees(" or ") => self.chain(operand),
            Some(b'i') if self.eat(" is ") => self.test(operand),
            Some(b'i' | b'n' | b'l' | b's' | b'b') => self.predicate(operand),
            Some(b'c') if self.eat(" collate ") => self.collation(operand),
            _ => Ok(operand),
        }
    }

    /// Operators of one precedence; comparisons do not follow one another.
    fn chain(&mut self, first: Expr) -> Read<Expr> {
        let Some(operator) = self.infix()? else { return Ok(first) };
        if let Some(quantifier) = self.quantifier() {
            return self.quantified(first, operator, quantifier);
        }
        let level = level(operator);
        let mut rest = vec![(operator, self.operand()?.alone(self)?)];
        while let Some(next) = self.infix()? {
            if level == COMPARISON || self::level(next) != level {
                return self.fault("an operator of the same precedence");
            }
            rest.push((next, self.operand()?.alone(self)?));
        }
        Ok(Expr::Chain(Chain { first: Box::new(first), rest }))
    }

    /// A blank, an operator of the list, and another blank.
    fn infix(&mut self) -> Read<Option<Operator>> {
        if self.eat(" and ") {
            return Ok(Some(Operator::AND));
        }
        if self.eat(" or ") {
            return Ok(Some(Operator::OR));
        }
        if !self.sees(" ") {
            return Ok(None);
        }
        let spelling = self.operator_at(1);
        if spelling.is_empty() {
            return Ok(None);
        }
        match infix(spelling, self.policy) {
            Some(operator) if self.peek_at(1 + spelling.len()) == Some(b' ') => {
                self.at += spelling.len() + 2;
                Ok(Some(operator))
            }
            _ => self.fault("an operator of the list"),
        }
    }

    fn quantifier(&mut self) -> Option<Quantifier> {
        if self.eat("any ") {
            Some(Quantifier::Any)
        } else if self.eat("all ") {
            Some(Quantifier::All)
        } else {
            None
        }
    }

    fn quantified(&mut self, left: Expr, operator: Operator, quantifier: Quantifier) -> Read<Expr> {
        let right = match self.bracket()? {
            Bracket::Query(query) => Quantified::Query(Box::new(query)),
            Bracket::Exprs(mut exprs) => match (exprs.pop(), exprs.is_empty()) {
                // PostgreSQL takes brackets around a subquery for its own.
                (Some(Expr::Scalar(_)), _) => return self.fault("a subquery in one pair of brackets"),
                (Some(array), true) => Quantified::Array(Box::new(array)),
                _ => return self.fault("one array"),
            },
        };
        Ok(Expr::Quantified { left: Box::new(left), operator, quantifier, right })
    }

    fn test(&mut self, operand: Expr) -> Read<Expr> {
        let negated = self.eat("not ");
        let operand = Box::new(operand);
        if self.eat("distinct from ") {
            let right = Box::new(self.operand()?.alone(self)?);
            return Ok(Expr::Distinct { left: operand, negated, right });
        }
        let tests =
            [("null", Test::Null), ("true", Test::True), ("false", Test::False), ("unknown", Test::Unknown)];
        match tests.into_iter().find(|(word, _)| self.eat_whole(word)) {
            Some((_, test)) => Ok(Expr::Test { operand, negated, test }),
            None => self.fault("a test"),
        }
    }

    /// `IN`, `LIKE` and `BETWEEN`; or nothing, where a clause follows.
    fn predicate(&mut self, operand: Expr) -> Read<Expr> {
        let start = self.at;
        let negated = self.eat(" not ");
        if !negated {
            self.expect(" ")?;
        }
        let kinds =
            [("like ", LikeKind::Like), ("ilike ", LikeKind::ILike), ("similar to ", LikeKind::SimilarTo)];
        if self.eat("in ") {
            return self.in_(operand, negated);
        }
        if self.eat("between ") {
            return self.between(operand, negated);
        }
        if let Some((_, kind)) = kinds.into_iter().find(|(words, _)| self.eat(words)) {
            return self.like(operand, negated, kind);
        }
        if negated {
            return self.fault("a predicate");
        }
        self.at = start;
        Ok(operand)
    }

    fn in_(&mut self, operand: Expr, negated: bool) -> Read<Expr> {
        let operand = Box::new(operand);
        Ok(match self.bracket()? {
            Bracket::Query(query) => Expr::InQuery { operand, negated, query: Box::new(query) },
            Bracket::Exprs(list) if matches!(list.as_slice(), [Expr::Scalar(_)]) => {
                return self.fault("a subquery in one pair of brackets");
            }
            Bracket::Exprs(list) => Expr::InList { operand, negated, list },
        })
    }

    fn between(&mut self, operand: Expr, negated: bool) -> Read<Expr> {
        let low = Box::new(self.operand()?.alone(self)?);
        self.expect(" and ")?;
        let high = Box::new(self.operand()?.alone(self)?);
        Ok(Expr::Between { operand: Box::new(operand), negated, low, high })
    }

    fn like(&mut self, operand: Expr, negated: bool, kind: LikeKind) -> Read<Expr> {
        let pattern = Box::new(self.operand()?.alone(self)?);
        let escape = if self.eat(" escape ") { Some(Box::new(self.operand()?.alone(self)?)) } else { None };
        Ok(Expr::Like { operand: Box::new(operand), negated, kind, pattern, escape })
    }

    fn collation(&mut self, operand: Expr) -> Read<Expr> {
        self.expect("\"pg_catalog\".")?;
        Ok(Expr::Collate(Box::new(operand), self.name()?))
    }
}

const COMPARISON: u8 = 3;

/// The precedence of an operator, loosest first
/// (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE>).
fn level(operator: Operator) -> u8 {
    match operator.0 {
        "or" => 1,
        "and" => 2,
        "<" | ">" | "=" | "<=" | ">=" | "<>" => COMPARISON,
        "+" | "-" => 5,
        "*" | "/" | "%" => 6,
        "^" => 7,
        _ => 4,
    }
}
