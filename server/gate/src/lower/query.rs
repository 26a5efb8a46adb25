//! Queries: `WITH`, set operations, and the clauses after them.

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct, foreign,
    ident::{self, fold},
    is_write, position,
    recursion::Recursive,
    refuse,
    scope::{Ctes, Member},
    select::too_many,
};
use crate::{
    Reason, Recursion, Refusal,
    tree::{Body, Cte, Name, Query, SetOperator, Sort, Steps},
};

/// A report of hundreds of steps is a mistake or an attack.
const MOST_CTES: usize = 200;

/// A query and the names of its columns.
pub(super) type WithOutputs<T> = (T, Vec<Name>);

impl<'s> Lowering<'s> {
    pub(super) fn query(&mut self, query: &ast::Query, env: Env<'_, 's>) -> Lowered<WithOutputs<Query>> {
        let ast::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let (with, members) = self.with(with.as_ref(), env)?;
        let ctes = Ctes { members: &members, parent: Some(env.ctes) };
        let env = Env::new(&ctes, env.scope);
        let sorts = match order_by {
            Some(order_by) => order_by_terms(order_by)?,
            None => &[],
        };
        let (body, order_by, outputs) = self.body_sorted(body, sorts, env)?;
        let (mut limit, offset) = self.limit(limit_clause.as_ref())?;
        if let Some(fetch) = fetch {
            limit = self.fetch(fetch, limit)?;
        }
        if !locks.is_empty() || for_clause.is_some() {
            return Err(construct("FOR", "leave the locking clause out; nothing is written here"));
        }
        if settings.is_some() || format_clause.is_some() || !pipe_operators.is_empty() {
            return Err(foreign(query.to_string()));
        }
        Ok((Query { with, body, order_by, limit, offset }.unwrapped(), outputs))
    }

    fn with(&mut self, with: Option<&ast::With>, env: Env<'_, 's>) -> Lowered<(Vec<Cte>, Vec<Member>)> {
        let Some(ast::With { with_token: _, recursive, cte_tables }) = with else {
            return Ok((vec![], vec![]));
        };
        if *recursive && self.policy.recursion == Recursion::Refuse {
            return Err(construct(
                "RECURSIVE",
                "a hierarchy of known depth can be read with one self join per level",
            ));
        }
        if cte_tables.len() > MOST_CTES {
            return Err(too_many("members of WITH"));
        }
        let (mut ctes, mut members) = (Vec::with_capacity(cte_tables.len()), Vec::<Member>::new());
        if *recursive {
            // Here names mean members that come later, too. Those are not for use.
            for cte in cte_tables {
                members.push(Member { name: fold(&cte.alias.name)?, outputs: vec![], usable: false });
            }
        }
        for cte in cte_tables {
            let ctes_before = Ctes { members: &members, parent: Some(env.ctes) };
            let inner = Env::new(&ctes_before, env.scope);
            let (cte, outputs) = self.cte(cte, inner)?;
            if ctes.iter().any(|other: &Cte| other.name == cte.name) {
                return refuse(Reason::DisallowedConstruct, &*cte.name, "is defined twice in one WITH");
            }
            let member = Member { name: cte.name.clone(), outputs, usable: true };
            match members.iter_mut().find(|other| other.name == cte.name) {
                Some(later) => *later = member,
                None => members.push(member),
            }
            ctes.push(cte);
        }
        Ok((ctes, members))
    }

    fn cte(&mut self, cte: &ast::Cte, env: Env<'_, 's>) -> Lowered<WithOutputs<Cte>> {
        let ast::Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
        let (name, columns) = table_alias(alias)?;
        if is_write(&query.body) {
            return Err(Refusal::new(Reason::WriteableCte, "writes")
                .about(&*name)
                .at(position(alias.name.span)));
        }
        if from.is_some() {
            return Err(foreign(&*name));
        }
        let materialized = materialized.as_ref().map(|choice| match choice {
            ast::CteAsMaterialized::Materialized => true,
            ast::CteAsMaterialized::NotMaterialized => false,
        });
        // Only under RECURSIVE is the member's own name in reach.
        if env.ctes.members.iter().any(|member| member.name == name && !member.usable)
            && let Some(found) = self.recursive(&name, &columns, query, env)?
        {
            let Recursive { query, outputs, steps } = found;
            return Ok((Cte { name, columns, materialized, steps: Some(Steps(steps)), query }, outputs));
        }
        let (query, outputs) = self.query(query, env)?;
        let outputs = rename(&name, outputs, &columns)?;
        Ok((Cte { name, columns, materialized, steps: None, query }, outputs))
    }

