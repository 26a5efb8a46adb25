//! `FROM`: sources, joins, and what each of them makes visible.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    ident::{self, parts},
    position,
    query::{rename, table_alias},
    refuse,
    select::too_many,
    scope::{Columns, Lookup, Merged, Scope, Visible},
};
use crate::{
    Reason, Refusal,
    refusal::Place,
    tree::{Condition, Expr, Form, Item, Join, JoinKind, Name, Source},
};

/// A query that joins more tables than this is a mistake or an attack.
const MOST_SOURCES: usize = 200;

/// What a `FROM` list makes visible, in its order.
#[derive(Default)]
pub(super) struct From<'s> {
    pub(super) sources: Vec<Visible<'s>>,
    pub(super) merged: Vec<Merged>,
    /// Where the items of the list begin, as lengths of the two vectors.
    items: Vec<Mark>,
}

#[derive(Clone, Copy, Default)]
struct Mark {
    sources: usize,
    merged: usize,
}

impl<'s> From<'s> {
    pub(super) fn scope<'e>(&'e self, parent: &'e Scope<'e, 's>) -> Scope<'e, 's> {
        Scope { sources: &self.sources, merged: &self.merged, parent: Some(parent) }
    }

    fn mark(&self) -> Mark {
        Mark { sources: self.sources.len(), merged: self.merged.len() }
    }

    /// The part from `start` up to `end`, as the condition of a join sees it.
    fn part<'e>(&'e self, start: Mark, end: Mark, parent: Option<&'e Scope<'e, 's>>) -> Scope<'e, 's> {
        Scope {
            sources: self.sources.get(start.sources..end.sources).unwrap_or_default(),
            merged: self.merged.get(start.merged..end.merged).unwrap_or_default(),
            parent,
        }
    }

    fn add(&mut self, source: Visible<'s>, at: Option<Place>) -> Lowered<()> {
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
    pub(super) fn from(&mut self, list: &[ast::TableWithJoins], env: Env<'_, 's>) -> Lowered<(Vec<Source>, From<'s>)> {
        let mut from = From::default();
        let mut sources = Vec::with_capacity(list.len());
        for item in list {
            from.items.push(from.mark());
            sources.push(self.joins(item, &mut from, env)?);
        }
        Ok((sources, from))
    }

    fn joins(&mut self, item: &ast::TableWithJoins, from: &mut From<'s>, env: Env<'_, 's>) -> Lowered<Source> {
        let ast::TableWithJoins { relation, joins } = item;
        let start = from.mark();
        let mut left = self.factor(relation, from, env)?;
        for ast::Join { relation, global, join_operator } in joins {
            if *global {
                return Err(construct("GLOBAL", "write a plain JOIN"));
            }
            let (kind, constraint) = join_kind(join_operator)?;
            let middle = from.mark();
            let right = self.factor(relation, from, env)?;
            let condition = match constraint {
                ast::JoinConstraint::On(condition) => {
                    let scope = from.part(start, from.mark(), Some(env.scope));
                    Condition::On(self.expr(condition, Env { ctes: env.ctes, scope: &scope })?)
                }
                ast::JoinConstraint::Using(columns) => {
                    let columns = columns.iter().map(single_name).collect::<Lowered<Vec<_>>>()?;
                    self.merge(&columns, kind, [start, middle], from)?;
                    Condition::Using(columns)
                }
                ast::JoinConstraint::Natural => {
                    let columns = common_columns(from, start, middle)?;
                    self.merge(&columns, kind, [start, middle], from)?;
                    Condition::Using(columns)
                }
                ast::JoinConstraint::None if kind == JoinKind::Cross => Condition::None,
                ast::JoinConstraint::None => {
                    return Err(Refusal::new(Reason::ParseError, "the join has no condition")
                        .advise("add ON or USING, or write CROSS JOIN"));
                }
            };
            left = Source::Join(Box::new(Join { left, kind, right, condition }));
        }
        Ok(left)
    }

    fn factor(&mut self, factor: &ast::TableFactor, from: &mut From<'s>, env: Env<'_, 's>) -> Lowered<Source> {
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
                if args.is_some() || *with_ordinality {
                    return Err(table_function(name));
                }
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
                self.table(name, alias.as_ref(), from, env)
            }
            ast::TableFactor::Derived { lateral, subquery, alias, sample } => {
                if sample.is_some() {
                    return Err(construct("TABLESAMPLE", "filter with WHERE, or take some rows with LIMIT"));
                }
                self.derived(*lateral, subquery, alias.as_ref(), from, env)
            }
            ast::TableFactor::NestedJoin { table_with_joins, alias: None } => self.joins(table_with_joins, from, env),
            ast::TableFactor::NestedJoin { table_with_joins: _, alias: Some(alias) } => {
                Err(construct(alias.name.value.as_str(), "alias the tables of the join, not the join"))
            }
            ast::TableFactor::Function { lateral: _, name, args: _, with_ordinality: _, alias: _ } => {
                Err(table_function(name))
            }
            ast::TableFactor::UNNEST { .. } => Err(construct(
                "unnest",
                "test elements with = ANY(array) or @>, or take single ones with array[1]",
            )),
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
            let outputs = rename(&alias, member.outputs.clone(), &columns)?;
            let columns_of = Columns::Outputs(outputs);
            from.add(Visible { alias: alias.clone(), columns: columns_of, masked: vec![], unaliased: false }, at)?;
            return Ok(Source::Cte { name: table.clone(), alias, columns });
        }
        let relation = self.relation(schema.map(|schema| &**schema), table, at, env)?;
        if !columns.is_empty() {
            // The new names would go to the columns of the table, those that are not readable included.
            return Err(construct(&*alias, "rename columns in a subquery: (SELECT id AS x FROM t) AS a"));
        }
        self.reads.relation(relation);
        let columns = Columns::Relation(relation);
        from.add(Visible { alias: alias.clone(), columns, masked: vec![], unaliased }, at)?;
        Ok(Source::Relation { schema: relation.schema.as_str().into(), name: relation.name.as_str().into(), alias })
    }

    fn derived(
        &mut self,
        lateral: bool,
        subquery: &ast::Query,
        alias: Option<&ast::TableAlias>,
        from: &mut From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Source> {
        let Some(alias) = alias else {
            return Err(Refusal::new(Reason::DisallowedConstruct, "a subquery in FROM has no alias")
                .advise("give it one: FROM (SELECT ...) AS s"));
        };
        let at = position(alias.name.span);
        let (alias, columns) = table_alias(alias)?;
        let (query, outputs) = if lateral {
            let scope = from.scope(env.scope);
            self.query(subquery, Env { ctes: env.ctes, scope: &scope })?
        } else {
            self.query(subquery, env)?
        };
        let outputs = rename(&alias, outputs, &columns)?;
        let visible =
            Visible { alias: alias.clone(), columns: Columns::Outputs(outputs), masked: vec![], unaliased: false };
        from.add(visible, at)?;
        Ok(Source::Derived { lateral, query: Box::new(query), alias, columns })
    }

    /// Makes one column of two for each name. The parts of `from` are those from `start` and from `middle` on.
    fn merge(
        &mut self,
        columns: &[Name],
        kind: JoinKind,
        [start, middle]: [Mark; 2],
        from: &mut From<'s>,
    ) -> Lowered<()> {
        let end = from.mark();
        for column in columns {
            let left = one_column(&from.part(start, middle, None), column)?;
            let right = one_column(&from.part(middle, end, None), column)?;
            for (alias, name) in left.iter().chain(&right) {
                self.read_column(from.sources.iter().find(|source| source.alias == *alias), name);
            }
            let values = match kind {
                JoinKind::Inner | JoinKind::Left | JoinKind::Cross => left,
                JoinKind::Right => right,
                JoinKind::Full => left.into_iter().chain(right).collect(),
            };
            for source in from.sources.iter_mut().skip(start.sources) {
                if source.columns.count(column) > 0 {
                    source.masked.push(column.clone());
                }
            }
            for merged in from.merged.iter_mut().skip(start.merged).filter(|merged| merged.name == *column) {
                merged.superseded = true;
            }
            from.merged.push(Merged { name: column.clone(), values, superseded: false });
        }
        Ok(())
    }

    /// Writes `*` out: for each item of `FROM` what its joins have merged, the outermost first, then the rest.
    pub(super) fn expand(&mut self, from: &From<'s>, only: Option<&str>, items: &mut Vec<Item>) {
        let ends = from.items.iter().skip(1).copied().chain([from.mark()]);
        for (start, end) in from.items.iter().copied().zip(ends) {
            let part = from.part(start, end, None);
            if only.is_none() {
                for merged in part.merged.iter().filter(|merged| !merged.superseded) {
                    items.push(Item { expr: column_expr(&merged.values), label: merged.name.clone() });
                }
            }
            for source in part.sources.iter().filter(|source| only.is_none_or(|only| *source.alias == *only)) {
                for name in source.columns.names() {
                    if only.is_none() && source.masks(&name) {
                        continue;
                    }
                    self.read_column(Some(source), &name);
                    let expr = Expr::Column { table: source.alias.clone(), name: name.clone() };
                    items.push(Item { expr, label: name });
                }
            }
        }
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

fn one_column(part: &Scope<'_, '_>, name: &str) -> Lowered<Vec<(Name, Name)>> {
    match part.local(name) {
        Lookup::Found(found) => Ok(found.values),
        Lookup::Missing => refuse(Reason::DisallowedColumn, name, "is not on both sides of the join"),
        Lookup::Ambiguous | Lookup::Shadowed(_) => {
            refuse(Reason::DisallowedColumn, name, "is more than one column on a side of the join")
        }
    }
}

/// The columns that a natural join compares: of the readable ones those that both sides have.
fn common_columns(from: &From<'_>, start: Mark, middle: Mark) -> Lowered<Vec<Name>> {
    let (left, right) = (from.part(start, middle, None), from.part(middle, from.mark(), None));
    let mut common: Vec<Name> = Vec::new();
    let merged = left.merged.iter().filter(|merged| !merged.superseded).map(|merged| merged.name.clone());
    for name in merged.chain(left.sources.iter().flat_map(|source| source.columns.names())) {
        if !common.contains(&name) && !matches!(right.local(&name), Lookup::Missing) {
            common.push(name);
        }
    }
    if common.is_empty() {
        return Err(construct("NATURAL JOIN", "name the columns to join on with ON or USING"));
    }
    Ok(common)
}

fn single_name(name: &ast::ObjectName) -> Lowered<Name> {
    match parts(name)?.as_slice() {
        [ident] => ident::name(ident),
        _ => refuse(Reason::ParseError, name.to_string(), "is not a plain column name"),
    }
}

fn table_function(name: &ast::ObjectName) -> Refusal {
    construct(name.to_string(), "functions cannot be read as tables; use array and jsonb operators on columns instead")
}

fn join_kind(operator: &ast::JoinOperator) -> Lowered<(JoinKind, &ast::JoinConstraint)> {
    use ast::JoinOperator as Op;
    Ok(match operator {
        Op::Join(constraint) | Op::Inner(constraint) => (JoinKind::Inner, constraint),
        Op::Left(constraint) | Op::LeftOuter(constraint) => (JoinKind::Left, constraint),
        Op::Right(constraint) | Op::RightOuter(constraint) => (JoinKind::Right, constraint),
        Op::FullOuter(constraint) => (JoinKind::Full, constraint),
        Op::CrossJoin(constraint @ ast::JoinConstraint::None) => (JoinKind::Cross, constraint),
        _ => return Err(construct("JOIN", "write INNER, LEFT, RIGHT, FULL or CROSS JOIN")),
    })
}
