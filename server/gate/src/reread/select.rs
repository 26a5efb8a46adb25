//! One `SELECT`, and what sorts and windows say.

use std::ops::Range;

use super::{Read, Reader, query::Branch, scope::Visible};
use crate::tree::{Body, Distinct, Expr, Item, Key, Name, Select, Sort, Window};

/// The sources of a `SELECT`, and the references that they have still to answer for.
pub(super) struct Open<'s> {
    sources: Vec<Visible<'s>>,
    /// Those of the select list.
    items: Range<usize>,
    /// Those of the clauses behind `FROM`, up to the last.
    clauses: usize,
}

impl<'s> Reader<'_, 's> {
    pub(super) fn select(&mut self) -> Read<Branch<'s>> {
        let begin = self.references.len();
        let distinct = if self.eat("distinct on ") {
            let keys = self.bracketed(Self::output_key)?;
            self.expect(" ")?;
            Distinct::On(keys)
        } else if self.eat("distinct ") {
            Distinct::Rows
        } else {
            Distinct::No
        };
        let items = self.list(Self::item)?;
        let items_end = self.references.len();
        let mut sources = vec![];
        let from = if self.eat(" from ") { self.from(&mut sources)? } else { vec![] };
        let clauses = self.references.len();
        let filter = if self.eat(" where ") { Some(self.expr()?) } else { None };
        let group_by = if self.eat(" group by ") { self.list(Self::grouping)? } else { vec![] };
        let having = if self.eat(" having ") { Some(self.expr()?) } else { None };
        let windows = if self.eat(" window ") { self.list(Self::named_window)? } else { vec![] };
        let select = Select { distinct, items, from, filter, group_by, having, windows };
        let open = Open { sources, items: begin..items_end, clauses };
        Ok(Branch { body: Body::Select(Box::new(select)), open: Some(open) })
    }

    /// Nothing more will be read that the sources could answer for.
    pub(super) fn close(&mut self, open: Open<'s>) -> Read<()> {
        let Open { sources, items, clauses } = open;
        // From the back, so that the places in front stay what they are.
        self.settle(clauses..self.references.len(), &sources)?;
        self.settle(items, &sources)
    }

    pub(super) fn closed(&mut self, branch: Branch<'s>) -> Read<Body> {
        let Branch { body, open } = branch;
        if let Some(open) = open {
            self.close(open)?;
        }
        Ok(body)
    }

    /// A bare column names itself.
    fn item(&mut self) -> Read<Item> {
        let expr = self.expr()?;
        let column = match &expr {
            Expr::Column { name, .. } => Some(name.clone()),
            _ => None,
        };
        if !self.eat(" as ") {
            return match column {
                Some(label) => Ok(Item { expr, label }),
                None => self.fault("a label"),
            };
        }
        let label = self.name()?;
        if column.is_some_and(|name| name == label) {
            self.fault("no label")
        } else {
            Ok(Item { expr, label })
        }
    }

    /// In an aggregate or a window every key is an expression over the input.
    pub(super) fn input_sort(&mut self) -> Read<Sort> {
        let key = Key::Expr(self.expr()?);
        Ok(self.sort_options(key))
    }

    pub(super) fn output_sort(&mut self) -> Read<Sort> {
        let key = self.output_key()?;
        Ok(self.sort_options(key))
    }

    fn sort_options(&mut self, key: Key) -> Sort {
        let mut choose = |yes: &str, no: &str| {
            if self.eat_whole(yes) {
                Some(true)
            } else if self.eat_whole(no) {
                Some(false)
            } else {
                None
            }
        };
        let descending = choose(" desc", " asc");
        let nulls_first = choose(" nulls first", " nulls last");
        Sort { key, descending, nulls_first }
    }

    fn named_window(&mut self) -> Read<(Name, Window)> {
        let name = self.name()?;
        self.expect(" as ")?;
        Ok((name, self.window()?))
    }
}
