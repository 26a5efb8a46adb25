//! How long a verdict takes, and how much memory: an analyst's query, long honest ones, hostile input.
//!
//! Of several rounds the quietest is told. A neighbour on the same core makes a verdict half as long again for a second or
//! two, which says nothing about the gate.
//!
//! `cargo bench -p gate`

#![allow(clippy::print_stdout, clippy::cast_precision_loss, clippy::indexing_slicing)]

use std::{
    fs,
    time::{Duration, Instant},
};

use gate::{Column, Policy, Relation, SelectStar, Surface, judge};
use serde_json::Value;

/// The program's own: a third of a verdict is memory that is asked for and given back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    println!(
        "{:<42}{:>9}{:>12}{:>12}{:>12}{:>12}{:>10}  verdict",
        "statement", "bytes", "least", "p50", "p99", "peak KiB", "target"
    );
    let table = Table { wanted: std::env::args().nth(1).filter(|arg| !arg.starts_with('-')) };
    let (surface, policy) = (surface(), Policy::default());
    for (name, sql, runs) in statements() {
        let target = if name == "an analyst's query" { "50 µs" } else { "" };
        table.row(name, &sql, runs, target, &surface, &policy);
    }
    let (surface, sql) = decision_support();
    let policy = Policy { select_star: SelectStar::Expand, ..policy };
    table.row("the longest question of TPC-DS", &sql, 500, "1.5 ms", &surface, &policy);
}

/// Rounds of one statement.
const ROUNDS: usize = 10;

struct Table {
    /// Only statements with this in their name.
    wanted: Option<String>,
}

impl Table {
    fn row(&self, name: &str, sql: &str, runs: usize, target: &str, surface: &Surface, policy: &Policy) {
        if self.wanted.as_ref().is_some_and(|wanted| !name.contains(wanted.as_str())) {
            return;
        }
        let round = |_| {
            let mut times: Vec<Duration> = (0..runs.div_ceil(ROUNDS))
                .map(|_| {
                    let start = Instant::now();
                    let verdict = judge(sql, surface, policy);
                    let time = start.elapsed();
                    drop(verdict);
                    time
                })
                .collect();
            times.sort_unstable();
            [0, 50, 99]
                .map(|percent| times.get((times.len() - 1) * percent / 100).copied().unwrap_or_default())
        };
        let quietest = (0..ROUNDS).map(round).min_by_key(|&[_, p50, _]| p50).unwrap_or_default();
        let [least, p50, p99] = quietest;
        let before = resident("VmRSS:");
        reset_peak();
        let verdict = judge(sql, surface, policy);
        let peak = resident("VmHWM:").saturating_sub(before);
        let word = verdict.as_ref().map_or_else(|refusal| refusal.reason.code(), |_| "admitted");
        println!(
            "{name:<42}{:>9}{least:>12.1?}{p50:>12.1?}{p99:>12.1?}{peak:>12}{target:>10}  {word}",
            sql.len(),
        );
    }
}

fn statements() -> Vec<(&'static str, String, usize)> {
    let mebibyte = 1 << 20;
    vec![
        ("an analyst's query", ANALYST.to_owned(), 20_000),
        ("the same, with line breaks and comments", format!("-- by city\n{ANALYST}\n/* end */"), 3_000),
        ("a point lookup", "SELECT id, name FROM customers WHERE id = 42".to_owned(), 3_000),
        ("a report of 12 parts", report(12), 500),
        ("an IN list of 5,000 numbers", in_list(5_000), 50),
        ("10,000 nested brackets", nested(10_000), 50),
        ("60 nested brackets", nested(60), 200),
        ("a sum of 20,000 terms", sum(3_000), 50),
        ("a sum of 1,900 terms", sum(1_900), 50),
        ("1,000 UNION ALL", vec!["SELECT 1"; 1_000].join(" UNION ALL "), 50),
        ("26 doubling CTEs", doubling(26), 200),
        ("1 MiB of commas", format!("SELECT {}", "1,".repeat(mebibyte / 2 - 4)), 20),
        ("1 MiB of brackets", "(".repeat(mebibyte), 20),
        ("1 MiB of letters", "a".repeat(mebibyte), 20),
        ("1 MiB of quotes", "'".repeat(mebibyte), 20),
        ("1 MiB in one literal", format!("SELECT '{}'", "x".repeat(mebibyte - 20)), 20),
        ("1 MiB of comments", "/*".repeat(mebibyte / 2), 20),
        ("1 MiB of operators", format!("SELECT 1 {}", "+".repeat(mebibyte - 20)), 20),
        ("1 MiB of dollar quotes", format!("SELECT $a${}", "$a".repeat(mebibyte / 2 - 20)), 20),
        ("5,000 members of WITH", with(5_000), 20),
        ("199 members of WITH", with(199), 20),
        ("10,000 branches of CASE", case(10_000), 20),
        ("1,000 columns and 15,000 references", wide(1_000, 15_000), 10),
        ("1,600 outputs and 1,600 sort keys", sorted(1_600), 10),
        ("nested CASE without brackets", "SELECT ".to_owned() + &"CASE WHEN 1=1 THEN ".repeat(5_000), 20),
        ("nested position()", "SELECT ".to_owned() + &"position(".repeat(60) + "1" + &")".repeat(60), 20),
        ("nested casts", format!("SELECT 1{}", "::int".repeat(1_900)), 20),
    ]
}

