//! Statements from a small grammar and from the corpus cut to pieces: whatever comes in, the gate keeps its laws.
//!
//! The generator is deterministic; `GENERATED` statements of each kind take a few seconds.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

#[path = "support/dice.rs"]
mod dice;
#[path = "support/laws.rs"]
mod laws;
mod support;

use std::panic::catch_unwind;

use dice::Dice;
use gate::{Policy, Surface};
use support::{lines, surface, text};

const GENERATED: u64 = 2_000;

#[test]
fn statements_of_the_grammar_keep_the_laws() {
    let surface = surface();
    let admitted =
        (0..GENERATED).filter(|&seed| keeps_the_laws(&Grammar(Dice(seed)).query(3), &surface)).count();
    assert!(admitted > 750, "the generator writes too little that is admitted: {admitted}");
}

#[test]
fn pieces_of_statements_keep_the_laws() {
    let surface = surface();
    let corpus: Vec<String> =
        [include_str!("corpus/gate_cases.jsonl"), include_str!("corpus/roundtrip_cases.jsonl")]
            .into_iter()
            .flat_map(lines)
            .map(|case| text(&case["sql"]))
            .collect();
    for seed in 0..GENERATED {
        keeps_the_laws(&mutated(&corpus, &mut Dice(seed)), &surface);
    }
}

/// No panic, and the laws. Tells whether `sql` was admitted.
#[track_caller]
fn keeps_the_laws(sql: &str, surface: &Surface) -> bool {
    let Ok(admitted) = catch_unwind(|| laws::hold(sql, surface, &Policy::default())) else {
        panic!("breaks a law: {sql:?}")
    };
    admitted
}

fn mutated(corpus: &[String], dice: &mut Dice) -> String {
    const SPLINTERS: [&str; 24] = [
        "'",
        "\"",
        "$$",
        "E'",
        "U&",
        "--",
        "/*",
        "*/",
        "(",
        ")",
        ";",
        "\\",
        ".",
        "*",
        "secrets",
        "only",
        " as ",
        "::regclass",
        "[1]",
        " union ",
        "\u{a0}",
        "case",
        "null",
        "-",
    ];
    let mut sql = dice.of(corpus).clone();
    for _ in 0..=dice.below(3) {
        let at = sql.char_indices().map(|(at, _)| at).nth(dice.below(sql.chars().count() + 1));
        let at = at.unwrap_or(sql.len());
        match dice.below(4) {
            0 => sql.insert_str(at, dice.of::<&str>(&SPLINTERS)),
            1 => sql.truncate(at),
            2 => {
                let other = dice.of(corpus);
                let tail = other.char_indices().map(|(at, _)| at).nth(dice.below(other.len() + 1));
                sql.truncate(at);
                sql.push_str(&other[tail.unwrap_or(0)..]);
            }
            _ => {
                let end = sql[at..].char_indices().map(|(end, _)| at + end).nth(dice.below(8));
                sql.replace_range(at..end.unwrap_or(sql.len()), "");
            }
        }
    }
    sql
}

impl Dice {
    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

struct Grammar(Dice);

impl Grammar {
    fn query(&mut self, depth: u64) -> String {
        let select = self.select(depth);
        match self.0.below(8) {
            0 if depth > 0 => format!("{select} union all {}", self.select(depth - 1)),
            1 if depth > 0 => format!("with w as ({}) select w.a from w", self.query(depth - 1)),
            2 => format!("{select} order by 1 desc limit {}", self.0.below(50)),
            3 => format!("{select} order by a, {}", self.expr(1)),
            _ => select,
        }
    }

    fn select(&mut self, depth: u64) -> String {
        let (value, filter) = (self.expr(depth), self.expr(depth));
        let from = match self.0.below(6) {
            0 => "customers c, lateral (select c.id as x) l".to_owned(),
            1 => "customers c join orders o using (id)".to_owned(),
            2 => "customers c left join products p on p.id = c.id".to_owned(),
            3 if depth > 0 => format!("({}) c(id)", self.query(depth - 1)),
            _ => "customers c".to_owned(),
        };
        match self.0.below(4) {
            0 => format!("select distinct {value} as a from {from}"),
            1 => format!(
                "select {value} as a, count(*) as n from {from} where {filter} is not null group by 1"
            ),
            2 => format!(
                "select {value} as a, rank() over (partition by c.id order by {filter}) as r from {from}"
            ),
            _ => format!("select {value} as a from {from} where ({filter})::text <> 'x'"),
        }
    }

    fn expr(&mut self, depth: u64) -> String {
        if depth == 0 {
            return (*self.0.of(&[
                "1",
                "-2.5",
                "'it''s'",
                "null",
                "true",
                "c.id",
                "id",
                "E'\\n'",
                "date '2024-01-01'",
                "'a\\'",
            ]))
            .to_owned();
        }
        let (left, right) = (self.expr(depth - 1), self.expr(depth - 1));
        match self.0.below(16) {
            0 => format!("{left} + {right} * {left}"),
            1 => format!("- {left} ^ {right}"),
            2 => format!("not {left} or {right} and {left}"),
            3 => format!("case when {left} then {right} else {left} end"),
            4 => format!("coalesce({left}, {right})"),
            5 => format!("lower({left}) || {right}"),
            6 => format!("({left})::text"),
            7 => format!("{left} in ({right}, 3)"),
            8 => format!("{left} between {right} and 7"),
            9 => format!("({left} is distinct from {right})"),
            10 => format!("(select {left} from orders o where o.id = c.id limit 1)"),
            11 => format!("array[{left}, {right}][1]"),
            12 => format!("extract(year from {left})"),
            13 => format!("{left} = any (array[{right}])"),
            14 => format!("~ {left} - {right}"),
            _ => format!(
                "(({left}) {} ({right}))",
                *self.0.of(&["->", "->>", "@>", "<", "=", "like", "~", "%"])
            ),
        }
    }
}
