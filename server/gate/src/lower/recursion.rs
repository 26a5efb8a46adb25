//! `WITH RECURSIVE`, as far as the policy opens it.
//!
//! PostgreSQL goes on until a step finds nothing new, and no plan tells when that is. So a member that refers to itself
//! must count its steps in a column of its own and stop at a number:
//!
//! ```sql
//! with recursive chain as (
//!   select id, parent, 1 as step from parts where parent is null
//!   union all
//!   select p.id, p.parent, c.step + 1 from parts p join chain c on p.parent = c.id where c.step < 20
//! )
//! ```

use sqlparser::ast;

use super::{
    Env, Lowered, Lowering, construct,
    ident::fold,
    query::{different_widths, rename},
    scope::{Ctes, Member},
};
use crate::{
    Reason, Recursion, Refusal,
    tree::{Body, Chain, Expr, Name, Operator, Query, SetOperator, Source},
};

/// What a member of `WITH RECURSIVE` is, if it refers to itself.
pub(super) struct Recursive {
    pub(super) query: Query,
    pub(super) outputs: Vec<Name>,
    /// How many steps it takes at most.
    pub(super) steps: u32,
}

impl<'s> Lowering<'s> {
    /// Lowers `first union [all] step`, where the step refers to `name`. `None` if it does not.
    pub(super) fn recursive(
        &mut self,
        name: &Name,
        columns: &[Name],
        query: &ast::Query,
        env: Env<'_, 's>,
    ) -> Lowered<Option<Recursive>> {
        let Some((first, operator, step)) = recursive_form(name, query)? else { return Ok(None) };
        let (first, outputs) = self.body(first, env)?;
        let outputs = rename(name, outputs, columns)?;
        let mut members = env.ctes.members.to_vec();
        for member in members.iter_mut().filter(|member| member.name == *name) {
            *member = Member { name: name.clone(), outputs: outputs.clone(), usable: true };
        }
        let ctes = Ctes { members: &members, parent: env.ctes.parent };
        let (step, _, step_outputs) = self.select(step, &[], Env::new(&ctes, env.scope))?;
        if step_outputs.len() != outputs.len() {
            return Err(different_widths());
        }
        let steps = self.bounded(name, steps(name, &outputs, &first, &step))?;
        let body = Body::Set(Box::new(first), vec![(operator, Body::Select(Box::new(step)))]);
        let query = Query { with: vec![], body, order_by: vec![], limit: None, offset: None };
        Ok(Some(Recursive { query, outputs, steps }))
    }

    fn bounded(&self, name: &Name, steps: Option<u32>) -> Lowered<u32> {
        let most = match self.policy.recursion {
            Recursion::Bounded(most) => most,
            Recursion::Refuse => 0,
        };
        match steps {
            Some(steps) if steps <= most => Ok(steps),
            Some(_) => Err(Refusal::new(Reason::TooComplex, format!("takes more than {most} steps"))
                .about(&**name)
                .advise("let the condition of the step stop it earlier")),
            None => Err(Refusal::new(Reason::DisallowedConstruct, "is a recursion that does not count its steps")
                .about(&**name)
                .advise(
                    "count and stop: SELECT ..., 1 AS step FROM ... UNION ALL SELECT ..., r.step + 1 FROM ... WHERE r.step < 20",
                )),
        }
    }
}

/// The parts of `first union [all] select`, if the last refers to `name` in its `FROM`.
fn recursive_form<'a>(
    name: &Name,
    query: &'a ast::Query,
) -> Lowered<Option<(&'a ast::SetExpr, SetOperator, &'a ast::Select)>> {
    let ast::SetExpr::SetOperation { left, op: ast::SetOperator::Union, set_quantifier, right } =
        query.body.as_ref()
    else {
        return Ok(None);
    };
    let ast::SetExpr::Select(step) = right.as_ref() else { return Ok(None) };
    if !step.from.iter().any(|item| mentions(name, item)) {
        return Ok(None);
    }
    let operator = match set_quantifier {
        ast::SetQuantifier::All => SetOperator::UnionAll,
        ast::SetQuantifier::None | ast::SetQuantifier::Distinct => SetOperator::Union,
        _ => return Err(construct("BY NAME", "put the columns of all branches in the same order")),
    };
    let ast::Query {
        with,
        body: _,
        order_by,
        limit_clause,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    let plain = with.is_none()
        && order_by.is_none()
        && limit_clause.is_none()
        && fetch.is_none()
        && locks.is_empty()
        && for_clause.is_none()
        && settings.is_none()
        && format_clause.is_none()
        && pipe_operators.is_empty();
    if !plain {
        return Err(construct(&**name, "sort and limit in the query that reads the recursion"));
    }
    Ok(Some((left, operator, step)))
}

fn mentions(name: &Name, item: &ast::TableWithJoins) -> bool {
    let ast::TableWithJoins { relation, joins } = item;
    std::iter::once(relation).chain(joins.iter().map(|join| &join.relation)).any(|factor| match factor {
        ast::TableFactor::Table { name: ast::ObjectName(parts), .. } => match parts.as_slice() {
            [ast::ObjectNamePart::Identifier(ident)] => fold(ident).is_ok_and(|found| found == *name),
            _ => false,
        },
        ast::TableFactor::NestedJoin { table_with_joins, .. } => mentions(name, table_with_joins),
        _ => false,
    })
}

/// The number at which the recursion stops: a column begins with a number, grows by 1 with each step, and is compared
/// with another number in the condition of the step.
fn steps(name: &Name, outputs: &[Name], first: &Body, step: &crate::tree::Select) -> Option<u32> {
    let Body::Select(first) = first else { return None };
    let alias = step.from.iter().find_map(|source| alias_of(name, source))?;
    let mut bounds = outputs.iter().zip(&first.items).zip(&step.items).filter_map(|((output, first), next)| {
        let start: u32 = number(&first.expr)?;
        let counter = |expr: &Expr| matches!(expr, Expr::Column { table, name } if table == alias && name == output);
        let grows = matches!(&next.expr, Expr::Chain(Chain { first, rest })
            if counter(first) && matches!(rest.as_slice(), [(Operator("+"), by)] if number(by) == Some(1)));
        let most = conditions(step.filter.as_ref()?).find_map(|condition| match condition {
            Expr::Chain(Chain { first, rest }) if counter(first) => match rest.as_slice() {
                [(Operator("<"), end)] => number(end),
                [(Operator("<="), end)] => number(end)?.checked_add(1),
                _ => None,
            },
            _ => None,
        })?;
        grows.then_some(most.saturating_sub(start))
    });
    bounds.next()
}

/// What must hold all together.
fn conditions(filter: &Expr) -> Box<dyn Iterator<Item = &Expr> + '_> {
    match filter {
        Expr::Chain(Chain { first, rest }) if rest.iter().all(|(operator, _)| *operator == Operator::AND) => {
            Box::new(std::iter::once(first.as_ref()).chain(rest.iter().map(|(_, operand)| operand)))
        }
        other => Box::new(std::iter::once(other)),
    }
}

fn number(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::Number(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The alias under which a source, or an inner join of several, shows the member `name`.
fn alias_of<'a>(name: &Name, source: &'a Source) -> Option<&'a Name> {
    match source {
        Source::Cte { name: found, alias, columns } => (found == name && columns.is_empty()).then_some(alias),
        Source::Join(join) => alias_of(name, &join.left).or_else(|| alias_of(name, &join.right)),
        Source::Relation { .. } | Source::Derived { .. } | Source::Function { .. } => None,
    }
}
