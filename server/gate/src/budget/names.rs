//! What a name costs wherever it is used: the CTEs and the sources in whose scope a part of the statement stands.

use std::collections::HashMap;

use super::cost::{COLUMN, Cost};
use crate::tree::Name;

/// The costs of a query's columns, and of the whole.
pub(super) struct Costs {
    pub(super) leaves: u64,
    pub(super) outputs: Vec<(Name, Cost)>,
}

#[derive(Clone, Copy)]
pub(super) struct Names<'e> {
    pub(super) ctes: Option<&'e Ctes<'e>>,
    pub(super) scope: Option<&'e Scope<'e>>,
}

pub(super) struct Ctes<'e> {
    pub(super) name: Name,
    pub(super) costs: Costs,
    pub(super) parent: Option<&'e Ctes<'e>>,
}

pub(super) struct Scope<'e> {
    pub(super) sources: Vec<(Name, Outputs)>,
    pub(super) parent: Option<&'e Scope<'e>>,
}

pub(super) enum Outputs {
    /// Columns of a table.
    Plain,
    Computed(HashMap<Name, Cost>),
}

impl Names<'_> {
    pub(super) fn column(self, table: &Name, name: &Name) -> Cost {
        let mut scope = self.scope;
        while let Some(here) = scope {
            if let Some((_, outputs)) = here.sources.iter().find(|(alias, _)| alias == table) {
                return match outputs {
                    Outputs::Plain => COLUMN,
                    Outputs::Computed(outputs) => outputs.get(name).copied().unwrap_or(COLUMN),
                };
            }
            scope = here.parent;
        }
        COLUMN
    }
}

pub(super) fn rename(outputs: &mut [(Name, Cost)], columns: &[Name]) {
    for ((output, _), column) in outputs.iter_mut().zip(columns) {
        output.clone_from(column);
    }
}
