//! Expressions. An operand is atomic or stands in brackets, so that precedence decides nothing.

use super::{Read, Reader, cursor::is_operator, query::Branch};
use crate::{
    catalogue::prefix,
    tree::{Case, Clock, Expr, Form, Query, Subscript},
};

/// What a pair of brackets holds.
pub(super) enum Bracket {
    Query(Query),
    Exprs(Vec<Expr>),
}

/// An operand, and whether it has brackets that belong to no subquery.
pub(super) struct Operand {
    expr: Expr,
    bracketed: bool,
}

impl From<Expr> for Operand {
    fn from(expr: Expr) -> Self {
        Self { expr, bracketed: false }
    }
}

impl Operand {
    /// The operand, which no subscript follows.
    pub(super) fn alone(self, reader: &Reader<'_, '_>) -> Read<Expr> {
        if self.bracketed && is_atomic(&self.expr) {
            return reader.fault("an operand without brackets");
        }
        Ok(self.expr)
    }
}

impl Reader<'_, '_> {
    pub(super) fn expr(&mut self) -> Read<Expr> {
        self.enter()?;
        let expr = match self.peek() {
            Some(byte) if is_operator(byte) => self.sign()?,
            Some(b'n') if self.eat("not ") => Expr::Not(Box::new(self.operand()?.alone(self)?)),
            _ => {
                let operand = self.operand()?;
                self.after(operand)?
            }
        };
        self.depth -= 1;
        Ok(expr)
    }

    /// A prefix operator of the list, and a blank.
    fn sign(&mut self) -> Read<Expr> {
        let spelling = self.operator_at(0);
        match prefix(spelling) {
            Some(sign) if self.peek_at(spelling.len()) == Some(b' ') => {
                self.at += spelling.len() + 1;
                Ok(Expr::Sign(sign, Box::new(self.operand()?.alone(self)?)))
            }
            _ => self.fault("an operator of the list"),
        }
    }

    /// What follows the first operand. Brackets are there for what follows, so that something must.
    pub(super) fn after(&mut self, operand: Operand) -> Read<Expr> {
        let (start, bracketed) = (self.at, operand.bracketed);
        let expr = match self.peek() {
            Some(b'[') => self.subscripts(operand)?,
            Some(b' ') => {
                let operand = operand.alone(self)?;
                self.suffix(operand)?
            }
            _ => operand.expr,
        };
        if bracketed && self.at == start { self.fault("an expression without brackets") } else { Ok(expr) }
    }

    pub(super) fn operand(&mut self) -> Read<Operand> {
        match self.peek() {
            Some(b'"') => {
                let name = self.name()?;
                self.named(name).map(Operand::from)
            }
            Some(b'(') => {
                let bracket = self.bracket()?;
                self.operand_of(bracket)
            }
            Some(b'\'') => Ok(Expr::Text(self.plain_string()?).into()),
            Some(b'E') => Ok(Expr::Text(self.escaped_string()?).into()),
            Some(b'0'..=b'9' | b'.') => Ok(Expr::Number(self.number()?.into()).into()),
            _ => self.keyword().map(Operand::from),
        }
    }

    pub(super) fn operand_of(&self, bracket: Bracket) -> Read<Operand> {
        match bracket {
            Bracket::Query(query) => Ok(Expr::Scalar(Box::new(query)).into()),
            Bracket::Exprs(mut exprs) => match (exprs.pop(), exprs.is_empty()) {
                (Some(expr), true) => Ok(Operand { expr, bracketed: true }),
                _ => self.fault("one operand"),
            },
        }
    }

    /// `"alias"."column"` or `"schema"."function"(...)`; the first name has been read.
    pub(super) fn named(&mut self, first: crate::tree::Name) -> Read<Expr> {
        self.expect(".")?;
        let second = self.name()?;
        if self.sees("(") {
            return Ok(Expr::Call(Box::new(self.call(first, second)?)));
        }
        self.references.push((first.clone(), second.clone()));
        Ok(Expr::Column { table: first, name: second })
    }

    /// `(...)`. Whether a query or an expression begins, PostgreSQL tells from what follows the inner bracket: that of
    /// `((select 1) union select 2)` opens a query, that of `((select 1) + 2)` an expression.
    pub(super) fn bracket(&mut self) -> Read<Bracket> {
        self.expect("(")?;
        self.enter()?;
        let bracket = if self.at_query() {
            Bracket::Query(self.query()?)
        } else if self.sees("(") {
            self.bracket_in_bracket()?
        } else {
            Bracket::Exprs(self.list(Self::expr)?)
        };
        self.expect(")")?;
        self.depth -= 1;
        Ok(bracket)
    }