    /// A body with the `ORDER BY` that belongs to it, which may look into a single `SELECT`.
    fn body_sorted(
        &mut self,
        body: &ast::SetExpr,
        sorts: &[ast::OrderByExpr],
        env: Env<'_, 's>,
    ) -> Lowered<(Body, Vec<Sort>, Vec<Name>)> {
        if let ast::SetExpr::Select(select) = body {
            let (select, sorts, outputs) = self.select(select, sorts, env)?;
            return Ok((Body::Select(Box::new(select)), sorts, outputs));
        }
        let (body, outputs) = self.body(body, env)?;
        let sorts = sorts.iter().map(|sort| Self::sort_of_outputs(sort, &outputs)).collect::<Lowered<_>>()?;
        Ok((body, sorts, outputs))
    }

    pub(super) fn body(&mut self, body: &ast::SetExpr, env: Env<'_, 's>) -> Lowered<WithOutputs<Body>> {
        match body {
            ast::SetExpr::Select(select) => {
                let (select, _, outputs) = self.select(select, &[], env)?;
                Ok((Body::Select(Box::new(select)), outputs))
            }
            ast::SetExpr::Query(query) => {
                let (query, outputs) = self.query(query, env)?;
                Ok((query.into_body(), outputs))
            }
            ast::SetExpr::Values(values) => self.values(values, env),
            ast::SetExpr::SetOperation { .. } => self.set_operation(body, env),
            ast::SetExpr::Insert(_)
            | ast::SetExpr::Update(_)
            | ast::SetExpr::Delete(_)
            | ast::SetExpr::Merge(_) => {
                Err(Refusal::new(Reason::WriteableCte, "a part of the statement writes"))
            }
            ast::SetExpr::Table(_) => {
                Err(construct("TABLE", "write SELECT with the columns that are needed"))
            }
        }
    }

    /// Walks down the left side in a loop: a thousand branches are no thousand levels.
    fn set_operation(&mut self, body: &ast::SetExpr, env: Env<'_, 's>) -> Lowered<WithOutputs<Body>> {
        let mut spine = Vec::new();
        let mut first = body;
        while let ast::SetExpr::SetOperation { left, op, set_quantifier, right } = first {
            spine.push((set_operator(*op, *set_quantifier)?, right.as_ref()));
            first = left;
        }
        let (mut result, outputs) = self.body(first, env)?;
        for (operator, branch) in spine.into_iter().rev() {
            let (branch, columns) = self.body(branch, env)?;
            if columns.len() != outputs.len() {
                return Err(different_widths());
            }
            match &mut result {
                Body::Set(_, rest)
                    if rest.first().is_some_and(|(other, _)| other.joins_level_of(operator)) =>
                {
                    rest.push((operator, branch));
                }
                _ => result = Body::Set(Box::new(result), vec![(operator, branch)]),
            }
        }
        Ok((result, outputs))
    }

    fn values(&mut self, values: &ast::Values, env: Env<'_, 's>) -> Lowered<WithOutputs<Body>> {
        let ast::Values { explicit_row, value_keyword, rows } = values;
        if *explicit_row || *value_keyword {
            return Err(construct("VALUE", "write VALUES (1, 'a'), (2, 'b')"));
        }
        let rows = rows
            .iter()
            .map(|row| row.content.iter().map(|expr| self.expr(expr, env)).collect::<Lowered<Vec<_>>>())
            .collect::<Lowered<Vec<_>>>()?;
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != width) {
            return Err(Refusal::new(Reason::ParseError, "the rows of VALUES have different lengths"));
        }
        let outputs = (1..=width).map(|number| format!("column{number}").into()).collect();
        Ok((Body::Values(rows), outputs))
    }
}

