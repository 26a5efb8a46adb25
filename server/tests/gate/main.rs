//! The gate against PostgreSQL's own reading: what it claims of a statement is what the server finds in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod generated;
mod questions;

use gate::{Admitted, Column, Kind, Policy, Relation, Surface, allowed_functions, judge};
use serde_json::Value;
use server::embedded::Cluster;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};
use std::collections::BTreeSet;

const CASES: &str = include_str!("../../gate/tests/corpus/gate_cases.jsonl");
const ROUND_TRIPS: &str = include_str!("../../gate/tests/corpus/roundtrip_cases.jsonl");
const SURFACE: &str = include_str!("../../gate/tests/corpus/surface.json");

fn surface() -> Surface {
    surface_of(&serde_json::from_str(SURFACE).unwrap())
}

fn surface_of(json: &Value) -> Surface {
    let relations = json["relations"].as_object().unwrap().iter().map(|(name, columns)| {
        let (schema, name) = name.split_once('.').unwrap();
        let columns = columns.as_object().unwrap().iter();
        let columns = columns
            .map(|(name, kind)| Column { name: name.clone(), type_name: kind.as_str().unwrap().to_owned() });
        Relation { schema: schema.to_owned(), name: name.to_owned(), columns: columns.collect() }
    });
    Surface::new(vec!["public".to_owned()], relations)
}

fn admitted(corpus: &str) -> Vec<(String, String, Admitted)> {
    let surface = surface();
    let cases = corpus.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let judged = cases.filter_map(|case| {
        let sql = case["sql"].as_str().unwrap().to_owned();
        let admitted = judge(&sql, &surface, &Policy::default()).ok()?;
        Some((case["id"].as_str().unwrap().to_owned(), sql, admitted))
    });
    judged.collect()
}

/// A database with the relations of the surface, a few rows in them, and one that is not for agents.
async fn database(name: &str) -> PgConnection {
    let cluster = Cluster::shared().await.unwrap();
    let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
    root.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
    let mut database = PgConnection::connect(&cluster.superuser_url(name)).await.unwrap();
    for relation in surface().relations() {
        let columns: Vec<String> =
            relation.columns.iter().map(|c| format!("\"{}\" {}", c.name, c.type_name)).collect();
        let create = format!("create table {}.{} ({})", relation.schema, relation.name, columns.join(", "));
        database.execute(AssertSqlSafe(create)).await.unwrap();
    }
    let fill = "
        create table public.secrets (id bigint, token text);
        insert into public.secrets values (1, 's3cr3t-1');
        insert into public.customers select n, 'Name ' || n, 'u' || n || '@example.com', (array['Berlin', 'Paris'])[1 + n % 2],
            timestamptz '2024-01-01' + n * interval '1 day' from generate_series(1, 20) as n;
        insert into public.orders select n, 1 + n % 20, (array['new', 'paid', 'shipped'])[1 + n % 3], n * 7.25,
            timestamptz '2024-02-01' + n * interval '1 hour', array['a', 'b' || n % 3], jsonb_build_object('src', 'web', 'n', n, 'items', jsonb_build_array(n, 9))
            from generate_series(1, 60) as n;
        insert into public.products select n, 'S' || n, 'Title ' || n, n * 1.5 from generate_series(1, 10) as n;
        insert into public.order_items select n, 1 + n % 10, n % 5, n * 2.5 from generate_series(1, 60) as n;
        set search_path = pg_catalog;
    ";
    database.execute(sqlx::raw_sql(fill)).await.unwrap();
    database
}

/// The relations and the functions that PostgreSQL finds in a statement: it keeps the parse tree of a view.
async fn reading(
    database: &mut PgConnection,
    admitted: &Admitted,
) -> Result<(BTreeSet<String>, BTreeSet<String>), sqlx::Error> {
    let mut transaction = database.begin().await?;
    // As a subquery, because a view itself can neither have two columns of a name nor a record in one.
    let create = format!("create view public.reading as select 1 as one from ({}) as q", admitted.text());
    transaction.execute(AssertSqlSafe(create)).await?;
    let tree: String = sqlx::query_scalar(
        "select ev_action::text from pg_rewrite where ev_class = 'public.reading'::regclass",
    )
    .fetch_one(&mut *transaction)
    .await?;
    let relations = names(
        &mut transaction,
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where c.oid = any($1) and c.oid <> 'public.reading'::regclass",
        numbers(&tree, ":relid "),
    )
    .await?;
    // A cast is a call as well, told apart by its format: 0 a call, 1 and 2 casts, 3 a form of the grammar.
    let calls = tree.split("{FUNCEXPR ").skip(1).filter(|call| {
        let format = call.split(":funcformat ").nth(1).unwrap_or("");
        format.starts_with('0') || format.starts_with('3')
    });
    let mut functions: Vec<i64> =
        calls.flat_map(|call| numbers(call, ":funcid ").into_iter().take(1)).collect();
    functions.extend(numbers(&tree, ":aggfnoid "));
    functions.extend(numbers(&tree, ":winfnoid "));
    let functions =
        names(&mut transaction, "select proname::text from pg_proc where oid = any($1)", functions).await?;
    transaction.rollback().await?;
    Ok((relations, functions))
}

fn numbers(tree: &str, key: &str) -> Vec<i64> {
    let ends = |text: &str| text.split([' ', ')', '}']).next().unwrap_or("").parse().ok();
    tree.split(key).skip(1).filter_map(ends).collect()
}

