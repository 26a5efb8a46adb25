//! `WITH` and `WITH RECURSIVE`.

use std::ops::Range;

use super::{
    Read, Reader,
    scope::{Member, outputs, outputs_of},
};
use crate::tree::{Cte, Name, Query, Steps};

/// A member of `WITH RECURSIVE`, which is in reach of its own later branches.
struct Itself<'a> {
    name: &'a Name,
    columns: &'a [Name],
}

impl Reader<'_, '_> {
    pub(super) fn with(&mut self) -> Read<Vec<Cte>> {
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
}
