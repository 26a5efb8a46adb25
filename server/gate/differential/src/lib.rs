//! Lets PostgreSQL's own parser read every text that the gate prints, and compares what it finds with what the gate says.

#[path = "../../tests/support/grammar/mod.rs"]
mod grammar;
#[path = "../../tests/support/opened.rs"]
mod opened;
mod reading;

use std::{
    fmt, fs,
    ops::{AddAssign, Range},
    path::{Path, PathBuf},
};

use gate::{Column, Policy, Relation, Surface, judge_and_explain};
use serde_json::Value;

pub use reading::compare;

/// All corpora and benchmarks.
#[must_use]
pub fn written() -> Tally {
    let mut tally = Tally::default();
    for (surface, statements) in files(&tests()) {
        for sql in statements {
            tally.compare(&sql, &surface);
        }
    }
    tally
}

/// The statements of the generator with these numbers.
#[must_use]
pub fn generated(numbers: Range<u64>) -> Tally {
    let surface = shop();
    let mut tally = Tally::default();
    for number in numbers {
        tally.compare(&grammar::statement(number), &surface);
    }
    tally
}

/// The tables that the generator writes about.
#[must_use]
pub fn shop() -> Surface {
    surface(&tests().join("corpus/surface.json"))
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

/// What came of it.
#[derive(Default)]
pub struct Tally {
    pub judged: usize,
    pub admitted: usize,
    /// Those that PostgreSQL reads otherwise, or that the gate could not prove.
    pub wrong: usize,
}

impl Tally {
    fn compare(&mut self, sql: &str, surface: &Surface) {
        self.judged += 1;
        match judge_and_explain(sql, surface, &policy()) {
            Ok((admitted, meaning)) => {
                self.admitted += 1;
                if let Err(difference) = reading::compare(&admitted, &meaning) {
                    self.fail(sql, &format!("{difference}\n{}", admitted.text()));
                }
            }
            Err(refusal) if refusal.is_our_fault() => self.fail(sql, &refusal.to_string()),
            Err(_) => {}
        }
    }

    fn fail(&mut self, sql: &str, difference: &str) {
        self.wrong += 1;
        if self.wrong <= 20 {
            println!("--- {sql}\n{difference}\n");
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        let Self { judged, admitted, wrong } = other;
        self.judged += judged;
        self.admitted += admitted;
        self.wrong += wrong;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { judged, admitted, wrong } = self;
        write!(f, "{judged} statements, {admitted} admitted, {wrong} read otherwise by PostgreSQL")
    }
}

/// Everything that can be opened, opened.
#[must_use]
pub fn policy() -> Policy {
    opened::open()
}

/// The statements that stand in files, with the tables that they read.
fn files(tests: &Path) -> Vec<(Surface, Vec<String>)> {
    let corpus = |file: &str| -> Vec<String> {
        let text = fs::read_to_string(tests.join("corpus").join(file)).unwrap_or_default();
        let cases = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        cases.filter_map(|case| case["sql"].as_str().map(str::to_owned)).collect()
    };
    let shop = ["gate_cases.jsonl", "roundtrip_cases.jsonl", "breadth.jsonl", "precedence.jsonl"];
    let mut all = vec![
        (surface(&tests.join("corpus/surface.json")), shop.into_iter().flat_map(corpus).collect()),
        (surface(&tests.join("corpus/retail_surface.json")), corpus("retail.jsonl")),
    ];
    for name in ["tpch", "tpcds", "rides"] {
        let folder = tests.join("benchmarks").join(name);
        let files = fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let texts = files
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .filter_map(|path| fs::read_to_string(path).ok());
        let statements = texts.flat_map(|text| text.split(";\n").map(str::to_owned).collect::<Vec<_>>());
        all.push((surface(&folder.join("surface.json")), statements.collect()));
    }
    all
}

fn surface(path: &Path) -> Surface {
    let text = fs::read_to_string(path).unwrap_or_default();
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    let relations = json["relations"].as_object().into_iter().flatten().filter_map(|(name, columns)| {
        let (schema, name) = name.split_once('.')?;
        let column =
            |(name, kind): (&String, &Value)| Column { name: name.clone(), type_name: kind.to_string() };
        let columns = columns.as_object()?.iter().map(column).collect();
        Some(Relation { schema: schema.to_owned(), name: name.to_owned(), columns })
    });
    Surface::new(vec!["public".to_owned()], relations)
}