async fn names(
    database: &mut PgConnection,
    sql: &'static str,
    oids: Vec<i64>,
) -> Result<BTreeSet<String>, sqlx::Error> {
    Ok(sqlx::query_scalar::<_, String>(sql).bind(oids).fetch_all(database).await?.into_iter().collect())
}

/// What PostgreSQL's grammar calls by itself, for `like ... escape` and `similar to`.
const GRAMMAR: &[&str] = &["like_escape", "similar_to_escape"];

#[tokio::test]
async fn postgresql_reads_the_relations_and_functions_that_the_gate_claims() {
    let mut database = database("gate_reading").await;
    let cases = admitted(CASES);
    let mut compared = 0;
    for (id, sql, admitted) in &cases {
        let (relations, functions) = match reading(&mut database, admitted).await {
            Ok(reading) => reading,
            // Functions of later versions than this server's.
            Err(error) if code(&error) == "42883" => continue,
            Err(error) => panic!("{id}: {sql}\n{}\n{error}", admitted.text()),
        };
        let claimed: BTreeSet<String> = admitted.relations().iter().map(ToString::to_string).collect();
        assert_eq!(relations, claimed, "{id}: {sql}\n{}", admitted.text());
        let claimed: BTreeSet<String> = admitted.functions().iter().cloned().collect();
        let called: BTreeSet<String> =
            functions.into_iter().filter(|name| !GRAMMAR.contains(&name.as_str())).collect();
        assert_eq!(called, claimed, "{id}: {sql}\n{}", admitted.text());
        compared += 1;
    }
    println!("{compared} of {} admitted statements read by PostgreSQL as the gate claims", cases.len());
    assert!(compared > 130, "only {compared}");
}

#[tokio::test]
async fn the_printed_text_gives_the_rows_of_the_original() {
    let mut database = database("gate_rows").await;
    let mut compared = 0;
    for (id, sql, admitted) in admitted(CASES).into_iter().chain(admitted(ROUND_TRIPS)) {
        if ["random()", "clock_timestamp", "now()", "current_timestamp"]
            .iter()
            .any(|clock| sql.contains(clock))
        {
            continue;
        }
        let printed = rows(&mut database, "pg_catalog", admitted.text()).await;
        let original = rows(&mut database, "public, pg_catalog", sql.trim().trim_end_matches(';')).await;
        match (printed, original) {
            (Ok(printed), Ok(original)) => assert_eq!(printed, original, "{id}: {sql}\n{}", admitted.text()),
            (Err(printed), Err(original)) => assert_eq!(code(&printed), code(&original), "{id}: {sql}"),
            (printed, original) => panic!("{id}: {sql}\n{}\n{printed:?}\n{original:?}", admitted.text()),
        }
        compared += 1;
    }
    println!("{compared} statements gave the rows of their original");
    assert!(compared > 130, "only {compared}");
}

/// The rows of a statement as PostgreSQL writes them, in whatever order, read through the simple protocol.
async fn rows(
    database: &mut PgConnection,
    path: &'static str,
    sql: &str,
) -> Result<Vec<Vec<Option<String>>>, sqlx::Error> {
    let mut transaction = database.begin().await?;
    sqlx::query("select set_config('search_path', $1, true)").bind(path).execute(&mut *transaction).await?;
    let found = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut *transaction).await?;
    transaction.rollback().await?;
    let text = |row: &sqlx::postgres::PgRow, n| {
        row.try_get_raw(n).ok().and_then(|value| value.as_str().ok().map(str::to_owned))
    };
    let mut rows: Vec<Vec<Option<String>>> =
        found.iter().map(|row| (0..row.len()).map(|n| text(row, n)).collect()).collect();
    rows.sort();
    Ok(rows)
}

fn code(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .and_then(|error| error.code().map(std::borrow::Cow::into_owned))
        .unwrap_or_default()
}

/// Allowed although they are volatile, because all that changes is what they say themselves.
const VOLATILE_AND_HARMLESS: &[&str] = &["clock_timestamp", "gen_random_uuid", "random"];

#[tokio::test]
async fn every_allowed_function_is_what_the_list_says() {
    let mut database = database("gate_functions").await;
    let sql = "select proname::text, prokind::text, proretset, provolatile::text, prosecdef, proparallel::text from pg_proc \
               where pronamespace = 'pg_catalog'::regnamespace and proname = any($1)";
    let known: Vec<&str> = allowed_functions().map(|(name, _)| name).collect();
    let found: Vec<(String, String, bool, String, bool, String)> =
        sqlx::query_as(sql).bind(&known).fetch_all(&mut database).await.unwrap();
    let mut missing = Vec::new();
    for (name, kind) in allowed_functions() {
        let overloads: Vec<_> = found.iter().filter(|overload| overload.0 == name).collect();
        if overloads.is_empty() {
            missing.push(name);
        }
        for (_, prokind, set, volatility, definer, _) in overloads {
            let right = match kind {
                Kind::Scalar => prokind == "f" && !set,
                Kind::Aggregate => prokind == "a",
                // Some are aggregates over a hypothetical row as well.
                Kind::Window => prokind == "w" || prokind == "a",
                Kind::SetReturning => prokind == "f" && *set,
            };
            assert!(right, "{name} is no {kind:?}: {prokind} {set}");
            assert!(!definer, "{name} runs with the rights of its owner");
            assert!(volatility != "v" || VOLATILE_AND_HARMLESS.contains(&name), "{name} is volatile");
        }
    }
    println!("{} allowed functions, {} unknown to this server: {missing:?}", known.len(), missing.len());
    assert!(missing.len() < 40, "{missing:?}");
}