const ANALYST: &str = "SELECT c.city, date_trunc('month', o.placed_at) AS month, count(*) AS orders, \
    sum(i.qty * i.price) AS revenue, round(avg(o.total), 2) AS mean, \
    100.0 * count(*) FILTER (WHERE o.status = 'paid') / nullif(count(*), 0) AS paid \
    FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_items i ON i.order_id = o.id \
    WHERE o.placed_at >= now() - INTERVAL '12 months' AND o.status IN ('paid', 'shipped') AND c.city IS NOT NULL \
    GROUP BY 1, 2 HAVING count(*) > 10 ORDER BY revenue DESC LIMIT 50";

fn report(parts: usize) -> String {
    let ctes: Vec<_> = (0..parts).map(|n| format!("q{n} AS ({ANALYST})")).collect();
    format!("WITH {} SELECT q0.city FROM q0", ctes.join(", "))
}

fn in_list(numbers: usize) -> String {
    let numbers: Vec<_> = (0..numbers).map(|n| n.to_string()).collect();
    format!("SELECT id FROM orders WHERE id IN ({})", numbers.join(","))
}

fn nested(depth: usize) -> String {
    format!("SELECT {}1{}", "(".repeat(depth), ")".repeat(depth))
}

fn sum(terms: usize) -> String {
    format!("SELECT {}", vec!["1"; terms].join("+"))
}

fn doubling(ctes: usize) -> String {
    let rest: Vec<_> = (1..=ctes).map(|n| format!("a{n} AS (SELECT x || x AS x FROM a{})", n - 1)).collect();
    format!("WITH a0 AS (SELECT 'x' AS x), {} SELECT x FROM a{ctes}", rest.join(", "))
}

fn with(ctes: usize) -> String {
    let ctes: Vec<_> = (0..ctes).map(|n| format!("a{n} AS (SELECT 1 AS x)")).collect();
    format!("WITH {} SELECT x FROM a0", ctes.join(", "))
}

fn wide(columns: usize, references: usize) -> String {
    let columns: Vec<_> = (0..columns).map(|n| format!("1 AS c{n}")).collect();
    let references: Vec<_> = (0..references).map(|n| format!("c{}", n % columns.len())).collect();
    format!("SELECT 1 FROM (SELECT {}) s WHERE 1 IN ({})", columns.join(","), references.join(","))
}

fn sorted(keys: usize) -> String {
    let outputs: Vec<_> = (0..keys).map(|n| format!("{n} AS c{n}")).collect();
    let sorts: Vec<_> = (0..keys).map(|n| format!("c{}", keys - 1 - n)).collect();
    format!("SELECT {} ORDER BY {}", outputs.join(","), sorts.join(","))
}

fn case(branches: usize) -> String {
    format!("SELECT CASE {} END", "WHEN 1=1 THEN 1 ".repeat(branches))
}

/// The tables of TPC-DS, and the longest of the 99 statements over them.
fn decision_support() -> (Surface, String) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/benchmarks/tpcds");
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let statements = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .filter_map(|path| fs::read_to_string(path).ok());
    let longest = statements.max_by_key(String::len).unwrap_or_default();
    let text = fs::read_to_string(format!("{folder}/surface.json")).unwrap_or_default();
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    let relations = json["relations"].as_object().into_iter().flatten().filter_map(|(name, columns)| {
        let (schema, name) = name.split_once('.')?;
        let column =
            |(name, kind): (&String, &Value)| Column { name: name.clone(), type_name: kind.to_string() };
        let columns = columns.as_object()?.iter().map(column).collect();
        Some(Relation { schema: schema.to_owned(), name: name.to_owned(), columns })
    });
    (Surface::new(vec!["public".to_owned()], relations), longest)
}

fn surface() -> Surface {
    let relation = |name: &str, columns: &[&str]| Relation {
        schema: "public".to_owned(),
        name: name.to_owned(),
        columns: columns
            .iter()
            .map(|&name| Column { name: name.to_owned(), type_name: "text".to_owned() })
            .collect(),
    };
    Surface::new(
        vec!["public".to_owned()],
        [
            relation("customers", &["id", "name", "email", "city", "created_at"]),
            relation("orders", &["id", "customer_id", "status", "total", "placed_at", "tags", "meta"]),
            relation("order_items", &["order_id", "product_id", "qty", "price"]),
            relation("products", &["id", "sku", "title", "price"]),
        ],
    )
}

/// Linux counts for us; elsewhere the column stays at zero.
fn resident(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|rest| rest.trim().strip_suffix(" kB")).and_then(|kib| kib.parse().ok()).unwrap_or_default()
}

fn reset_peak() {
    // Where this is not possible the peak is that of the whole run: too high, never too low.
    let _ = fs::write("/proc/self/clear_refs", "5");
}
