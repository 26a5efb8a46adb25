//! A generator of statements that PostgreSQL mostly accepts: every expression has a type, every name a source.
//!
//! It is the same everywhere and always, so that a number names a statement.

#![allow(dead_code)]

use std::fmt::Write;

/// The statement of this number.
pub(crate) fn statement(number: u64) -> String {
    let mut writer = Writer { dice: Dice(number.wrapping_mul(0x9e37_79b9)), names: 0, ctes: Vec::new() };
    let depth = 1 + writer.dice.below(3);
    writer.statement(depth)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Truth,
    Moment,
    List,
    Document,
}

const KINDS: [Kind; 6] = [Kind::Number, Kind::Text, Kind::Truth, Kind::Moment, Kind::List, Kind::Document];

#[derive(Clone)]
struct Column {
    table: String,
    name: String,
    kind: Kind,
}

type Scope = Vec<Column>;

const TABLES: [(&str, &[(&str, Kind)]); 4] = [
    (
        "customers",
        &[
            ("id", Kind::Number),
            ("name", Kind::Text),
            ("email", Kind::Text),
            ("city", Kind::Text),
            ("created_at", Kind::Moment),
        ],
    ),
    (
        "orders",
        &[
            ("id", Kind::Number),
            ("customer_id", Kind::Number),
            ("status", Kind::Text),
            ("total", Kind::Number),
            ("placed_at", Kind::Moment),
            ("tags", Kind::List),
            ("meta", Kind::Document),
        ],
    ),
    (
        "order_items",
        &[
            ("order_id", Kind::Number),
            ("product_id", Kind::Number),
            ("qty", Kind::Number),
            ("price", Kind::Number),
        ],
    ),
    (
        "products",
        &[("id", Kind::Number), ("sku", Kind::Text), ("title", Kind::Text), ("price", Kind::Number)],
    ),
];

struct Writer {
    dice: Dice,
    names: usize,
    /// Members of `WITH` and their columns.
    ctes: Vec<(String, Vec<(String, Kind)>)>,
}

impl Writer {
    fn statement(&mut self, depth: usize) -> String {
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

    fn kinds(&mut self) -> Vec<Kind> {
        (0..=self.dice.below(3)).map(|_| KINDS[self.dice.below(5)]).collect()
    }

    fn columns(&mut self, kinds: &[Kind]) -> Vec<(String, Kind)> {
        kinds.iter().map(|&kind| (self.name("c"), kind)).collect()
    }

    fn select(&mut self, depth: usize, kinds: &[Kind], outer: &Scope) -> String {
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

    fn from(&mut self, depth: usize) -> (String, Scope) {
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
                    let _ = write!(text, " {kind} {other} on {}", number);
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

    fn column(&mut self, kind: Kind, scope: &Scope) -> Option<String> {
        let fitting: Vec<&Column> = scope.iter().filter(|column| column.kind == kind).collect();
        (!fitting.is_empty()).then(|| {
            let column = fitting[self.dice.below(fitting.len())];
            format!("{}.{}", column.table, column.name)
        })
    }

    fn expr(&mut self, kind: Kind, depth: usize, scope: &Scope) -> String {
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
        let mut of = |kind| self.expr(kind, depth - 1, scope);
        match kind {
            Kind::Number => {
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
            Kind::Text => {
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
            Kind::Truth => {
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
            Kind::Moment => {
                let m = of(Kind::Moment);
                match self.dice.below(4) {
                    0 => format!("date_trunc('month', {m})"),
                    1 => format!("{m} + interval '3' day"),
                    2 => format!("({m} - interval '90 minutes')"),
                    _ => format!("greatest({m}, timestamptz '2024-01-05 10:00+00')"),
                }
            }
            Kind::List => {
                let (l, t) = (of(Kind::List), of(Kind::Text));
                match self.dice.below(4) {
                    0 => format!("{l} || {t}"),
                    1 => format!("array[{t}, 'z']"),
                    2 => format!("({l})[1:2]"),
                    _ => format!("array_remove({l}, {t})"),
                }
            }
            Kind::Document => {
                let (d, t, n) = (of(Kind::Document), of(Kind::Text), of(Kind::Number));
                match self.dice.below(4) {
                    0 => format!("jsonb_build_object('k', {t}, 'n', {n})"),
                    1 => format!("{d} -> 'k'"),
                    2 => format!("to_jsonb({t})"),
                    _ => format!("({d} || '{{\"k\": \"v\"}}'::jsonb)"),
                }
            }
        }
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

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn pick(&mut self, choices: &[&str]) -> String {
        choices[self.dice.below(choices.len())].to_owned()
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.dice.below(sides) == 0
    }
}

/// A generator of numbers that is the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // The upper half, so that nothing is cut off on any machine.
        (z >> 33) as usize % sides.max(1)
    }
}
