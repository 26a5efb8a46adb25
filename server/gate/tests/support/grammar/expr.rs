//! Expressions, by the kind of value that they have.

use super::{Column, Kind, Scope, Writer};

impl Writer {
    pub(super) fn expr(&mut self, kind: Kind, depth: usize, scope: &Scope) -> String {
        if depth == 0 || self.one_in(4) {
            return match self.column(kind, scope) {
                Some(column) if !self.one_in(4) => column,
                _ => self.literal(kind),
            };
        }
        if self.one_in(9) {
            let (if_, then, else_) = (
                self.expr(Kind::Truth, depth - 1, scope),
                self.expr(kind, depth - 1, scope),
                self.expr(kind, depth - 1, scope),
            );
            return match self.dice.below(3) {
                0 => format!("case when {if_} then {then} else {else_} end"),
                1 => format!("coalesce({then}, {else_})"),
                _ => format!("case {if_} when true then {then} end"),
            };
        }
        match kind {
            Kind::Number => self.number(depth, scope),
            Kind::Text => self.text(depth, scope),
            Kind::Truth => self.truth(depth, scope),
            Kind::Moment => self.moment(depth, scope),
            Kind::List => self.list(depth, scope),
            Kind::Document => self.document(depth, scope),
        }
    }

    fn number(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let (a, b, t, m) = (of(Kind::Number), of(Kind::Number), of(Kind::Text), of(Kind::Moment));
        match self.dice.below(14) {
            0 => format!("{a} + {b}"),
            1 => format!("{a} - {b} * 2"),
            2 => format!("- {a}"),
            3 => format!("({a} + 1) * {b}"),
            4 => format!("length({t})"),
            5 => format!("round({a}::numeric, 2)"),
            6 => format!("abs({a}) % 7"),
            7 => format!("extract(year from {m})"),
            8 => format!("cast({a} as numeric(20, 4))"),
            9 => format!("greatest({a}, {b}, 3)"),
            10 => format!("nullif({a}, {b})"),
            11 => format!("position('a' in {t})"),
            12 => {
                let inner = self.select(depth - 1, &[Kind::Number], scope);
                format!("(select max(q.x) from ({inner}) q(x))")
            }
            _ => format!("({a} / nullif({b}, 0))::numeric(20, 3)"),
        }
    }

    fn text(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let (a, b, n, m, d) =
            (of(Kind::Text), of(Kind::Text), of(Kind::Number), of(Kind::Moment), of(Kind::Document));
        match self.dice.below(12) {
            0 => format!("lower({a}) || {b}"),
            1 => format!("upper({a})"),
            2 => format!("substring({a} from 2 for 3)"),
            3 => format!("trim(both 'x' from {a})"),
            4 => format!("replace({a}, 'a', 'b')"),
            5 => format!("({n})::text"),
            6 => format!("{d} ->> 'k'"),
            7 => format!("to_char({m}, 'YYYY-MM')"),
            8 => format!("concat({a}, '-', {b})"),
            9 => format!("split_part({a}, '@', 1)"),
            10 => format!("(left({a}, 3) collate \"C\")"),
            _ => format!("overlay({a} placing {b} from 2 for 1)"),
        }
    }

    fn truth(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let (a, b, t, u) = (of(Kind::Number), of(Kind::Number), of(Kind::Text), of(Kind::Text));
        let (p, q, l, m) = (of(Kind::Truth), of(Kind::Truth), of(Kind::List), of(Kind::Moment));
        match self.dice.below(18) {
            0 => format!("{a} < {b}"),
            1 => format!("{t} = {u}"),
            2 => format!("{p} and {q}"),
            3 => format!("({p} or not {q})"),
            4 => format!("{a} is null"),
            5 => format!("{t} is distinct from {u}"),
            6 => format!("{t} like '%a\\_%'"),
            7 => format!("{t} not ilike {u} || '%'"),
            8 => format!("{a} between {b} and 50"),
            9 => format!("{a} in (1, 2, {b})"),
            10 => format!("{t} = any ({l})"),
            11 => format!("({p}) is not true"),
            12 => format!("{m} >= date '2024-02-01' - interval '1 month'"),
            13 => format!("({a}, {t}) >= ({b}, {u})"),
            14 => format!("{t} ~ '^[a-m]'"),
            15 => format!("exists ({})", self.select(depth - 1, &[Kind::Number], scope)),
            16 => format!("{a} not in ({})", self.select(depth - 1, &[Kind::Number], scope)),
            _ => format!("{t} similar to '(a|b)%'"),
        }
    }

    fn moment(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let m = of(Kind::Moment);
        match self.dice.below(4) {
            0 => format!("date_trunc('month', {m})"),
            1 => format!("{m} + interval '3' day"),
            2 => format!("({m} - interval '90 minutes')"),
            _ => format!("greatest({m}, timestamptz '2024-01-05 10:00+00')"),
        }
    }

    fn list(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let (l, t) = (of(Kind::List), of(Kind::Text));
        match self.dice.below(4) {
            0 => format!("{l} || {t}"),
            1 => format!("array[{t}, 'z']"),
            2 => format!("({l})[1:2]"),
            _ => format!("array_remove({l}, {t})"),
        }
    }

    fn document(&mut self, depth: usize, scope: &Scope) -> String {
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        let (d, t, n) = (of(Kind::Document), of(Kind::Text), of(Kind::Number));
        match self.dice.below(4) {
            0 => format!("jsonb_build_object('k', {t}, 'n', {n})"),
            1 => format!("{d} -> 'k'"),
            2 => format!("to_jsonb({t})"),
            _ => format!("({d} || '{{\"k\": \"v\"}}'::jsonb)"),
        }
    }

    pub(super) fn column(&mut self, kind: Kind, scope: &Scope) -> Option<String> {
        let fitting: Vec<&Column> = scope.iter().filter(|column| column.kind == kind).collect();
        (!fitting.is_empty()).then(|| {
            let column = fitting[self.dice.below(fitting.len())];
            format!("{}.{}", column.table, column.name)
        })
    }

    fn literal(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Number => self.pick(&["0", "1", "-2", "3.50", "1e2", "42", "- - 7"]),
            Kind::Text => self.pick(&[
                "'a'::text",
                "text 'it''s'",
                "E'tab\\t\\\\'::text",
                "$$dollar$$::text",
                "text 'größe -- /*'",
                "cast('\\' as text)",
                "''::text",
            ]),
            Kind::Truth => self.pick(&["true", "false", "null::boolean", "1 = 1"]),
            Kind::Moment => self.pick(&[
                "timestamptz '2024-03-01 12:00+00'",
                "'2024-01-15 00:00+00'::timestamptz",
                "null::timestamptz",
            ]),
            Kind::List => self.pick(&["array['a', 'b']", "'{x,y}'::text[]", "array[]::text[]"]),
            Kind::Document => {
                self.pick(&["'{\"k\": \"v\", \"n\": [1, 2]}'::jsonb", "jsonb '[]'", "null::jsonb"])
            }
        }
    }
}
