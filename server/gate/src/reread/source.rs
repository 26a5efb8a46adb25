//! `FROM`: relations, members of `WITH`, subqueries, functions, and joins of them.

use super::{
    Read, Reader,
    expr::Bracket,
    query::Branch,
    scope::{Columns, Visible, outputs},
};
use crate::{
    TableFunctions,
    tree::{Call, Condition, Join, JoinKind, Name, Query, Source},
};

impl<'s> Reader<'_, 's> {
    pub(super) fn from(&mut self, visible: &mut Vec<Visible<'s>>) -> Read<Vec<Source>> {
        self.list(|reader| reader.joined(visible))
    }

    fn joined(&mut self, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        let start = visible.len();
        let left = self.single(visible)?;
        self.joins(left, start, visible)
    }

    /// The joins behind `left`, whose sources begin at `start`.
    fn joins(&mut self, mut left: Source, start: usize, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        while let Some(kind) = self.join_kind() {
            let middle = visible.len();
            let right = if self.sees("(") { self.bracketed_source(visible)? } else { self.single(visible)? };
            let condition = self.condition(kind, visible.get(start..).unwrap_or_default(), middle - start)?;
            left = Source::Join(Box::new(Join { left, kind, right, condition }));
        }
        Ok(left)
    }

    fn join_kind(&mut self) -> Option<JoinKind> {
        let found = [
            (" join ", JoinKind::Inner),
            (" left join ", JoinKind::Left),
            (" right join ", JoinKind::Right),
            (" full join ", JoinKind::Full),
            (" cross join ", JoinKind::Cross),
        ];
        found.into_iter().find(|(words, _)| self.eat(words)).map(|(_, kind)| kind)
    }

    /// A condition sees the sources of its own join, of which `middle` belong to the left side, and outer queries.
    fn condition(&mut self, kind: JoinKind, sides: &[Visible<'s>], middle: usize) -> Read<Condition> {
        if kind == JoinKind::Cross {
            return Ok(Condition::None);
        }
        if self.eat(" using ") {
            let columns = self.bracketed(Self::name)?;
            let (left, right) = sides.split_at_checked(middle).unwrap_or_default();
            self.check_both(&columns, left, right)?;
            return Ok(Condition::Using(columns));
        }
        self.expect(" on ")?;
        let begin = self.references.len();
        let condition = self.expr()?;
        self.settle(begin..self.references.len(), sides)?;
        Ok(Condition::On(condition))
    }

    /// On the right of a join: a subquery, or a join of its own.
    fn bracketed_source(&mut self, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        self.expect("(")?;
        self.enter()?;
        let start = visible.len();
        let source = if self.at_query() {
            let query = self.query()?;
            self.expect(")")?;
            self.derived(false, query, visible)?
        } else if self.sees("(") {
            let query = self.query_in_brackets()?;
            if self.sees(" as ") {
                let left = self.derived(false, query, visible)?;
                let source = self.joins(left, start, visible)?;
                self.end_of_join(source)?
            } else {
                let query = self.query_after(vec![], Branch::bracketed(query))?;
                self.expect(")")?;
                self.derived(false, query, visible)?
            }
        } else {
            let source = self.joined(visible)?;
            self.end_of_join(source)?
        };
        self.depth -= 1;
        Ok(source)
    }

    fn end_of_join(&mut self, source: Source) -> Read<Source> {
        self.expect(")")?;
        if matches!(source, Source::Join(_)) { Ok(source) } else { self.fault("a join in brackets") }
    }

    pub(super) fn query_in_brackets(&mut self) -> Read<Query> {
        match self.bracket()? {
            Bracket::Query(query) => Ok(query),
            Bracket::Exprs(_) => self.fault("a subquery"),
        }
    }

    fn single(&mut self, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        if self.eat("lateral ") {
            let begin = self.references.len();
            let query = self.query_in_brackets()?;
            self.settle(begin..self.references.len(), visible)?;
            return self.derived(true, query, visible);
        }
        if self.sees("(") {
            let query = self.query_in_brackets()?;
            return self.derived(false, query, visible);
        }
        let name = self.name()?;
        if !self.eat(".") {
            return self.cte_source(name, visible);
        }
        let schema = name;
        let name = self.name()?;
        if self.sees("(") {
            return self.function_source(schema, name, visible);
        }
        let Some(relation) = self.surface.lookup(Some(&schema), &name) else {
            return self.fault("a relation of the surface");
        };
        let alias = self.alias()?;
        visible.push(Visible { alias: alias.clone(), columns: Columns::Relation(relation) });
        Ok(Source::Relation { schema, name, alias })
    }

    fn cte_source(&mut self, name: Name, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        let outputs = self.member(&name)?;
        let alias = self.alias()?;
        let columns = self.columns()?;
        let named = Columns::named(self.renamed(outputs, &columns)?);
        visible.push(Visible { alias: alias.clone(), columns: named });
        Ok(Source::Cte { name, alias, columns })
    }

    fn derived(&mut self, lateral: bool, query: Query, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        let alias = self.alias()?;
        let columns = self.columns()?;
        let named = Columns::named(self.renamed(outputs(&query), &columns)?);
        visible.push(Visible { alias: alias.clone(), columns: named });
        Ok(Source::Derived { lateral, query: Box::new(query), alias, columns })
    }

    /// A function sees the sources before it, as after `LATERAL`.
    fn function_source(&mut self, schema: Name, name: Name, visible: &mut Vec<Visible<'s>>) -> Read<Source> {
        let begin = self.references.len();
        let call = self.call(schema, name)?;
        self.settle(begin..self.references.len(), visible)?;
        let ordinality = self.eat(" with ordinality");
        let alias = self.alias()?;
        let columns = self.columns()?;
        let Call { schema: _, name: _, distinct, star, args: _, order_by, within_group, filter, over } =
            &call;
        let decorated = *distinct
            || *star
            || !order_by.is_empty()
            || !within_group.is_empty()
            || filter.is_some()
            || over.is_some();
        if decorated || columns.is_empty() || self.policy.table_functions == TableFunctions::Refuse {
            return self.fault("a plain call with names for its columns");
        }
        visible.push(Visible { alias: alias.clone(), columns: Columns::named(columns.clone()) });
        Ok(Source::Function { call: Box::new(call), ordinality, alias, columns })
    }

    fn alias(&mut self) -> Read<Name> {
        self.expect(" as ")?;
        self.name()
    }

    /// Names of columns in brackets, if there are any.
    pub(super) fn columns(&mut self) -> Read<Vec<Name>> {
        if self.sees("(") { self.bracketed(Self::name) } else { Ok(vec![]) }
    }
}
