//! What is taken away as a file is what the record holds.

use crate::world::{Made, World};
use serde_json::Value;
use server::flow::export::{Export, Format, NotExported, Wanted};
use server::flow::people;
use server::model::review::{CallFilter, DenialFilter, EventFilter};
use sqlx::AssertSqlSafe;
use time::Duration;

impl World {
    async fn begin_export(&self, filter: &CallFilter, format: Format) -> Result<Export, NotExported> {
        let person = people::find(&self.house.portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
        Export::begin(&self.house.portcullis, &person, Wanted::Calls(filter.clone()), format).await
    }

    async fn export(&self, filter: &CallFilter, format: Format) -> String {
        let mut export = self.begin_export(filter, format).await.unwrap();
        let mut whole = String::new();
        while let Some(piece) = export.piece().await.unwrap() {
            whole.push_str(&piece);
        }
        whole
    }

    /// The same calls, as PostgreSQL writes them.
    async fn recorded(&self, condition: &str) -> Vec<Value> {
        let sql = format!(
            "select to_jsonb(call) from (select a.id, a.sql, a.arguments, client, user_agent, host(ip) as ip, \
             coalesce(decision, 'unfinished') as decision, reason, canonical_sql, executed_sql, relations, functions, \
             row_count, byte_count, truncated, duration_us, error from portcullis.attempts a \
             left join portcullis.outcomes on attempt_id = id) call where {condition} order by id desc"
        );
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&self.house.store).await.unwrap()
    }
}

#[tokio::test]
async fn lines_of_json_hold_what_the_record_holds() {
    let world = World::new().await;
    world.chance(4_000).await;
    world.later(Duration::minutes(11));
    world.index().await;
    for (filter, condition) in [
        (CallFilter::default(), "true"),
        (
            CallFilter { reason: Some("select_star".to_owned()), ..CallFilter::default() },
            "reason = 'select_star'",
        ),
        (CallFilter { text: Some("note_7".to_owned()), ..CallFilter::default() }, r"lower(sql) ~ '\mnote_7'"),
        (CallFilter { tool: Some("none".to_owned()), ..CallFilter::default() }, "false"),
    ] {
        let exported = world.export(&filter, Format::Ndjson).await;
        let exported: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let recorded = world.recorded(condition).await;
        assert_eq!(exported.len(), recorded.len(), "{condition}");
        for (exported, recorded) in exported.iter().zip(&recorded) {
            for (name, value) in recorded.as_object().unwrap() {
                assert_eq!(&exported[name], value, "{name} of {exported}");
            }
        }
    }
}

#[tokio::test]
async fn a_spreadsheet_gets_text_and_nothing_else() {
    let world = World::new().await;
    let statements = [
        "select 'a \"quoted\" word', 'it''s'",
        "select 1,\n  2\r\n, 3",
        "=cmd|' /C calc'!A0",
        "+1",
        "-- a comment\nselect 1",
        "@sum(1)",
        "\tselect 1",
        "\rselect 1",
        "",
        "select 'Zürich 🦀'",
    ];
    for (n, sql) in statements.iter().enumerate() {
        let at = world.now() + Duration::milliseconds(n as i64);
        world.make(&Made { at, sql: Some(sql), tool: "run_query", outcome: Some(("allowed", None)) }).await;
    }
    world.later(Duration::seconds(1));
    let csv = world.export(&CallFilter::default(), Format::Csv).await;
    let table = read_csv(&csv);
    let column = table[0].iter().position(|name| name == "sql").unwrap();
    let exported: Vec<&str> = table[1..].iter().rev().map(|line| line[column].as_str()).collect();
    let defused = statements.map(|sql| {
        if sql.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{sql}") } else { sql.to_owned() }
    });
    assert_eq!(exported, defused);
    assert!(table.iter().all(|line| line.len() == table[0].len()));
    let whole = world.export(&CallFilter::default(), Format::Ndjson).await;
    for (line, object) in table[1..].iter().zip(whole.lines()) {
        let object: Value = serde_json::from_str(object).unwrap();
        for (name, cell) in table[0].iter().zip(line) {
            let expected = match &object[name] {
                Value::String(text) if name == "sql" => {
                    assert!(cell == text || cell.strip_prefix('\'') == Some(text), "{cell}");
                    continue;
                }
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                other => other.to_string(),
            };
            assert_eq!(cell, &expected, "{name}");
        }
    }
}

