//! What a statement costs once PostgreSQL has inlined it.
//!
//! The planner copies the expressions of CTEs and derived tables to wherever their columns are used, before any
//! timeout is looked at: 26 CTEs of `select x || x from` the one before, a kilobyte of text, took 24 GB and the whole
//! server. So leaves are counted as the planner will see them. And because `replace` and its kin multiply, the
//! length of values that grow out of the statement's own literals is estimated beside.

mod cost;
mod names;

use self::{
    cost::{COLUMN, Cost, growth},
    names::{Costs, Ctes, Names, Outputs, Scope, rename},
};
use crate::{
    Policy, Reason, Refusal,
    tree::{
        Body, Bound, Call, Condition, Cte, Distinct, Expr, Grouping, Key, Over, Quantified, Query, Select,
        Sort, Source, Steps, Subscript, Window,
    },
};

/// Refuses what would grow beyond the policy's bounds.
pub(crate) fn check(query: &Query, policy: &Policy) -> Result<(), Refusal> {
    let mut budget = Budget { longest: 0, most: policy.max_growth };
    let whole = budget.query(query, Names { ctes: None, scope: None });
    if whole.leaves > policy.max_leaves {
        let message = format!("the statement grows beyond {} parts when it is expanded", policy.max_leaves);
        return Err(Refusal::new(Reason::TooComplex, message).advise(
            "refer to computed columns of subqueries less often, or shorten lists; ask in several steps",
        ));
    }
    if budget.longest > policy.max_growth {
        return Err(Refusal::new(
            Reason::TooComplex,
            "a value could grow far beyond what the statement holds",
        )
        .advise(
            "do not nest replace() and concatenation of long texts, and do not replace inside aggregates",
        ));
    }
    Ok(())
}

struct Budget {
    longest: u64,
    most: u64,
}

impl Budget {
    fn query(&mut self, query: &Query, names: Names<'_>) -> Costs {
        self.with(&query.with, query, names)
    }

    /// One CTE after the other, each in the scope of those before.
    fn with(&mut self, rest: &[Cte], query: &Query, names: Names<'_>) -> Costs {
        let Some((cte, rest)) = rest.split_first() else {
            return self.body(&query.body, &query.order_by, names);
        };
        let mut costs = match cte.steps {
            None => self.query(&cte.query, names),
            Some(Steps(steps)) => self.recursion(cte, steps, names),
        };
        rename(&mut costs.outputs, &cte.columns);
        let leaves = costs.leaves;
        let ctes = Ctes { name: cte.name.clone(), costs, parent: names.ctes };
        let mut whole = self.with(rest, query, Names { ctes: Some(&ctes), ..names });
        whole.leaves = whole.leaves.saturating_add(leaves);
        whole
    }

    /// A recursion is never inlined, but its values may grow with each step.
    fn recursion(&mut self, cte: &Cte, steps: u32, names: Names<'_>) -> Costs {
        let Body::Set(first, rest) = &cte.query.body else { return self.query(&cte.query, names) };
        let mut whole = self.body(first, &[], names);
        rename(&mut whole.outputs, &cte.columns);
        for _ in 0..steps {
            let mut known = whole.outputs.clone();
            for (_, output) in &mut known {
                output.leaves = 1;
            }
            let costs = Costs { leaves: 1, outputs: known };
            let ctes = Ctes { name: cte.name.clone(), costs, parent: names.ctes };
            let mut grown = false;
            for (_, step) in rest {
                let costs = self.body(step, &[], Names { ctes: Some(&ctes), ..names });
                whole.leaves = whole.leaves.max(costs.leaves.saturating_mul(2));
                for ((_, output), (_, other)) in whole.outputs.iter_mut().zip(costs.outputs) {
                    grown |= other.bytes > output.bytes;
                    output.bytes = output.bytes.max(other.bytes);
                    output.leaves = 1;
                }
            }
            if !grown || self.longest > self.most {
                break;
            }
        }
        whole
    }

    fn body(&mut self, body: &Body, order_by: &[Sort], names: Names<'_>) -> Costs {
        match body {
            Body::Select(select) => self.select(select, order_by, names),
            Body::Query(query) => self.query(query, names),
            Body::Values(rows) => {
                let mut leaves = 0_u64;
                let width = rows.first().map_or(0, Vec::len);
                let mut outputs: Vec<_> =
                    (1..=width).map(|number| (format!("column{number}").into(), Cost::default())).collect();
                for row in rows {
                    for (expr, (_, output)) in row.iter().zip(&mut outputs) {
                        let cost = self.expr(expr, names);
                        leaves = leaves.saturating_add(cost.leaves);
                        output.leaves = 1;
                        output.bytes = output.bytes.max(cost.bytes);
                    }
                }
                Costs { leaves, outputs }
            }
            Body::Set(first, rest) => {
                let mut whole = self.body(first, &[], names);
                for (_, branch) in rest {
                    let costs = self.body(branch, &[], names);
                    whole.leaves = whole.leaves.saturating_add(costs.leaves);
                    for ((_, output), (_, other)) in whole.outputs.iter_mut().zip(costs.outputs) {
                        output.leaves = output.leaves.saturating_add(other.leaves);
                        output.bytes = output.bytes.max(other.bytes);
                    }
                }
                whole
            }
        }
    }

