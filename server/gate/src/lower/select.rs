//! One `SELECT`: its sources first, for they decide what every other clause can name.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct, foreign,
    from::From,
    help::{readable_columns, unaliased_source, unknown_source},
    ident::{self, parts},
    order::{Bare, bare},
    position, query,
    scope::Visible,
};
use crate::{
    Reason, Refusal, SelectStar,
    tree::{Distinct, Item, Name, Select, Sort, Source, label},
};

impl<'s> Lowering<'s> {
    /// Lowers `select` together with the `ORDER BY` that may look into it.
    pub(super) fn select(
        &mut self,
        select: &ast::Select,
        sorts: &[ast::OrderByExpr],
        env: Env<'_, 's>,
    ) -> Lowered<(Select, Vec<Sort>, Vec<Name>)> {
        let clauses = Clauses::of(select)?;
        let (sources, from) = self.from(clauses.from, env)?;
        let scope = from.scope(env.scope);
        let env = Env::new(env.ctes, &scope);
        let items = self.items(clauses.projection, &sources, &from, env)?;
        let filter = clauses.selection.map(|filter| self.expr(filter, env)).transpose()?;
        let group_by = self.group_by(clauses.group_by, &items, env)?;
        let having = clauses.having.map(|having| self.expr(having, env)).transpose()?;
        let windows =
            clauses.windows.iter().map(|window| self.named_window(window, env)).collect::<Lowered<_>>()?;
        let distinct = match clauses.distinct {
            None | Some(ast::Distinct::All) => Distinct::No,
            Some(ast::Distinct::Distinct) => Distinct::Rows,
            Some(ast::Distinct::On(keys)) if keys.is_empty() => {
                return Err(Refusal::new(Reason::ParseError, "DISTINCT ON names no column")
                    .advise("name the columns: DISTINCT ON (a, b)"));
            }
            Some(ast::Distinct::On(keys)) => {
                Distinct::On(keys.iter().map(|key| self.sort_key(key, &items, env)).collect::<Lowered<_>>()?)
            }
        };
        if sorts.len() > MOST_ENTRIES {
            return Err(too_many("sort keys"));
        }
        let env = Env { labels: clauses.projection, ..env };
        let sorts = sorts.iter().map(|sort| self.sort(sort, &items, env)).collect::<Lowered<_>>()?;
        let outputs = items.iter().map(|item| item.label.clone()).collect();
        Ok((Select { distinct, items, from: sources, filter, group_by, having, windows }, sorts, outputs))
    }

    fn items(
        &mut self,
        items: &[ast::SelectItem],
        sources: &[Source],
        from: &From<'s>,
        env: Env<'_, 's>,
    ) -> Lowered<Vec<Item>> {
        if items.len() > MOST_ENTRIES {
            return Err(too_many("output columns"));
        }
        let mut lowered = Vec::with_capacity(items.len());
        for item in items {
            match item {
                ast::SelectItem::UnnamedExpr(expr) => {
                    let lowered_expr = self.expr(expr, env)?;
                    let label = match bare(expr) {
                        // A column that a full join has merged is an expression, with the name of the column.
                        Bare::Name(ident) => ident::fold(ident)?,
                        _ => label(&lowered_expr).into(),
                    };
                    lowered.push(Item { expr: lowered_expr, label });
                }
                ast::SelectItem::ExprWithAlias { expr, alias } => {
                    lowered.push(Item { expr: self.expr(expr, env)?, label: query::label(alias)? });
                }
                ast::SelectItem::Wildcard(options) => {
                    check_options(options)?;
                    let at = position(options.wildcard_token.0.span);
                    if sources.is_empty() {
                        return Err(star_of_nothing(at));
                    }
                    self.star("*", at, from);
                    self.expand(sources, from, &mut lowered);
                }
                ast::SelectItem::QualifiedWildcard(
                    ast::SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    check_options(options)?;
                    self.star(&format!("{name}.*"), position(options.wildcard_token.0.span), from);
                    self.expand_source(wildcard_source(name, env)?, &mut lowered);
                }
                ast::SelectItem::QualifiedWildcard(ast::SelectItemQualifiedWildcardKind::Expr(_), _)
                | ast::SelectItem::ExprWithAliases { .. } => {
                    return Err(foreign(item.to_string()));
                }
            }
            if lowered.len() > MOST_ENTRIES {
                return Err(too_many("output columns"));
            }
        }
        Ok(lowered)
    }

