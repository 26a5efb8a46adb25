//! `*`, written out as the columns that are readable.

use super::{
    Lowering,
    from::{From, column_expr},
    join::carriers,
    scope::Visible,
};
use crate::tree::{Condition, Item, Name, Source};

impl<'s> Lowering<'s> {
    /// Writes `alias.*` out.
    pub(super) fn expand_source(&mut self, source: &Visible<'s>, items: &mut Vec<Item>) {
        for name in source.columns.names() {
            self.read_column(Some(source), &name);
            items.push(Item { expr: column_expr(&[(source.alias.clone(), name.clone())]), label: name });
        }
    }

    /// Writes `*` out.
    pub(super) fn expand(&mut self, sources: &[Source], from: &From<'s>, items: &mut Vec<Item>) {
        for (label, values) in sources.iter().flat_map(|source| star_of(source, from)) {
            for (alias, column) in &values {
                self.read_column(from.sources.iter().find(|source| source.alias == *alias), column);
            }
            items.push(Item { expr: column_expr(&values), label });
        }
    }
}

/// A column of `*`: its label, and the columns that carry its value.
type Starred = (Name, Vec<(Name, Name)>);

/// What `*` takes from `source`, in PostgreSQL's order: of a join first what it has merged, then the rest of both sides.
fn star_of(source: &Source, from: &From<'_>) -> Vec<Starred> {
    let (Source::Relation { alias, .. }
    | Source::Cte { alias, .. }
    | Source::Derived { alias, .. }
    | Source::Function { alias, .. }) = source
    else {
        let Source::Join(join) = source else { return vec![] };
        let (mut left, mut right) = (star_of(&join.left, from), star_of(&join.right, from));
        let mut merged = Vec::new();
        if let Condition::Using(columns) = &join.condition {
            for column in columns {
                let take = |side: &mut Vec<Starred>| {
                    let at = side.iter().position(|(label, _)| label == column);
                    at.map(|at| side.remove(at).1).unwrap_or_default()
                };
                let values = carriers(join.kind, take(&mut left), take(&mut right));
                merged.push((column.clone(), values));
            }
        }
        return merged.into_iter().chain(left).chain(right).collect();
    };
    let visible = from.sources.iter().find(|visible| visible.alias == *alias);
    let names = visible.map(|visible| visible.columns.names()).unwrap_or_default();
    names.into_iter().map(|name| (name.clone(), vec![(alias.clone(), name)])).collect()
}