    fn select(&mut self, select: &Select, order_by: &[Sort], names: Names<'_>) -> Costs {
        let Select { distinct, items, from, filter, group_by, having, windows } = select;
        let mut scope = Scope { sources: Vec::new(), parent: names.scope };
        let mut leaves = 0_u64;
        for source in from {
            leaves = leaves.saturating_add(self.source(source, &mut scope, names));
        }
        let here = Names { scope: Some(&scope), ..names };
        let mut outputs = Vec::with_capacity(items.len());
        for item in items {
            let cost = self.expr(&item.expr, here);
            leaves = leaves.saturating_add(cost.leaves);
            outputs.push((item.label.clone(), cost));
        }
        let mut rest = Cost::default();
        for expr in filter.iter().chain(having) {
            rest = rest.plus(self.expr(expr, here));
        }
        for grouping in group_by {
            rest = rest.plus(self.grouping(grouping, here));
        }
        for (_, window) in windows {
            rest = rest.plus(self.window(window, here));
        }
        if let Distinct::On(keys) = distinct {
            rest = rest.plus(self.keys(keys, here));
        }
        rest = rest.plus(self.sorts(order_by, here));
        Costs { leaves: leaves.saturating_add(rest.leaves), outputs }
    }

    fn source<'e>(&mut self, source: &Source, scope: &mut Scope<'e>, names: Names<'e>) -> u64 {
        match source {
            Source::Relation { alias, .. } => {
                scope.sources.push((alias.clone(), Outputs::Plain));
                1
            }
            Source::Cte { name, alias, columns } => {
                let mut found = names.ctes;
                while let Some(cte) = found.filter(|cte| cte.name != *name) {
                    found = cte.parent;
                }
                let mut outputs = found.map(|cte| cte.costs.outputs.clone()).unwrap_or_default();
                rename(&mut outputs, columns);
                scope.sources.push((alias.clone(), Outputs::Computed(outputs.into_iter().collect())));
                found.map_or(1, |cte| cte.costs.leaves)
            }
            Source::Derived { lateral, query, alias, columns } => {
                let mut costs = if *lateral {
                    self.query(query, Names { scope: Some(scope), ..names })
                } else {
                    self.query(query, names)
                };
                rename(&mut costs.outputs, columns);
                scope.sources.push((alias.clone(), Outputs::Computed(costs.outputs.into_iter().collect())));
                costs.leaves
            }
            Source::Function { call, alias, columns, .. } => {
                let cost = self.call(call, Names { scope: Some(scope), ..names });
                let output = Cost { leaves: 1, bytes: cost.bytes };
                let outputs = columns.iter().map(|column| (column.clone(), output)).collect();
                scope.sources.push((alias.clone(), Outputs::Computed(outputs)));
                cost.leaves
            }
            Source::Join(join) => {
                let left = self.source(&join.left, scope, names);
                let right = self.source(&join.right, scope, names);
                let condition = match &join.condition {
                    Condition::On(expr) => self.expr(expr, Names { scope: Some(scope), ..names }).leaves,
                    Condition::Using(columns) => columns.len() as u64,
                    Condition::None => 0,
                };
                left.saturating_add(right).saturating_add(condition)
            }
        }
    }

    fn expr(&mut self, expr: &Expr, names: Names<'_>) -> Cost {
        let cost = match expr {
            Expr::Column { table, name } => names.column(table, name),
            Expr::Number(text) | Expr::Text(text) => Cost { leaves: 1, bytes: text.len() as u64 },
            Expr::Bool(_) | Expr::Null | Expr::Clock { .. } => COLUMN,
            Expr::Cast(operand, _)
            | Expr::Sign(_, operand)
            | Expr::Not(operand)
            | Expr::Collate(operand, _)
            | Expr::Test { operand, .. } => self.expr(operand, names),
            Expr::Chain(chain) => {
                chain.rest.iter().fold(self.expr(&chain.first, names), |sum, (_, operand)| {
                    sum.plus(self.expr(operand, names))
                })
            }
            Expr::Distinct { left, right, .. } => self.expr(left, names).plus(self.expr(right, names)),
            Expr::Like { operand, pattern, escape, .. } => {
                let sum = self.expr(operand, names).plus(self.expr(pattern, names));
                escape.iter().fold(sum, |sum, escape| sum.plus(self.expr(escape, names)))
            }
            Expr::Between { operand, low, high, .. } => {
                // PostgreSQL writes the operand twice.
                let operand = self.expr(operand, names);
                operand.plus(operand).plus(self.expr(low, names)).plus(self.expr(high, names))
            }
            Expr::InList { operand, list, .. } => self.expr(operand, names).plus(self.exprs(list, names)),
            Expr::InQuery { operand, query, .. } => {
                self.expr(operand, names).plus(self.value_of(query, names))
            }
            Expr::Quantified { left, right, .. } => self.expr(left, names).plus(match right {
                Quantified::Query(query) => self.value_of(query, names),
                Quantified::Array(array) => self.expr(array, names),
            }),
            Expr::Case(case) => {
                let operand =
                    case.operand.as_ref().map_or(Cost::default(), |operand| self.expr(operand, names));
                let branches = case.branches.iter().fold(operand, |sum, (when, then)| {
                    sum.plus(self.expr(when, names)).plus(self.expr(then, names))
                });
                case.otherwise.iter().fold(branches, |sum, otherwise| sum.plus(self.expr(otherwise, names)))
            }
            Expr::Call(call) => self.call(call, names),
            Expr::Form(_, members) | Expr::Row(members) | Expr::Array(members) => self.exprs(members, names),
            Expr::ArrayOf(query) | Expr::Exists(query) | Expr::Scalar(query) => self.value_of(query, names),
            Expr::Subscript { operand, subscripts } => {
                subscripts.iter().fold(self.expr(operand, names), |sum, subscript| {
                    let bounds = match subscript {
                        Subscript::Index(index) => [Some(index), None],
                        Subscript::Slice(low, high) => [low.as_ref(), high.as_ref()],
                    };
                    bounds.into_iter().flatten().fold(sum, |sum, bound| sum.plus(self.expr(bound, names)))
                })
            }
        };
        self.longest = self.longest.max(cost.bytes);
        cost
    }

    fn exprs(&mut self, exprs: &[Expr], names: Names<'_>) -> Cost {
        exprs.iter().fold(Cost::default(), |sum, expr| sum.plus(self.expr(expr, names)))
    }

    /// A subquery inside an expression is planned wherever the expression goes.
    fn value_of(&mut self, query: &Query, names: Names<'_>) -> Cost {
        let costs = self.query(query, names);
        let bytes = costs.outputs.iter().map(|(_, cost)| cost.bytes).max().unwrap_or_default();
        Cost { leaves: costs.leaves, bytes }
    }

    fn call(&mut self, call: &Call, names: Names<'_>) -> Cost {
        let Call { schema: _, name, distinct: _, star: _, args, order_by, within_group, filter, over } = call;
        let args: Vec<Cost> = args.iter().map(|arg| self.expr(&arg.value, names)).collect();
        let mut whole = args.iter().fold(Cost { leaves: 1, bytes: 0 }, |sum, &cost| sum.plus(cost));
        whole.bytes = growth(name, &args, whole.bytes);
        let mut rest = self.sorts(order_by, names).plus(self.sorts(within_group, names));
        if let Some(filter) = filter {
            rest = rest.plus(self.expr(filter, names));
        }
        if let Some(Over::Window(window)) = over {
            rest = rest.plus(self.window(window, names));
        }
        Cost { leaves: whole.leaves.saturating_add(rest.leaves), bytes: whole.bytes }
    }

    fn window(&mut self, window: &Window, names: Names<'_>) -> Cost {
        let mut sum = self.exprs(&window.partition_by, names).plus(self.sorts(&window.order_by, names));
        let frame = window.frame.iter().flat_map(|frame| std::iter::once(&frame.start).chain(&frame.end));
        for bound in frame {
            if let Bound::Preceding(distance) | Bound::Following(distance) = bound {
                sum = sum.plus(self.expr(distance, names));
            }
        }
        sum
    }

    fn grouping(&mut self, grouping: &Grouping, names: Names<'_>) -> Cost {
        match grouping {
            Grouping::Key(key) => self.keys(std::slice::from_ref(key), names),
            Grouping::Set(keys) => self.keys(keys, names),
            Grouping::Rollup(sets) | Grouping::Cube(sets) => {
                sets.iter().fold(Cost::default(), |sum, keys| sum.plus(self.keys(keys, names)))
            }
            Grouping::Sets(sets) => {
                sets.iter().fold(Cost::default(), |sum, set| sum.plus(self.grouping(set, names)))
            }
        }
    }

    fn keys(&mut self, keys: &[Key], names: Names<'_>) -> Cost {
        keys.iter().fold(Cost::default(), |sum, key| match key {
            Key::Output(_) => sum.plus(COLUMN),
            Key::Expr(expr) => sum.plus(self.expr(expr, names)),
        })
    }

    fn sorts(&mut self, sorts: &[Sort], names: Names<'_>) -> Cost {
        sorts
            .iter()
            .fold(Cost::default(), |sum, sort| sum.plus(self.keys(std::slice::from_ref(&sort.key), names)))
    }
}
