//! Lets PostgreSQL's own parser read every text that the gate prints, and compares what it finds with what the gate says.
//!
//! `differential [statements]`: all corpora and benchmarks, then so many generated statements (20,000 unless told).

#[path = "../../tests/support/grammar.rs"]
mod grammar;
mod reading;

use std::{collections::BTreeMap, env, fs, path::Path, process::ExitCode, time::Instant};

use gate::{
    Column, Kind, Offset, Policy, Recursion, Relation, SelectStar, Surface, TableFunctions, judge_and_explain,
};
use serde_json::Value;

fn main() -> ExitCode {
    let count = env::args().nth(1).map_or(Ok(20_000), |count| count.parse());
    let Ok(count) = count else {
        eprintln!("usage: differential [how many statements to generate]");
        return ExitCode::FAILURE;
    };
    let started = Instant::now();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let mut tally = Tally::default();
    for (surface, statements) in written(&tests) {
        for sql in statements {
            tally.compare(&sql, &surface);
        }
    }
    tally.say("written statements");
    let surface = surface(&tests.join("corpus/surface.json"));
    for number in 0..count {
        tally.compare(&grammar::statement(number), &surface);
    }
    tally.say("statements, the generated ones with them");
    println!("{:.0?}", started.elapsed());
    if tally.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Tally {
    judged: usize,
    admitted: usize,
    wrong: usize,
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

    fn say(&self, what: &str) {
        let Self { judged, admitted, wrong } = self;
        println!("{judged} {what}: {admitted} admitted, {wrong} read otherwise by PostgreSQL");
    }
}

/// Everything that can be opened, opened.
fn policy() -> Policy {
    let in_ext = |names: &[&str]| -> BTreeMap<String, String> {
        names.iter().map(|&name| (name.to_owned(), "ext".to_owned())).collect()
    };
    let sets = gate::allowed_functions().filter(|(_, kind)| *kind == Kind::SetReturning);
    Policy {
        select_star: SelectStar::Expand,
        offset: Offset::Allow,
        set_returning: sets.map(|(name, _)| name.to_owned()).collect(),
        table_functions: TableFunctions::Allow,
        recursion: Recursion::Bounded(50),
        extension_functions: in_ext(&["similarity", "word_similarity", "show_trgm"]),
        extension_types: in_ext(&["citext"]),
        extension_operators: in_ext(&["<%", "<=>"]),
        ..Policy::default()
    }
}

/// The statements that stand in files, with the tables that they read.
fn written(tests: &Path) -> Vec<(Surface, Vec<String>)> {
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
