//! Whole statements: members of `WITH`, one `SELECT` or several of them together, groups and windows.

use super::{Kind, Scope, Writer};
use std::fmt::Write as _;

impl Writer {
    pub(super) fn statement(&mut self, depth: usize) -> String {
        let mut with = String::new();
        for _ in 0..self.dice.below(3) {
            let kinds = self.kinds();
            let (name, columns) = (self.name("w"), self.columns(&kinds));
            let query = self.select(depth - 1, &kinds, &Scope::new());
            let hint = self.pick(&["", "", " materialized", " not materialized"]);
            let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
            let _ = write!(
                with,
                "{}{name}({}) as{hint} ({query})",
                if with.is_empty() { "with " } else { ", " },
                names.join(", ")
            );
            self.ctes.push((name, columns));
        }
        let kinds = self.kinds();
        let mut body = self.select(depth, &kinds, &Scope::new());
        for _ in 0..self.dice.below(3) / 2 {
            let operator =
                self.pick(&["union", "union all", "intersect", "except", "except all", "intersect all"]);
            let other = self.select(depth - 1, &kinds, &Scope::new());
            body = if self.one_in(3) {
                format!("({body}) {operator} ({other})")
            } else {
                format!("{body} {operator} {other}")
            };
        }
        let order: Vec<String> = (1..=kinds.len())
            .map(|n| {
                format!(
                    "{n}{}{}",
                    self.pick(&["", " asc", " desc"]),
                    self.pick(&["", " nulls first", " nulls last"])
                )
            })
            .collect();
        format!("{with} {body} order by {} limit {}", order.join(", "), 1 + self.dice.below(200))
    }

    pub(super) fn select(&mut self, depth: usize, kinds: &[Kind], outer: &Scope) -> String {
        let (from, scope) = self.from(depth);
        let visible: Scope = scope.iter().chain(outer).cloned().collect();
        match self.dice.below(6) {
            0 if depth > 0 => self.grouped(kinds, &from, &scope),
            1 => {
                let outputs: Vec<String> =
                    kinds.iter().map(|&kind| self.expr(kind, depth, &visible)).collect();
                format!(
                    "select distinct {} from {from} where {}",
                    outputs.join(", "),
                    self.expr(Kind::Truth, depth, &visible)
                )
            }
            _ => {
                let outputs: Vec<String> = kinds
                    .iter()
                    .map(|&kind| {
                        let value = if kind == Kind::Number && self.one_in(6) {
                            self.window(&scope)
                        } else {
                            self.expr(kind, depth, &visible)
                        };
                        let label = self.name("o");
                        format!(
                            "{value}{}",
                            self.pick(&["", &format!(" as {label}"), &format!(" as \"{label} %\""), ""])
                        )
                    })
                    .collect();
                let filter = if self.one_in(2) {
                    format!(" where {}", self.expr(Kind::Truth, depth, &visible))
                } else {
                    String::new()
                };
                format!("select {} from {from}{filter}", outputs.join(", "))
            }
        }
    }

    fn grouped(&mut self, kinds: &[Kind], from: &str, scope: &Scope) -> String {
        let keys: Vec<(Kind, String)> = (0..=self.dice.below(2))
            .map(|_| {
                let column = &scope[self.dice.below(scope.len())];
                (column.kind, format!("{}.{}", column.table, column.name))
            })
            .collect();
        let outputs: Vec<String> = kinds
            .iter()
            .map(|&kind| match keys.iter().find(|(found, _)| *found == kind) {
                Some((_, key)) if self.one_in(2) => key.clone(),
                _ => self.aggregate(kind, scope),
            })
            .collect();
        let list: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
        let list = list.join(", ");
        let group = match self.dice.below(5) {
            0 => format!("rollup ({list})"),
            1 => format!("cube ({list})"),
            2 => format!("grouping sets (({list}), ())"),
            _ => list,
        };
        let having = if self.one_in(3) {
            format!(" having {} > 1", self.aggregate(Kind::Number, scope))
        } else {
            String::new()
        };
        format!("select {} from {from} group by {group}{having}", outputs.join(", "))
    }

    fn aggregate(&mut self, kind: Kind, scope: &Scope) -> String {
        let distinct = self.pick(&["", "", "distinct "]);
        let number = self.expr(Kind::Number, 1, scope);
        let text = self.expr(Kind::Text, 1, scope);
        let filter = if self.one_in(4) {
            format!(" filter (where {})", self.expr(Kind::Truth, 0, scope))
        } else {
            String::new()
        };
        match kind {
            Kind::Number => match self.dice.below(5) {
                0 => format!("count(*){filter}"),
                1 => format!("count({distinct}{text}){filter}"),
                2 => format!("sum({distinct}{number}){filter}"),
                3 => format!("round(avg({number}), 3)"),
                _ => format!("max({number}){filter}"),
            },
            Kind::Text => match self.dice.below(2) {
                0 => format!("min({text}){filter}"),
                _ => format!("string_agg({text}, ',' order by {text}){filter}"),
            },
            Kind::Truth => format!("bool_or({}){filter}", self.expr(Kind::Truth, 1, scope)),
            Kind::Moment => format!("max({}){filter}", self.expr(Kind::Moment, 1, scope)),
            Kind::List => format!("array_agg({text} order by {text}){filter}"),
            Kind::Document => format!("jsonb_agg({text} order by {text}){filter}"),
        }
    }

    fn window(&mut self, scope: &Scope) -> String {
        let (key, by) = (self.expr(Kind::Text, 0, scope), self.expr(Kind::Number, 0, scope));
        let call = self.pick(&["count(*)", "sum(1)", "count(1)"]);
        let frame = self.pick(&[
            "",
            " rows between unbounded preceding and current row",
            " range between unbounded preceding and unbounded following",
            " groups between 1 preceding and 1 following",
        ]);
        match self.dice.below(2) {
            0 => format!(
                "{call} over (partition by {key} order by {by}{})",
                if frame.contains("rows") { "" } else { &frame }
            ),
            _ => format!("rank() over (partition by {key} order by {by})"),
        }
    }
}
