//! Queries: `WITH`, set operations, the clauses of `SELECT` and those after it.

use std::ops::Range;

use super::{
    Read, Reader,
    expr::Bracket,
    scope::{Member, Visible, outputs, outputs_of},
};
use crate::tree::{
    Body, Cte, Distinct, Expr, Item, Key, Name, Query, Select, SetOperator, Sort, Steps, Window,
};

/// A part of a body; a single `SELECT` lets the `ORDER BY` behind it look into its sources.
pub(super) struct Branch<'s> {
    body: Body,
    open: Option<Open<'s>>,
}

/// The sources of a `SELECT`, and the references that they have still to answer for.
struct Open<'s> {
    sources: Vec<Visible<'s>>,
    /// Those of the select list.
    items: Range<usize>,
    /// Those of the clauses behind `FROM`, up to the last.
    clauses: usize,
}

/// A member of `WITH RECURSIVE`, which is in reach of its own later branches.
struct Itself<'a> {
    name: &'a Name,
    columns: &'a [Name],
}

impl<'s> Reader<'_, 's> {
    pub(super) fn query(&mut self) -> Read<Query> {
        self.enter()?;
        let in_reach = self.members.len();
        let with = self.with()?;
        let first = self.branch()?;
        let query = self.query_after(with, first)?;
        self.members.truncate(in_reach);
        self.depth -= 1;
        Ok(query)
    }

    pub(super) fn at_query(&self) -> bool {
        self.sees("select ") || self.sees("with ") || self.sees("values ")
    }

    /// Whether a query in brackets is only the first part of a longer one.
    pub(super) fn continues_query(&self) -> bool {
        [" union ", " except ", " intersect ", " order by ", " limit ", " offset "]
            .iter()
            .any(|words| self.sees(words))
    }

    /// What follows after the first part of the body.
    pub(super) fn query_after(&mut self, with: Vec<Cte>, first: Branch<'s>) -> Read<Query> {
        let Branch { body, open } = self.set_operations(first)?;
        let order_by = if self.eat(" order by ") { self.list(Self::output_sort)? } else { vec![] };
        if let Some(open) = open {
            self.close(open)?;
        }
        let limit = if self.eat(" limit ") { Some(self.whole()?) } else { None };
        let offset = if self.eat(" offset ") { Some(self.whole()?) } else { None };
        Ok(Query { with, body, order_by, limit, offset })
    }

    fn with(&mut self) -> Read<Vec<Cte>> {
        if !self.eat("with ") {
            return Ok(vec![]);
        }
        let recursive = self.eat("recursive ");
        let (in_reach, mut used) = (self.members.len(), vec![]);
        let mut ctes = vec![];
        loop {
            let from = self.uses.len();
            ctes.push(self.cte(recursive)?);
            used.push(from..self.uses.len());
            if !self.eat(", ") {
                break;
            }
        }
        self.expect(" ")?;
        if recursive {
            self.check_recursion(&ctes, &used, in_reach)?;
        }
        Ok(ctes)
    }

    /// Under `RECURSIVE` every name of the `WITH` is taken from its beginning: a member that means one of an outer
    /// `WITH` must not have the name of a later member or its own.
    fn check_recursion(&self, ctes: &[Cte], used: &[Range<usize>], in_reach: usize) -> Read<()> {
        let mut later = ctes.iter();
        for range in used {
            let outer = self.uses.get(range.clone()).unwrap_or_default();
            let mut outer = outer.iter().filter(|(_, place)| *place < in_reach);
            if outer.any(|(name, _)| later.clone().any(|cte| cte.name == *name)) {
                return self.fault("a name that no later member has");
            }
            later.next();
        }
        if ctes.iter().any(|cte| cte.steps.is_some()) { Ok(()) } else { self.fault("a recursion") }
    }

    fn cte(&mut self, recursive: bool) -> Read<Cte> {
        let name = self.name()?;
        let columns = self.columns()?;
        let materialized = if self.eat(" as materialized ") {
            Some(true)
        } else if self.eat(" as not materialized ") {
            Some(false)
        } else {
            self.expect(" as ")?;
            None
        };
        self.expect("(")?;
        let (query, refers_to_itself) = if recursive && !self.sees("with ") {
            self.member_of_recursion(&Itself { name: &name, columns: &columns })?
        } else {
            (self.query()?, false)
        };
        self.expect(")")?;
        let outputs = self.renamed(outputs(&query), &columns)?;
        self.members.push(Member { name: name.clone(), columns: outputs });
        let steps = refers_to_itself.then_some(Steps(0));
        Ok(Cte { name, columns, materialized, steps, query })
    }

    /// The branches after the first may refer to the member, whose columns the first has named.
    fn member_of_recursion(&mut self, itself: &Itself<'_>) -> Read<(Query, bool)> {
        let first = self.branch()?;
        if !self.sees(" union ") {
            return Ok((self.query_after(vec![], first)?, false));
        }
        let columns = self.renamed(outputs_of(&first.body), itself.columns)?;
        let (place, from) = (self.members.len(), self.uses.len());
        self.members.push(Member { name: itself.name.clone(), columns });
        let query = self.query_after(vec![], first)?;
        self.members.truncate(place);
        let refers = self.uses.get(from..).unwrap_or_default().iter().any(|(_, used)| *used == place);
        Ok((query, refers))
    }

    fn set_operations(&mut self, first: Branch<'s>) -> Read<Branch<'s>> {
        let Some(operator) = self.set_operator() else { return Ok(first) };
        let first = self.closed(first)?;
        let mut rest = vec![];
        let mut next = Some(operator);
        while let Some(operator) = next {
            if is_tight(operator) != is_tight(rest.first().map_or(operator, |&(first, _)| first)) {
                return self.fault("an operation of the same precedence");
            }
            let branch = self.branch()?;
            rest.push((operator, self.closed(branch)?));
            next = self.set_operator();
        }
        Ok(Branch { body: Body::Set(Box::new(first), rest), open: None })
    }

    fn set_operator(&mut self) -> Option<SetOperator> {
        let found = [
            (" union all ", SetOperator::UnionAll),
            (" union ", SetOperator::Union),
            (" except all ", SetOperator::ExceptAll),
            (" except ", SetOperator::Except),
            (" intersect all ", SetOperator::IntersectAll),
            (" intersect ", SetOperator::Intersect),
        ];
        found.into_iter().find(|(words, _)| self.eat(words)).map(|(_, operator)| operator)
    }

    fn branch(&mut self) -> Read<Branch<'s>> {
        if self.eat("select ") {
            self.select()
        } else if self.eat("values ") {
            let body = Body::Values(self.list(|reader| reader.bracketed(Self::expr))?);
            Ok(Branch { body, open: None })
        } else {
            match self.bracket()? {
                Bracket::Query(query) => Ok(Branch::bracketed(query)),
                Bracket::Exprs(_) => self.fault("a query"),
            }
        }
    }

    fn select(&mut self) -> Read<Branch<'s>> {
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
    fn close(&mut self, open: Open<'s>) -> Read<()> {
        let Open { sources, items, clauses } = open;
        // From the back, so that the places in front stay what they are.
        self.settle(clauses..self.references.len(), &sources)?;
        self.settle(items, &sources)
    }

    fn closed(&mut self, branch: Branch<'s>) -> Read<Body> {
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

    fn output_sort(&mut self) -> Read<Sort> {
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

    /// `a, b, c`
    pub(super) fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = vec![each(self)?];
        while self.eat(", ") {
            items.push(each(self)?);
        }
        Ok(items)
    }

    /// `(a, b, c)`, with at least one of them.
    pub(super) fn bracketed<T>(&mut self, each: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        self.expect("(")?;
        let items = self.list(each)?;
        self.expect(")")?;
        Ok(items)
    }
}

impl Branch<'_> {
    /// A query in brackets, which are part of the tree where it has clauses of its own.
    pub(super) fn bracketed(query: Query) -> Self {
        let Query { with, body: _, order_by, limit, offset } = &query;
        let bare = with.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none();
        Self { body: if bare { query.body } else { Body::Query(Box::new(query)) }, open: None }
    }
}

/// `INTERSECT` binds tighter than the others (<https://www.postgresql.org/docs/current/sql-select.html>).
const fn is_tight(operator: SetOperator) -> bool {
    matches!(operator, SetOperator::Intersect | SetOperator::IntersectAll)
}
