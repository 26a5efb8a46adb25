//! `FROM`: sources, joins, and what each of them makes visible.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct, foreign,
    ident::{self, parts},
    position,
    query::{rename, table_alias},
    refuse,
    scope::{Columns, Merged, Outputs, Scope, Visible},
    select::too_many,
    table_function::{Arguments, Written},
};
use crate::{
    Reason, Refusal,
    refusal::Place,
    tree::{Expr, Form, Name, Source},
};

/// A query that joins more tables than this is a mistake or an attack.
const MOST_SOURCES: usize = 200;

/// What a `FROM` list makes visible, in its order.
#[derive(Default)]
pub(super) struct From<'s> {
    pub(super) sources: Vec<Visible<'s>>,
    pub(super) merged: Vec<Merged>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    pub(super) sources: usize,
    pub(super) merged: usize,
}

impl<'s> From<'s> {
    pub(super) fn scope<'e>(&'e self, parent: &'e Scope<'e, 's>) -> Scope<'e, 's> {
        Scope { sources: &self.sources, merged: &self.merged, parent: Some(parent) }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { sources: self.sources.len(), merged: self.merged.len() }
    }

    /// The part from `start` up to `end`, as the condition of a join sees it.
    pub(super) fn part<'e>(
        &'e self,
        start: Mark,
        end: Mark,
        parent: Option<&'e Scope<'e, 's>>,
    ) -> Scope<'e, 's> {
        Scope {
            sources: self.sources.get(start.sources..end.sources).unwrap_or_default(),
            merged: self.merged.get(start.merged..end.merged).unwrap_or_default(),
            parent,
        }
    }

    pub(super) fn add(&mut self, source: Visible<'s>, at: Option<Place>) -> Lowered<()> {
        if self.sources.len() >= MOST_SOURCES {
            return Err(too_many("tables in one FROM"));
        }
        if self.sources.iter().any(|other| other.alias == source.alias) {
            return Err(Refusal::new(Reason::DisallowedConstruct, "names two tables of one FROM")
                .about(&*source.alias)
                .at(at)
                .advise("give each of them an alias of its own"));
        }
        self.sources.push(source);
        Ok(())
    }
}

impl<'s> Lowering<'s> {
    pub(super) fn from(
        &mut self,
        list: &[ast::TableWithJoins],
        env: Env<'_, 's>,
    ) -> Lowered<(Vec<Source>, From<'s>)> {
        let mut from = From::default();
        let mut sources = Vec::with_capacity(list.len());
        for item in list {
            sources.push(self.joins(item, &mut from, env)?);
        }
        Ok((sources, from))
    }

    /// Brackets nest, so that this has a small frame.
    pub(super) fn factor(
        &mut self,
        factor: &ast::TableFactor,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        match factor {
            ast::TableFactor::NestedJoin { table_with_joins, alias: None } => {
                self.joins(table_with_joins, from, env)
            }
            _ => self.single(factor, from, env),
        }
    }

