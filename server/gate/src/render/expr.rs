//! Expressions, with brackets around every operand that is not atomic.

use super::{Text, literal::number};
use crate::tree::{Case, Chain, Expr, Operator, Sign, Subscript};

impl Text {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column { table, name } => self.qualified(table, name),
            Expr::Number(digits) => {
                self.mean(|meaning| meaning.literals.push(number(digits, false)));
                self.word(digits);
            }
            Expr::Text(text) => self.literal(text),
            Expr::Bool(true) => self.constant("true"),
            Expr::Bool(false) => self.constant("false"),
            Expr::Null => self.constant("null"),
            Expr::Cast(operand, to) => {
                self.word("cast(");
                self.expr(operand);
                self.word(" as ");
                self.type_(to);
                self.word(")");
            }
            Expr::Sign(sign, operand) => self.sign(*sign, operand),
            Expr::Not(operand) => {
                self.word("not ");
                self.operand(operand);
            }
            Expr::Chain(chain) => self.chain(chain),
            Expr::Case(case) => self.case(case),
            Expr::Call(call) => self.call(call),
            Expr::Form(form, args) => {
                self.word(form.word());
                self.bracketed(args, Self::expr);
            }
            Expr::Clock { clock, precision } => {
                self.word(clock.word());
                if let Some(precision) = precision {
                    self.number(format_args!("({precision})"));
                }
            }
            Expr::Row(items) => {
                self.word("row");
                self.bracketed(items, Self::expr);
            }
            Expr::Array(items) => {
                self.word("array[");
                self.list(items, Self::expr);
                self.word("]");
            }
            Expr::ArrayOf(query) => {
                self.word("array");
                self.subquery(query);
            }
            Expr::Exists(query) => {
                self.word("exists ");
                self.subquery(query);
            }
            Expr::Scalar(query) => self.subquery(query),
            Expr::Subscript { operand, subscripts } => self.subscripts(operand, subscripts),
            Expr::Collate(operand, collation) => {
                self.operand(operand);
                self.word(" collate ");
                self.qualified("pg_catalog", collation);
            }
            Expr::Test { .. }
            | Expr::Distinct { .. }
            | Expr::Like { .. }
            | Expr::Between { .. }
            | Expr::InList { .. }
            | Expr::InQuery { .. }
            | Expr::Quantified { .. } => self.predicate(expr),
        }
    }

    fn constant(&mut self, word: &'static str) {
        self.mean(|meaning| meaning.literals.push(word.to_owned()));
        self.word(word);
    }

    /// PostgreSQL's grammar takes a minus before a number into the number, and so says the meaning.
    fn sign(&mut self, sign: Sign, operand: &Expr) {
        let (mut innermost, mut negative) = (operand, sign.0 == "-");
        while let Expr::Sign(Sign("-"), inner) = innermost {
            (innermost, negative) = (inner, !negative);
        }
        self.word(sign.0);
        self.word(" ");
        match innermost {
            Expr::Number(digits) if sign.0 == "-" => {
                self.mean(|meaning| meaning.literals.push(number(digits, negative)));
                let meaning = self.meaning.take();
                self.operand(operand);
                self.meaning = meaning;
            }
            _ => {
                self.mean(|meaning| meaning.operators.push(sign.0.to_owned()));
                self.operand(operand);
            }
        }
    }

    pub(super) fn operand(&mut self, expr: &Expr) {
        if is_atom(expr) {
            self.expr(expr);
        } else {
            self.word("(");
            self.expr(expr);
            self.word(")");
        }
    }

    fn chain(&mut self, chain: &Chain) {
        self.operand(&chain.first);
        for (operator, operand) in &chain.rest {
            if !matches!(*operator, Operator::AND | Operator::OR) {
                self.mean(|meaning| meaning.operators.push(operator.0.to_owned()));
            }
            self.word(" ");
            self.word(operator.0);
            self.word(" ");
            self.operand(operand);
        }
    }

    fn case(&mut self, case: &Case) {
        let Case { operand, branches, otherwise } = case;
        self.word("case");
        if let Some(operand) = operand {
            self.word(" ");
            self.operand(operand);
        }
        for (when, then) in branches {
            self.word(" when ");
            self.expr(when);
            self.word(" then ");
            self.expr(then);
        }
        if let Some(otherwise) = otherwise {
            self.word(" else ");
            self.expr(otherwise);
        }
        self.word(" end");
    }

    fn subscripts(&mut self, operand: &Expr, subscripts: &[Subscript]) {
        // Only a column may be subscripted without brackets.
        if matches!(operand, Expr::Column { .. }) {
            self.expr(operand);
        } else {
            self.word("(");
            self.expr(operand);
            self.word(")");
        }
        for subscript in subscripts {
            self.word("[");
            match subscript {
                Subscript::Index(index) => self.expr(index),
                Subscript::Slice(low, high) => {
                    if let Some(low) = low {
                        self.expr(low);
                    }
                    self.word(":");
                    if let Some(high) = high {
                        self.expr(high);
                    }
                }
            }
            self.word("]");
        }
    }
}

/// Whether `expr` holds together without brackets wherever it stands.
const fn is_atom(expr: &Expr) -> bool {
    match expr {
        Expr::Column { .. }
        | Expr::Number(_)
        | Expr::Text(_)
        | Expr::Bool(_)
        | Expr::Null
        | Expr::Cast(..)
        | Expr::Case(_)
        | Expr::Call(_)
        | Expr::Form(..)
        | Expr::Clock { .. }
        | Expr::Row(_)
        | Expr::Array(_)
        | Expr::ArrayOf(_)
        | Expr::Exists(_)
        | Expr::Scalar(_) => true,
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
        | Expr::Collate(..) => false,
    }
}