#[tokio::test]
async fn denials_and_events_can_be_taken_away_too() {
    let world = World::new().await;
    world.denials(2_500).await;
    let person = people::find(&world.house.portcullis, &"demo".parse().unwrap()).await.unwrap().unwrap();
    let denials = DenialFilter { reason: Some("no_mfa".to_owned()), ..DenialFilter::default() };
    for (wanted, sql) in [
        (
            Wanted::Denials(DenialFilter::default()),
            "select id::text from portcullis.denials order by id desc",
        ),
        (
            Wanted::Denials(denials),
            "select id::text from portcullis.denials where reason = 'no_mfa' order by id desc",
        ),
        (
            Wanted::Events(EventFilter::default()),
            "select id::text from portcullis.events where kind <> 'record_exported' or detail ->> 'what' <> 'events' \
             order by id desc",
        ),
    ] {
        let mut export =
            Export::begin(&world.house.portcullis, &person, wanted, Format::Ndjson).await.unwrap();
        let mut whole = String::new();
        while let Some(piece) = export.piece().await.unwrap() {
            whole.push_str(&piece);
        }
        let mut exported: Vec<String> = whole
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|row| row["detail"]["what"] != "events")
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect();
        let recorded: Vec<String> = sqlx::query_scalar(sql).fetch_all(&world.house.store).await.unwrap();
        assert_eq!(exported, recorded, "{sql}");
        exported.dedup();
        assert_eq!(exported.len(), recorded.len());
    }
}

#[tokio::test]
async fn who_took_what_goes_on_record() {
    let world = World::new().await;
    let filter = CallFilter { relation: Some("public.orders".to_owned()), ..CallFilter::default() };
    world.export(&filter, Format::Csv).await;
    let sql = "select actor, detail from portcullis.events where kind = 'record_exported'";
    let (actor, detail): (String, Value) = sqlx::query_as(sql).fetch_one(&world.house.store).await.unwrap();
    let expected =
        serde_json::json!({ "format": "csv", "what": "queries", "filter": { "relation": "public.orders" } });
    assert_eq!((actor.as_str(), detail), ("demo", expected));
}

#[tokio::test]
async fn an_index_that_is_behind_gives_no_export_with_gaps() {
    let world = World::new().await;
    world.chance(2_000).await;
    let begun = world.begin_export(&CallFilter::default(), Format::Csv).await;
    assert!(matches!(begun, Err(NotExported::Behind(_))));
    assert_eq!(world.house.count("events where kind = 'record_exported'").await, 0);
    world.index().await;
    assert!(world.begin_export(&CallFilter::default(), Format::Csv).await.is_ok());
}

#[tokio::test]
async fn large_statements_come_in_pieces_of_bounded_size() {
    let world = World::new().await;
    let long = format!("select '{}'", "x".repeat(400_000));
    for n in 0..12 {
        let at = world.now() + Duration::milliseconds(n);
        world.make(&Made { at, sql: Some(&long), tool: "run_query", outcome: Some(("allowed", None)) }).await;
    }
    world.later(Duration::seconds(1));
    let mut export = world.begin_export(&CallFilter::default(), Format::Ndjson).await.unwrap();
    let (mut pieces, mut lines) = (0, 0);
    while let Some(piece) = export.piece().await.unwrap() {
        assert!(piece.len() < 2 << 20, "{} bytes", piece.len());
        pieces += 1;
        lines += piece.lines().count();
    }
    assert_eq!((pieces, lines), (6, 12));
}

/// RFC 4180, strictly.
fn read_csv(text: &str) -> Vec<Vec<String>> {
    let (mut table, mut line, mut rest) = (Vec::new(), Vec::new(), text);
    while !rest.is_empty() {
        let cell = if let Some(mut quoted) = rest.strip_prefix('"') {
            let mut cell = String::new();
            loop {
                let (inside, after) = quoted.split_once('"').expect("a quote is closed");
                cell.push_str(inside);
                quoted = after;
                match quoted.strip_prefix('"') {
                    Some(after) => {
                        cell.push('"');
                        quoted = after;
                    }
                    None => break,
                }
            }
            rest = quoted;
            cell
        } else {
            let end = rest.find([',', '\r']).expect("a line ends");
            let (cell, after) = rest.split_at(end);
            assert!(!cell.contains(['"', '\n']), "{cell}");
            rest = after;
            cell.to_owned()
        };
        line.push(cell);
        if let Some(after) = rest.strip_prefix("\r\n") {
            table.push(std::mem::take(&mut line));
            rest = after;
        } else {
            rest = rest.strip_prefix(',').expect("a comma stands between cells");
        }
    }
    assert!(line.is_empty(), "the last line does not end");
    table
}