    fn bracket_in_bracket(&mut self) -> Read<Bracket> {
        let inner = self.bracket()?;
        if self.continues_query() {
            return match inner {
                Bracket::Query(query) => {
                    Ok(Bracket::Query(self.query_after(vec![], Branch::bracketed(query))?))
                }
                Bracket::Exprs(_) => self.fault("an expression"),
            };
        }
        let operand = self.operand_of(inner)?;
        let mut exprs = vec![self.after(operand)?];
        while self.eat(", ") {
            exprs.push(self.expr()?);
        }
        Ok(Bracket::Exprs(exprs))
    }

    /// Grammar that begins with a word.
    fn keyword(&mut self) -> Read<Expr> {
        let start = self.at;
        let word = self.word();
        match (word, self.peek()) {
            ("true", _) => Ok(Expr::Bool(true)),
            ("false", _) => Ok(Expr::Bool(false)),
            ("null", _) => Ok(Expr::Null),
            ("cast", Some(b'(')) => self.cast(),
            ("case", Some(b' ')) => self.case(),
            ("row", Some(b'(')) => self.row(),
            ("array", Some(b'[')) => self.array(),
            ("array", Some(b'(')) => Ok(Expr::ArrayOf(Box::new(self.query_in_brackets()?))),
            ("exists", Some(b' ')) => {
                self.at += 1;
                Ok(Expr::Exists(Box::new(self.query_in_brackets()?)))
            }
            _ => {
                self.at = start;
                self.form_or_clock()
            }
        }
    }

    fn form_or_clock(&mut self) -> Read<Expr> {
        let word = self.word();
        if let Some(form) = Form::of(word) {
            return Ok(Expr::Form(form, self.bracketed(Self::expr)?));
        }
        let Some(clock) = Clock::of(word) else { return self.fault("an expression") };
        let precision = if self.eat("(") {
            let digits = self.whole()?;
            self.expect(")")?;
            Some(digits)
        } else {
            None
        };
        Ok(Expr::Clock { clock, precision })
    }

    fn cast(&mut self) -> Read<Expr> {
        self.expect("(")?;
        let operand = Box::new(self.expr()?);
        self.expect(" as ")?;
        let to = self.type_()?;
        self.expect(")")?;
        Ok(Expr::Cast(operand, to))
    }

    fn case(&mut self) -> Read<Expr> {
        let mut operand = None;
        if !self.sees(" when ") {
            self.expect(" ")?;
            operand = Some(self.operand()?.alone(self)?);
        }
        let mut branches = vec![];
        while self.eat(" when ") {
            let when = self.expr()?;
            self.expect(" then ")?;
            branches.push((when, self.expr()?));
        }
        let otherwise = if self.eat(" else ") { Some(self.expr()?) } else { None };
        if branches.is_empty() || !self.eat_whole(" end") {
            return self.fault("the end of a case");
        }
        Ok(Expr::Case(Box::new(Case { operand, branches, otherwise })))
    }

    fn row(&mut self) -> Read<Expr> {
        if self.eat("()") { Ok(Expr::Row(vec![])) } else { Ok(Expr::Row(self.bracketed(Self::expr)?)) }
    }

    fn array(&mut self) -> Read<Expr> {
        if self.eat("[]") {
            return Ok(Expr::Array(vec![]));
        }
        self.expect("[")?;
        let members = self.list(Self::expr)?;
        self.expect("]")?;
        Ok(Expr::Array(members))
    }

    /// Only a column may be subscripted without brackets.
    fn subscripts(&mut self, operand: Operand) -> Read<Expr> {
        let Operand { expr, bracketed } = operand;
        if matches!(expr, Expr::Column { .. }) == bracketed {
            return self.fault("a column, or brackets");
        }
        let mut subscripts = vec![];
        while self.eat("[") {
            subscripts.push(self.subscript()?);
        }
        Ok(Expr::Subscript { operand: Box::new(expr), subscripts })
    }

    fn subscript(&mut self) -> Read<Subscript> {
        let low = if self.sees(":") { None } else { Some(self.expr()?) };
        let subscript = if self.eat(":") {
            Subscript::Slice(low, if self.sees("]") { None } else { Some(self.expr()?) })
        } else {
            match low {
                Some(index) => Subscript::Index(index),
                None => return self.fault("a subscript"),
            }
        };
        self.expect("]")?;
        Ok(subscript)
    }
}

/// Whether `expr` needs no brackets as an operand.
const fn is_atomic(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::Sign(..)
            | Expr::Not(_)
            | Expr::Chain(_)
            | Expr::Test { .. }
            | Expr::Distinct { .. }
            | Expr::Like { .. }
            | Expr::Between { .. }
            | Expr::InList { .. }
            | Expr::InQuery { .. }
            | Expr::Quantified { .. }
            | Expr::Subscript { .. }
            | Expr::Collate(..)
    )
}
