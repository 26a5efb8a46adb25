//! Expressions, with brackets around every operand that is not atomic.

use super::Text;
use crate::tree::{
    Argument, Bound, Call, Case, Chain, Expr, Frame, FrameUnits, LikeKind, Over, Quantified, Quantifier, Subscript,
    Test, Window,
};

impl Text {
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Column { table, name } => self.qualified(table, name),
            Expr::Number(digits) => self.word(digits),
            Expr::Text(text) => self.literal(text),
            Expr::Bool(true) => self.word("true"),
            Expr::Bool(false) => self.word("false"),
            Expr::Null => self.word("null"),
            Expr::Cast(operand, to) => {
                self.word("cast(");
                self.expr(operand);
                self.word(" as ");
                self.type_(to);
                self.word(")");
            }
            Expr::Sign(sign, operand) => {
                self.word(sign.0);
                self.word(" ");
                self.operand(operand);
            }
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

    fn predicate(&mut self, expr: &Expr) {
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

    fn operand(&mut self, expr: &Expr) {
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

    pub(super) fn call(&mut self, call: &Call) {
        let Call { schema, name, distinct, star, args, order_by, within_group, filter, over } = call;
        self.qualified(schema.as_deref().unwrap_or("pg_catalog"), name);
        self.word("(");
        self.word(if *distinct { "distinct " } else { "" });
        self.word(if *star { "*" } else { "" });
        self.list(args, Self::argument);
        self.sorts(" order by ", order_by);
        self.word(")");
        if !within_group.is_empty() {
            self.sorts(" within group (order by ", within_group);
            self.word(")");
        }
        if let Some(filter) = filter {
            self.word(" filter (where ");
            self.expr(filter);
            self.word(")");
        }
        match over {
            None => {}
            Some(Over::Named(name)) => {
                self.word(" over ");
                self.name(name);
            }
            Some(Over::Window(window)) => {
                self.word(" over ");
                self.window(window);
            }
        }
    }

    fn argument(&mut self, argument: &Argument) {
        if let Some(name) = &argument.name {
            self.name(name);
            self.word(" => ");
        }
        self.expr(&argument.value);
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

    pub(super) fn window(&mut self, window: &Window) {
        let Window { base, partition_by, order_by, frame } = window;
        let mut space = "";
        self.word("(");
        if let Some(base) = base {
            self.name(base);
            space = " ";
        }
        if !partition_by.is_empty() {
            self.word(space);
            self.word("partition by ");
            self.list(partition_by, Self::expr);
            space = " ";
        }
        if !order_by.is_empty() {
            self.word(space);
            self.sorts("order by ", order_by);
            space = " ";
        }
        if let Some(frame) = frame {
            self.word(space);
            self.frame(frame);
        }
        self.word(")");
    }

    fn frame(&mut self, frame: &Frame) {
        self.word(match frame.units {
            FrameUnits::Rows => "rows ",
            FrameUnits::Range => "range ",
            FrameUnits::Groups => "groups ",
        });
        match &frame.end {
            None => self.bound(&frame.start),
            Some(end) => {
                self.word("between ");
                self.bound(&frame.start);
                self.word(" and ");
                self.bound(end);
            }
        }
    }

    fn bound(&mut self, bound: &Bound) {
        match bound {
            Bound::UnboundedPreceding => self.word("unbounded preceding"),
            Bound::Preceding(distance) => {
                self.operand(distance);
                self.word(" preceding");
            }
            Bound::CurrentRow => self.word("current row"),
            Bound::Following(distance) => {
                self.operand(distance);
                self.word(" following");
            }
            Bound::UnboundedFollowing => self.word("unbounded following"),
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
