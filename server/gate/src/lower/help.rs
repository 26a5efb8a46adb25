//! Names that were not found: what to say about them, from the surface alone.

use super::{
    Env, Lowered, Lowering,
    from::From,
    scope::{Columns, Visible},
};
use crate::{Reason, Refusal, Relation, name::write_plain, nearest::nearest, refusal::Place};

/// How many names a list in an advice shows.
const MOST_NAMES: usize = 25;

impl<'s> Lowering<'s> {
    /// The relation that a name in `FROM` means.
    pub(super) fn relation(
        &self,
        schema: Option<&str>,
        name: &str,
        at: Option<Place>,
        env: Env<'_, 's>,
    ) -> Lowered<&'s Relation> {
        let system = |name: &str| name.starts_with("pg_") || name == "information_schema";
        if schema.is_some_and(system)
            || (schema.is_none() && self.surface.lookup(None, name).is_none() && system(name))
        {
            return Err(Refusal::new(Reason::SystemSchema, "belongs to the system catalogue")
                .about(dotted(schema, name))
                .at(at));
        }
        self.surface.lookup(schema, name).ok_or_else(|| {
            Refusal::new(Reason::DisallowedTable, "is not a readable table")
                .about(dotted(schema, name))
                .at(at)
                .advise(self.readable_tables(name, env))
        })
    }

    fn readable_tables(&self, wanted: &str, env: Env<'_, 's>) -> String {
        let relations = self.surface.relations();
        let names: Vec<_> = relations.iter().map(|relation| self.surface.spoken_name(relation)).collect();
        let by_name = relations.iter().map(|relation| relation.name.as_str()).zip(&names);
        if let Some(meant) = nearest(wanted, by_name.clone().map(|(name, _)| name))
            && let Some((_, spoken)) = by_name.clone().find(|(name, _)| *name == meant)
        {
            return format!("did you mean `{spoken}`? the readable tables are: {}", listed(&names));
        }
        if env.scope.source(wanted).is_some() {
            return format!("`{wanted}` is an alias here; name the table that it stands for");
        }
        if names.is_empty() {
            return "no table is readable with this profile".to_owned();
        }
        format!("the readable tables are: {}", listed(&names))
    }

    /// A column that `source` does not have.
    pub(super) fn unknown_column(&self, source: &Visible<'s>, name: &str) -> Refusal {
        let names = source.columns.names();
        let guess = nearest(name, names.iter().map(|name| &**name))
            .map_or_else(String::new, |meant| format!("did you mean `{}`? ", plain(meant)));
        let readable: Vec<_> = names.iter().map(|name| plain(name)).collect();
        let whose = match &source.columns {
            Columns::Relation(relation) => self.surface.spoken_name(relation).into_owned(),
            Columns::Outputs(_) => plain(&source.alias),
        };
        let advice = format!("{guess}`{whose}` has: {}", listed(&readable));
        Refusal::new(Reason::DisallowedColumn, "is not a readable column")
            .about(format!("{}.{}", plain(&source.alias), plain(name)))
            .advise(advice)
    }
}

/// The columns that could stand in place of `*`.
pub(super) fn readable_columns(from: &From<'_>) -> String {
    let several = from.sources.len() > 1;
    let columns: Vec<String> = from
        .sources
        .iter()
        .flat_map(|source| {
            source.columns.names().into_iter().map(move |name| {
                if several { format!("{}.{}", plain(&source.alias), plain(&name)) } else { plain(&name) }
            })
        })
        .collect();
    if columns.is_empty() {
        return "name the columns that are needed".to_owned();
    }
    format!("name the columns that are needed: {}", listed(&columns))
}

/// A qualified name whose first part is no table here.
pub(super) fn unknown_source(name: &str, env: Env<'_, '_>) -> Refusal {
    let aliases: Vec<_> = env.scope.reach().map(|source| plain(&source.alias)).collect();
    let refusal = Refusal::new(Reason::DisallowedColumn, "is no table of this query").about(name);
    if aliases.is_empty() {
        return refusal.advise("name the table in FROM first; a subquery in FROM sees its neighbours only after the word LATERAL");
    }
    refusal.advise(format!("the tables of this query are: {}", listed(&aliases)))
}

/// `schema.table.column` reaches a table that has no alias.
pub(super) fn unaliased_source<'e, 's>(
    schema: &str,
    table: &str,
    env: Env<'e, 's>,
) -> Lowered<&'e Visible<'s>> {
    env.scope
        .source(table)
        .filter(|source| {
            let relation = source.columns.relation();
            source.unaliased && relation.is_some_and(|relation| relation.schema == schema)
        })
        .ok_or_else(|| unknown_source(&dotted(Some(schema), table), env))
}

/// A bare name that is a column of nothing in reach.
pub(super) fn unknown_name(name: &str, quoted: bool, env: Env<'_, '_>) -> Refusal {
    let mut columns: Vec<(String, String)> = Vec::new();
    for source in env.scope.reach() {
        for column in source.columns.names() {
            columns.push((column.to_string(), plain(&source.alias)));
        }
    }
    let refusal = Refusal::new(Reason::DisallowedColumn, "is not a readable column").about(plain(name));
    if columns.is_empty() {
        return refusal.advise("there is no table to take it from; text is written in single quotes: 'text'");
    }
    let hint = if quoted { "text is written in single quotes: 'text'; " } else { "" };
    if let Some(meant) = nearest(name, columns.iter().map(|(column, _)| column.as_str()))
        && let Some((column, alias)) = columns.iter().find(|(column, _)| column == meant)
    {
        return refusal.advise(format!("{hint}did you mean `{alias}.{}`?", plain(column)));
    }
    let all: Vec<_> = columns.iter().map(|(column, alias)| format!("{alias}.{}", plain(column))).collect();
    refusal.advise(format!("{hint}the readable columns here are: {}", listed(&all)))
}

pub(super) fn whole_row(source: &Visible<'_>) -> Refusal {
    let columns: Vec<_> = source
        .columns
        .names()
        .iter()
        .map(|name| format!("{}.{}", plain(&source.alias), plain(name)))
        .collect();
    Refusal::new(Reason::SelectStar, "is a whole row")
        .about(&*source.alias)
        .advise(format!("name the columns that are needed: {}", listed(&columns)))
}

fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    // Writing to a `String` has no error to report.
    let _ = write_plain(&mut text, name);
    text
}

fn dotted(schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", plain(schema), plain(name)),
        None => plain(name),
    }
}

fn listed(names: &[impl AsRef<str>]) -> String {
    let mut text = names.iter().take(MOST_NAMES).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES {
        text.push_str(", ...");
    }
    text
}