pub(super) fn different_widths() -> Refusal {
    Refusal::new(Reason::ParseError, "the branches have different numbers of columns")
        .advise("select the same number of columns in every branch")
}

impl Query {
    fn is_bare(&self) -> bool {
        let Self { with, body: _, order_by, limit, offset } = self;
        with.is_empty() && order_by.is_empty() && limit.is_none() && offset.is_none()
    }

    /// Brackets around the whole of a query say nothing.
    fn unwrapped(self) -> Self {
        if !self.is_bare() {
            return self;
        }
        match self.body {
            Body::Query(inner) => *inner,
            body => Self { body, ..self },
        }
    }

    /// As a part of a larger body, in brackets where it has clauses of its own.
    fn into_body(self) -> Body {
        if self.is_bare() { self.body } else { Body::Query(Box::new(self)) }
    }
}

impl SetOperator {
    /// `INTERSECT` binds tighter than `UNION` and `EXCEPT`, which are read from left to right.
    fn joins_level_of(self, other: Self) -> bool {
        let tight = |operator| matches!(operator, Self::Intersect | Self::IntersectAll);
        tight(self) == tight(other)
    }
}

fn set_operator(op: ast::SetOperator, quantifier: ast::SetQuantifier) -> Lowered<SetOperator> {
    use ast::{SetOperator as Op, SetQuantifier as Quantifier};
    Ok(match (op, quantifier) {
        (Op::Union, Quantifier::None | Quantifier::Distinct) => SetOperator::Union,
        (Op::Union, Quantifier::All) => SetOperator::UnionAll,
        (Op::Except, Quantifier::None | Quantifier::Distinct) => SetOperator::Except,
        (Op::Except, Quantifier::All) => SetOperator::ExceptAll,
        (Op::Intersect, Quantifier::None | Quantifier::Distinct) => SetOperator::Intersect,
        (Op::Intersect, Quantifier::All) => SetOperator::IntersectAll,
        (Op::Minus, _) => return Err(foreign("MINUS")),
        (_, Quantifier::ByName | Quantifier::AllByName | Quantifier::DistinctByName) => {
            return Err(construct("BY NAME", "put the columns of all branches in the same order"));
        }
    })
}

fn order_by_terms(order_by: &ast::OrderBy) -> Lowered<&[ast::OrderByExpr]> {
    match order_by {
        ast::OrderBy { kind: ast::OrderByKind::Expressions(terms), interpolate: None } => Ok(terms),
        ast::OrderBy { kind: _, interpolate: _ } => Err(foreign("ORDER BY")),
    }
}

/// An alias and the columns that it renames.
pub(super) fn table_alias(alias: &ast::TableAlias) -> Lowered<(Name, Vec<Name>)> {
    let ast::TableAlias { explicit: _, name, columns, at } = alias;
    if at.is_some() {
        return Err(foreign("AT"));
    }
    let columns = columns
        .iter()
        .map(|ast::TableAliasColumnDef { name, data_type }| match data_type {
            None => ident::name(name),
            Some(_) => {
                Err(construct(name.value.as_str(), "take single fields with -> and ->>, and cast them"))
            }
        })
        .collect::<Lowered<_>>()?;
    Ok((ident::name(name)?, columns))
}

/// The outputs of a query after its alias has renamed the first of them.
pub(super) fn rename(alias: &Name, mut outputs: Vec<Name>, columns: &[Name]) -> Lowered<Vec<Name>> {
    if columns.len() > outputs.len() {
        return refuse(Reason::ParseError, &**alias, "has more column names than columns");
    }
    for (output, column) in outputs.iter_mut().zip(columns) {
        output.clone_from(column);
    }
    Ok(outputs)
}

/// The label that `AS` gives: any word may stand there.
pub(super) fn label(ident: &ast::Ident) -> Lowered<Name> {
    fold(ident)
}
