//! Calls and windows.

use super::Text;
use crate::tree::{Argument, Bound, Call, Frame, FrameUnits, Over, Window};

impl Text {
    pub(super) fn call(&mut self, call: &Call) {
        let Call { schema, name, distinct, star, args, order_by, within_group, filter, over } = call;
        let schema = schema.as_deref().unwrap_or("pg_catalog");
        self.mean(|meaning| meaning.functions.push(format!("{schema}.{name}")));
        self.qualified(schema, name);
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
