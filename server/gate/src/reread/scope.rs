//! What names mean: columns of the sources in reach, members of the `WITH`s in reach.
//!
//! PostgreSQL looks for an alias in the innermost query first (`refnameNamespaceItem` in `parse_relation.c`). What
//! belongs to a query is known only once its `FROM` has been read, so references wait until a source answers for them;
//! those that none of a query's sources answers for wait for the query around it.

use std::{collections::HashSet, ops::Range};

use super::{Read, Reader};
use crate::{
    Relation,
    tree::{Body, Name, Query},
};

/// A source under its alias.
pub(super) struct Visible<'s> {
    pub(super) alias: Name,
    pub(super) columns: Columns<'s>,
}

pub(super) enum Columns<'s> {
    Relation(&'s Relation),
    Few(Vec<Name>),
    Many(HashSet<Name>),
}

/// A member of `WITH` and its columns.
pub(super) struct Member {
    pub(super) name: Name,
    pub(super) columns: Vec<Name>,
}

/// A query of no more columns is searched from the left.
const FEW: usize = 32;

impl Columns<'_> {
    pub(super) fn named(names: Vec<Name>) -> Self {
        if names.len() > FEW { Self::Many(names.into_iter().collect()) } else { Self::Few(names) }
    }

    fn has(&self, name: &Name) -> bool {
        match self {
            Self::Relation(relation) => relation.column(name).is_some(),
            Self::Few(names) => names.contains(name),
            Self::Many(names) => names.contains(name),
        }
    }
}

impl<'s> Reader<'_, 's> {
    /// Lets `sources` answer for the references of `range`; what is about none of them keeps waiting.
    pub(super) fn settle(&mut self, range: Range<usize>, sources: &[Visible<'s>]) -> Read<()> {
        let mut all_there = true;
        let mut answered = |(alias, name): &mut (Name, Name)| {
            let source = sources.iter().find(|source| source.alias == *alias);
            all_there &= source.is_none_or(|source| source.columns.has(name));
            source.is_some()
        };
        self.references.extract_if(range, &mut answered).for_each(drop);
        if all_there { Ok(()) } else { self.fault("columns that their sources have") }
    }

    /// Columns that a join compares by name, which both of its sides have.
    pub(super) fn check_both(
        &self,
        columns: &[Name],
        left: &[Visible<'s>],
        right: &[Visible<'s>],
    ) -> Read<()> {
        let has = |side: &[Visible<'_>], name| side.iter().any(|source| source.columns.has(name));
        if columns.iter().all(|name| has(left, name) && has(right, name)) {
            Ok(())
        } else {
            self.fault("columns of both sides")
        }
    }

    /// The columns of the nearest member with this name.
    pub(super) fn member(&mut self, name: &Name) -> Read<Vec<Name>> {
        let Some(place) = self.members.iter().rposition(|member| member.name == *name) else {
            return self.fault("a member of WITH in reach");
        };
        self.uses.push((name.clone(), place));
        Ok(self.members.get(place).map(|member| member.columns.clone()).unwrap_or_default())
    }

    /// The labels of `outputs` after `columns` have renamed the first of them.
    pub(super) fn renamed(&self, mut outputs: Vec<Name>, columns: &[Name]) -> Read<Vec<Name>> {
        if columns.len() > outputs.len() {
            return self.fault("as many columns as names");
        }
        for (output, column) in outputs.iter_mut().zip(columns) {
            output.clone_from(column);
        }
        Ok(outputs)
    }
}

/// The columns of a query are those of its leftmost part.
pub(super) fn outputs(query: &Query) -> Vec<Name> {
    outputs_of(&query.body)
}

pub(super) fn outputs_of(mut body: &Body) -> Vec<Name> {
    loop {
        body = match body {
            Body::Select(select) => return select.items.iter().map(|item| item.label.clone()).collect(),
            Body::Values(rows) => {
                let width = rows.first().map_or(0, Vec::len);
                return (1..=width).map(|number| format!("column{number}").into()).collect();
            }
            Body::Query(query) => &query.body,
            Body::Set(first, _) => first,
        }
    }
}
