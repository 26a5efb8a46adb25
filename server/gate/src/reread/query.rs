//! Queries: set operations, and the clauses after them.

use super::{Read, Reader, expr::Bracket, select::Open};
use crate::tree::{Body, Cte, Query, SetOperator};

/// A part of a body; a single `SELECT` lets the `ORDER BY` behind it look into its sources.
pub(super) struct Branch<'s> {
    pub(super) body: Body,
    pub(super) open: Option<Open<'s>>,
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

    pub(super) fn branch(&mut self) -> Read<Branch<'s>> {
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