    /// What stands in no brackets.
    fn single(
        &mut self,
        factor: &ast::TableFactor,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        match factor {
            ast::TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                json_path,
                partitions,
                sample,
                index_hints,
            } => {
                if sample.is_some() {
                    return Err(construct("TABLESAMPLE", "filter with WHERE, or take some rows with LIMIT"));
                }
                let plain = with_hints.is_empty()
                    && version.is_none()
                    && json_path.is_none()
                    && partitions.is_empty()
                    && index_hints.is_empty();
                if !plain {
                    return Err(construct(name.to_string(), "write the table's name and an alias only"));
                }
                if let Some(ast::TableFunctionArgs { args, settings }) = args {
                    if settings.is_some() {
                        return Err(foreign("SETTINGS"));
                    }
                    let (args, ordinality) = (Arguments::Args(args), *with_ordinality);
                    let written = Written { name: &parts(name)?, args, ordinality, alias: alias.as_ref() };
                    return self.table_function(&written, from, env);
                }
                if *with_ordinality {
                    return Err(construct("ORDINALITY", "number rows with row_number() OVER (...)"));
                }
                self.table(name, alias.as_ref(), from, env)
            }
            ast::TableFactor::Derived { lateral, subquery, alias, sample } => {
                if sample.is_some() {
                    return Err(construct("TABLESAMPLE", "filter with WHERE, or take some rows with LIMIT"));
                }
                self.derived(*lateral, subquery, alias.as_ref(), from, env)
            }
            ast::TableFactor::NestedJoin { table_with_joins: _, alias: Some(alias) } => {
                Err(construct(alias.name.value.as_str(), "alias the tables of the join, not the join"))
            }
            ast::TableFactor::Function { lateral: _, name, args, with_ordinality, alias } => {
                let (args, ordinality) = (Arguments::Args(args), *with_ordinality);
                let written = Written { name: &parts(name)?, args, ordinality, alias: alias.as_ref() };
                self.table_function(&written, from, env)
            }
            ast::TableFactor::UNNEST {
                alias,
                array_exprs,
                with_offset: false,
                with_offset_alias: None,
                with_ordinality,
            } => {
                let name = ast::Ident::new("unnest");
                let (args, ordinality) = (Arguments::Exprs(array_exprs), *with_ordinality);
                let written = Written { name: &[&name], args, ordinality, alias: alias.as_ref() };
                self.table_function(&written, from, env)
            }
            _ => Err(construct("FROM", "read tables, subqueries and joins of them")),
        }
    }

    fn table(
        &mut self,
        name: &ast::ObjectName,
        alias: Option<&ast::TableAlias>,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        let idents = parts(name)?;
        let at = idents.first().and_then(|ident| position(ident.span));
        let names = idents.iter().map(|ident| ident::name(ident)).collect::<Lowered<Vec<_>>>()?;
        let (rename_to, columns) = match alias {
            Some(alias) => {
                let (name, columns) = table_alias(alias)?;
                (Some(name), columns)
            }
            None => (None, vec![]),
        };
        let (schema, table) = match names.as_slice() {
            [table] => (None, table),
            [schema, table] => (Some(schema), table),
            _ => return refuse(Reason::DisallowedTable, name.to_string(), "is not a readable table"),
        };
        let unaliased = rename_to.is_none();
        let alias = rename_to.unwrap_or_else(|| table.clone());
        if let Some(member) = env.ctes.find(table).filter(|_| schema.is_none()) {
            if !member.usable {
                return Err(Refusal::new(
                    Reason::DisallowedConstruct,
                    "is a later member of this WITH RECURSIVE, or itself",
                )
                .about(&**table)
                .at(at)
                .advise("refer to earlier members, and to the member itself after UNION in FROM only"));
            }
            let outputs = rename(&alias, member.outputs.clone(), &columns)?;
            let columns_of = Columns::Outputs(Outputs::new(outputs));
            from.add(
                Visible {
                    alias: alias.clone(),
                    columns: columns_of,
                    masked: vec![],
                    unaliased: false,
                    scalar: false,
                },
                at,
            )?;
            return Ok(Source::Cte { name: table.clone(), alias, columns });
        }
        let relation = self.relation(schema.map(|schema| &**schema), table, at, env)?;
        if !columns.is_empty() {
            // The new names would go to the columns of the table, those that are not readable included.
            return Err(construct(&*alias, "rename columns in a subquery: (SELECT id AS x FROM t) AS a"));
        }
        self.reads.relation(relation);
        let columns = Columns::Relation(relation);
        from.add(Visible { alias: alias.clone(), columns, masked: vec![], unaliased, scalar: false }, at)?;
        Ok(Source::Relation {
            schema: relation.schema.as_str().into(),
            name: relation.name.as_str().into(),
            alias,
        })
    }

    fn derived(
        &mut self,
        lateral: bool,
        subquery: &ast::Query,
        alias: Option<&ast::TableAlias>,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        let at = alias.and_then(|alias| position(alias.name.span));
        let (alias, columns) = match alias {
            Some(alias) => table_alias(alias)?,
            None => (fresh_alias(from, env), vec![]),
        };
        let (query, outputs) = if lateral {
            let scope = from.scope(env.scope);
            self.query(subquery, Env::new(env.ctes, &scope))?
        } else {
            self.query(subquery, env)?
        };
        let outputs = rename(&alias, outputs, &columns)?;
        let visible = Visible {
            alias: alias.clone(),
            columns: Columns::Outputs(Outputs::new(outputs)),
            masked: vec![],
            unaliased: false,
            scalar: false,
        };
        from.add(visible, at)?;
        Ok(Source::Derived { lateral, query: Box::new(query), alias, columns })
    }

    pub(super) fn read_column(&mut self, source: Option<&Visible<'s>>, name: &str) {
        if let Some(relation) = source.and_then(|source| source.columns.relation())
            && let Some(column) = relation.column(name)
        {
            self.reads.column(relation, &column.name);
        }
    }
}

/// The expression that carries a column: after a full join, whichever side has it.
pub(super) fn column_expr(values: &[(Name, Name)]) -> Expr {
    let column = |(table, name): &(Name, Name)| Expr::Column { table: table.clone(), name: name.clone() };
    match values {
        [only] => column(only),
        several => Expr::Form(Form::Coalesce, several.iter().map(column).collect()),
    }
}

/// PostgreSQL 16 lets a subquery go without an alias; older servers, and our columns, need one.
fn fresh_alias(from: &From<'_>, env: Env<'_, '_>) -> Name {
    let is_taken = |name: &str| {
        from.sources.iter().any(|source| &*source.alias == name) || env.scope.source(name).is_some()
    };
    let mut name = String::from("unnamed_subquery");
    let mut number = 1_usize;
    while is_taken(&name) {
        name = format!("unnamed_subquery_{number}");
        number += 1;
    }
    name.into()
}
