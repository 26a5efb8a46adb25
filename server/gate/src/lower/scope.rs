//! Scopes: which columns and CTEs a name can mean at a place, exactly as far as PostgreSQL looks.
//!
//! A bare column name is looked up level by level, from the innermost query outwards; a qualified one belongs to the
//! nearest source with that alias. Columns that are not on the surface do not exist here but do exist in the
//! database, so every reference is printed with the alias that it was found under and can never mean one of those.

use std::collections::HashMap;

use crate::{Relation, tree::Name};

/// The sources that are visible at one level of the statement.
pub(super) struct Scope<'e, 's> {
    pub(super) sources: &'e [Visible<'s>],
    pub(super) merged: &'e [Merged],
    pub(super) parent: Option<&'e Scope<'e, 's>>,
}

/// One source of a `FROM` list under its alias.
pub(super) struct Visible<'s> {
    pub(super) alias: Name,
    pub(super) columns: Columns<'s>,
    /// Columns that a `USING` has merged away: reachable with the alias only.
    pub(super) masked: Vec<Name>,
    /// The source can also be named with its schema, for it has no alias of its own.
    pub(super) unaliased: bool,
    /// A function that gives one value a row: its alias means the value.
    pub(super) scalar: bool,
}

pub(super) enum Columns<'s> {
    Relation(&'s Relation),
    /// The outputs of a query.
    Outputs(Outputs),
}

/// The columns of a query, in their order.
pub(super) struct Outputs {
    names: Vec<Name>,
    /// How often each name occurs, where there are too many to go through them for every reference.
    counts: HashMap<Name, usize>,
}

/// A query of no more columns is searched from the left.
const FEW: usize = 32;

/// A column that `USING` made of two.
pub(super) struct Merged {
    pub(super) name: Name,
    /// The alias and column that carry its value; two of them, coalesced, after a full join.
    pub(super) values: Vec<(Name, Name)>,
    /// Merged once more by a later join.
    pub(super) superseded: bool,
}

/// Where a column was found.
pub(super) struct Found {
    /// Its alias and column; two of them after a full join.
    pub(super) values: Vec<(Name, Name)>,
}

pub(super) enum Lookup<T> {
    Found(T),
    Missing,
    Ambiguous,
    /// An inner source has taken the alias.
    Shadowed(Name),
}

impl<'s> Columns<'s> {
    /// How many columns have this name; a query may give one name twice.
    pub(super) fn count(&self, name: &str) -> usize {
        match self {
            Self::Relation(relation) => usize::from(relation.column(name).is_some()),
            Self::Outputs(outputs) => outputs.count(name),
        }
    }

    pub(super) fn names(&self) -> Vec<Name> {
        match self {
            Self::Relation(relation) => {
                relation.columns.iter().map(|column| column.name.as_str().into()).collect()
            }
            Self::Outputs(outputs) => outputs.names.clone(),
        }
    }

    pub(super) const fn relation(&self) -> Option<&'s Relation> {
        match self {
            Self::Relation(relation) => Some(relation),
            Self::Outputs(_) => None,
        }
    }
}

impl Outputs {
    pub(super) fn new(names: Vec<Name>) -> Self {
        let mut counts = HashMap::new();
        if names.len() > FEW {
            for name in &names {
                *counts.entry(name.clone()).or_insert(0) += 1;
            }
        }
        Self { names, counts }
    }

    fn count(&self, name: &str) -> usize {
        if self.names.len() > FEW {
            self.counts.get(name).copied().unwrap_or_default()
        } else {
            self.names.iter().filter(|output| &***output == name).count()
        }
    }
}

impl Visible<'_> {
    pub(super) fn masks(&self, name: &str) -> bool {
        self.masked.iter().any(|masked| &**masked == name)
    }
}

impl<'e, 's> Scope<'e, 's> {
    pub(super) const NONE: &'static Scope<'static, 'static> =
        &Scope { sources: &[], merged: &[], parent: None };

    /// A bare column name at this level only.
    pub(super) fn local(&self, name: &str) -> Lookup<Found> {
        let mut found = None;
        for merged in self.merged.iter().filter(|merged| !merged.superseded && &*merged.name == name) {
            if found.replace(Found { values: merged.values.clone() }).is_some() {
                return Lookup::Ambiguous;
            }
        }
        for source in self.sources.iter().filter(|source| !source.masks(name)) {
            match source.columns.count(name) {
                0 => {}
                1 if found.is_none() => {
                    found = Some(Found { values: vec![(source.alias.clone(), name.into())] });
                }
                _ => return Lookup::Ambiguous,
            }
        }
        found.map_or(Lookup::Missing, Lookup::Found)
    }

    /// A bare column name, here or further out.
    pub(super) fn bare(&self, name: &str) -> Lookup<Found> {
        let mut scope = self;
        loop {
            match scope.local(name) {
                Lookup::Missing => {}
                Lookup::Found(found) => {
                    return match found.values.iter().find(|(alias, _)| self.is_taken_before(alias, scope)) {
                        Some((alias, _)) => Lookup::Shadowed(alias.clone()),
                        None => Lookup::Found(found),
                    };
                }
                other => return other,
            }
            match scope.parent {
                Some(parent) => scope = parent,
                None => return Lookup::Missing,
            }
        }
    }

    /// The nearest source called `alias`.
    pub(super) fn source(&self, alias: &str) -> Option<&'e Visible<'s>> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(source) = here.sources.iter().find(|source| &*source.alias == alias) {
                return Some(source);
            }
            scope = here.parent;
        }
        None
    }

    /// Whether a level from here up to `end` has a source called `alias`.
    fn is_taken_before(&self, alias: &str, end: &Self) -> bool {
        let mut scope = self;
        while !std::ptr::eq(scope, end) {
            if scope.sources.iter().any(|source| &*source.alias == alias) {
                return true;
            }
            match scope.parent {
                Some(parent) => scope = parent,
                None => return false,
            }
        }
        false
    }

    /// Every source in reach, nearest first.
    pub(super) fn reach(&self) -> impl Iterator<Item = &'e Visible<'s>> {
        let mut scopes = Vec::new();
        let mut scope = Some(self);
        while let Some(here) = scope {
            scopes.push(here.sources);
            scope = here.parent;
        }
        scopes.into_iter().flatten()
    }
}

/// The members of a `WITH` that are visible: those before the present one, and those of outer queries.
pub(super) struct Ctes<'e> {
    pub(super) members: &'e [Member],
    pub(super) parent: Option<&'e Ctes<'e>>,
}

#[derive(Clone)]
pub(super) struct Member {
    pub(super) name: Name,
    pub(super) outputs: Vec<Name>,
    /// Under `RECURSIVE` a name is taken before its member is known.
    pub(super) usable: bool,
}

impl Ctes<'_> {
    pub(super) const NONE: &'static Ctes<'static> = &Ctes { members: &[], parent: None };

    pub(super) fn find(&self, name: &str) -> Option<&Member> {
        let mut ctes = Some(self);
        while let Some(here) = ctes {
            if let Some(member) = here.members.iter().find(|member| &*member.name == name) {
                return Some(member);
            }
            ctes = here.parent;
        }
        None
    }
}
