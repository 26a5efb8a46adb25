//! A generator of statements that PostgreSQL mostly accepts: every expression has a type, every name a source.
//!
//! It is the same everywhere and always, so that a number names a statement.

#![allow(dead_code)]

#[path = "../dice.rs"]
mod dice;
mod expr;
mod query;
mod source;

use dice::Dice;

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
    fn kinds(&mut self) -> Vec<Kind> {
        (0..=self.dice.below(3)).map(|_| KINDS[self.dice.below(5)]).collect()
    }

    fn columns(&mut self, kinds: &[Kind]) -> Vec<(String, Kind)> {
        kinds.iter().map(|&kind| (self.name("c"), kind)).collect()
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
