//! What a statement reads: tables, members of `WITH`, subqueries and values, joined.

use super::{Column, Kind, Scope, TABLES, Writer};
use std::fmt::Write as _;

impl Writer {
    pub(super) fn from(&mut self, depth: usize) -> (String, Scope) {
        let (mut text, mut scope) = self.source(depth, &Scope::new());
        for _ in 0..self.dice.below(3) / 2 + usize::from(self.one_in(4)) {
            let (other, columns) = self.source(depth, &scope);
            match self.dice.below(4) {
                0 => {
                    scope.extend(columns);
                    let _ = write!(text, " cross join {other}");
                }
                _ if other.starts_with("lateral") => {
                    scope.extend(columns);
                    let _ = write!(text, " left join {other} on true");
                }
                _ => {
                    scope.extend(columns);
                    let number = self.numbers(&scope);
                    let kind = self.pick(&["join", "left join", "inner join"]);
                    let _ = write!(text, " {kind} {other} on {number}");
                }
            }
        }
        (text, scope)
    }

    fn numbers(&mut self, scope: &Scope) -> String {
        let (left, right) = (self.column(Kind::Number, scope), self.column(Kind::Number, scope));
        format!("{} = {}", left.unwrap_or("1".into()), right.unwrap_or("1".into()))
    }

    fn source(&mut self, depth: usize, before: &Scope) -> (String, Scope) {
        let alias = self.name("t");
        let sourced = |columns: &[(String, Kind)]| {
            columns
                .iter()
                .map(|(name, kind)| Column { table: alias.clone(), name: name.clone(), kind: *kind })
                .collect()
        };
        match self.dice.below(7) {
            0 if depth > 0 => {
                let kinds = self.kinds();
                let columns = self.columns(&kinds);
                let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
                let lateral = !before.is_empty() && self.one_in(2);
                let outer = if lateral { before.clone() } else { Scope::new() };
                let query = self.select(depth - 1, &kinds, &outer);
                let word = if lateral { "lateral " } else { "" };
                (
                    format!("{word}({query}) {}{alias}({})", self.pick(&["", "as "]), names.join(", ")),
                    sourced(&columns),
                )
            }
            1 if !self.ctes.is_empty() => {
                let (name, columns) = self.ctes[self.dice.below(self.ctes.len())].clone();
                (format!("{name} {alias}"), sourced(&columns))
            }
            2 => (
                format!("(values (1, 'a'), (2, 'b'), (null, 'c')) {alias}(n, x)"),
                sourced(&[("n".into(), Kind::Number), ("x".into(), Kind::Text)]),
            ),
            _ => {
                let (name, columns) = TABLES[self.dice.below(TABLES.len())];
                let columns: Vec<_> = columns.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect();
                (format!("{}{name} {alias}", self.pick(&["", "public."])), sourced(&columns))
            }
        }
    }
}