    fn star(&mut self, subject: &str, at: Option<crate::refusal::Place>, from: &From<'s>) {
        if self.policy.select_star == SelectStar::Refuse {
            let advice = readable_columns(from);
            self.keep_back(
                Refusal::new(Reason::SelectStar, "takes every column").about(subject).at(at).advise(advice),
            );
        }
    }
}

fn star_of_nothing(at: Option<crate::refusal::Place>) -> Refusal {
    Refusal::new(Reason::SelectStar, "takes every column, and there is no table")
        .about("*")
        .at(at)
        .advise("write what is wanted, or add FROM and name its columns")
}

/// The source that `name.*` means.
fn wildcard_source<'e, 's>(name: &ast::ObjectName, env: Env<'e, 's>) -> Lowered<&'e Visible<'s>> {
    match parts(name)?.as_slice() {
        [alias] => {
            let alias = ident::name(alias)?;
            env.scope.source(&alias).ok_or_else(|| unknown_source(&alias, env))
        }
        [schema, table] => unaliased_source(&ident::name(schema)?, &ident::name(table)?, env),
        _ => Err(unknown_source(&name.to_string(), env)),
    }
}

/// As many entries as PostgreSQL takes in a list of targets.
pub(super) const MOST_ENTRIES: usize = 1_664;

pub(super) fn too_many(what: &'static str) -> Refusal {
    Refusal::new(Reason::TooComplex, format!("there are too many {what}"))
}

/// The clauses of `SELECT` that PostgreSQL has.
struct Clauses<'a> {
    distinct: Option<&'a ast::Distinct>,
    projection: &'a [ast::SelectItem],
    from: &'a [ast::TableWithJoins],
    selection: Option<&'a ast::Expr>,
    group_by: &'a ast::GroupByExpr,
    having: Option<&'a ast::Expr>,
    windows: &'a [ast::NamedWindowDefinition],
}

impl<'a> Clauses<'a> {
    fn of(select: &'a ast::Select) -> Lowered<Self> {
        let ast::Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        if into.is_some() {
            return Err(Refusal::new(Reason::SelectInto, "creates a table").about("INTO"));
        }
        let other_dialect = !optimizer_hints.is_empty()
            || select_modifiers.is_some()
            || top.is_some()
            || exclude.is_some()
            || !lateral_views.is_empty()
            || prewhere.is_some()
            || !connect_by.is_empty()
            || !cluster_by.is_empty()
            || !distribute_by.is_empty()
            || !sort_by.is_empty()
            || value_table_mode.is_some()
            || *flavor != ast::SelectFlavor::Standard;
        if other_dialect {
            return Err(construct("SELECT", "write the clauses of PostgreSQL's SELECT only"));
        }
        if qualify.is_some() {
            return Err(construct("QUALIFY", "filter on the window function in an outer query"));
        }
        if projection.is_empty() {
            return Err(foreign("SELECT"));
        }
        Ok(Self {
            distinct: distinct.as_ref(),
            projection,
            from,
            selection: selection.as_ref(),
            group_by,
            having: having.as_ref(),
            windows: named_window,
        })
    }
}

fn check_options(options: &ast::WildcardAdditionalOptions) -> Lowered<()> {
    let ast::WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace,
        opt_rename,
        opt_alias,
    } = options;
    let plain = opt_ilike.is_none()
        && opt_exclude.is_none()
        && opt_except.is_none()
        && opt_replace.is_none()
        && opt_rename.is_none()
        && opt_alias.is_none();
    if plain { Ok(()) } else { Err(foreign(options.to_string())) }
}
