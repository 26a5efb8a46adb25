//! The questions of two benchmarks, asked through the program's own path and beside it: the rows must be the same.

#[path = "../../gate/tests/support/opened.rs"]
mod opened;

use super::rows;
use gate::{Surface, judge};
use serde_json::Value;
use server::embedded::Cluster;
use server::model::{answer::Answer, limits::Limits, pooler::Pooler, target::Target, tools::Tools};
use server::warehouse::{Gateway, GatewayOptions, Order, Timeouts, run};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[tokio::test]
async fn the_questions_of_tpc_h_are_answered_as_postgresql_answers_them() {
    ask_all("tpch", 22).await;
}

#[tokio::test]
async fn the_questions_of_tpc_ds_are_answered_as_postgresql_answers_them() {
    ask_all("tpcds", 99).await;
}

#[tokio::test]
async fn an_analysts_questions_are_answered_as_postgresql_answers_them() {
    ask_all("rides", 171).await;
}

async fn ask_all(name: &str, count: usize) {
    let bench = Bench::new(name).await;
    let mut direct = bench.owner().await;
    let (mut asked, mut found_nothing, mut problems) = (0, Vec::new(), Vec::new());
    for (question, sql) in bench.statements() {
        match bench.ask(&mut direct, &sql).await {
            Ok(0) => found_nothing.push(question),
            Ok(_) => {}
            Err(problem) => problems.push(format!("{question}: {problem}")),
        }
        asked += 1;
    }
    println!("{name}: {asked} questions were asked in two ways; no rows at all: {found_nothing:?}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(asked, count);
    assert!(found_nothing.len() * 20 <= count, "too many questions find nothing: {found_nothing:?}");
}

/// The cells of an answer as PostgreSQL would write them, sorted as those of [`rows`] are.
fn cells(answer: &Answer) -> Vec<Vec<Option<String>>> {
    let rows: Vec<Vec<Value>> = serde_json::from_str(&answer.rows).unwrap();
    assert_eq!((answer.truncated, answer.cut_cells), (false, 0));
    let text = |cell: Value| match cell {
        Value::Null => None,
        Value::Bool(value) => Some(if value { "t" } else { "f" }.to_owned()),
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    let mut rows: Vec<Vec<_>> = rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect();
    rows.sort();
    rows
}

fn order() -> Order<'static> {
    Order {
        attempt: Uuid::from_u128(7),
        person: "ada",
        client: "bench",
        context: &[],
        limit: None,
        cancelled: CancellationToken::new(),
    }
}

/// A schema with data in it, and a role that reads it.
struct Bench {
    name: String,
    folder: PathBuf,
    surface: Surface,
    url: String,
    gateway: Gateway,
}

impl Bench {
    async fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("gate/tests/benchmarks").join(name);
        let cluster = Cluster::shared().await.unwrap();
        let mut root = PgConnection::connect(&cluster.superuser_url("postgres")).await.unwrap();
        let create = format!(
            "create role {name}_reader nologin; create role {name}_gateway login noinherit in role {name}_reader"
        );
        root.execute(sqlx::raw_sql(AssertSqlSafe(create))).await.unwrap();
        root.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let json: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join("surface.json")).unwrap()).unwrap();
        let bench = Self {
            surface: super::surface_of(&json),
            gateway: Self::connect(name, &cluster.superuser_url(name)),
            url: cluster.superuser_url(name),
            name: name.to_owned(),
            folder,
        };
        bench.fill().await;
        bench
    }

    async fn owner(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    fn connect(name: &str, url: &str) -> Gateway {
        let seconds = Duration::from_secs;
        Gateway::new(GatewayOptions {
            connect: PgConnectOptions::from_str(url).unwrap().username(&format!("{name}_gateway")),
            role: format!("{name}_reader"),
            replicas: Vec::new(),
            target: Target::default(),
            max_lag: Duration::from_secs(30),
            extension_schemas: vec!["ext".to_owned()],
            context: Vec::new(),
            limits: Limits { default_rows: 50_000, hard_rows: 50_000, bytes: 64 << 20, cell: 4096 },
            tools: Tools::default(),
            timeouts: Timeouts { statement: seconds(40), lock: seconds(1), idle_in_transaction: seconds(10) },
            pool_size: 2,
            acquire_timeout: seconds(5),
            pooler: Pooler::None,
        })
        .unwrap()
    }

    /// How many rows a question has, which must be the same in three ways: as it was written, as it is printed, and
    /// through the program.
    async fn ask(&self, direct: &mut PgConnection, sql: &str) -> Result<usize, String> {
        let admitted = judge(sql, &self.surface, &opened::open()).map_err(|refusal| refusal.to_string())?;
        let text = admitted.text().to_owned();
        let original = sql.trim().trim_end_matches(';');
        let expected =
            rows(direct, "public, pg_catalog, ext", original).await.map_err(|error| error.to_string())?;
        let printed =
            rows(direct, "pg_catalog, ext", &text).await.map_err(|error| format!("{error}\n{text}"))?;
        if printed != expected {
            return Err(format!("is printed with another meaning\n{text}\n{printed:?}\n{expected:?}"));
        }
        let answer = run(&self.gateway, admitted, order(), None)
            .await
            .map_err(|failure| format!("{failure:?}\n{text}"))?;
        // An answer writes documents, arrays and moments in its own way; the benchmarks have none.
        let is_same = if self.name == "rides" {
            answer.row_count == expected.len() as u64
        } else {
            cells(&answer) == expected
        };
        if is_same {
            Ok(expected.len())
        } else {
            Err(format!("has another answer\n{}\n{expected:?}", answer.rows))
        }
    }

    fn statements(&self) -> Vec<(String, String)> {
        let files = std::fs::read_dir(&self.folder).unwrap().map(|entry| entry.unwrap().path());
        let mut statements: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .flat_map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                let text = std::fs::read_to_string(path).unwrap();
                questions(&name, &text)
            })
            .collect();
        statements.sort();
        statements
    }

    /// Makes the tables and fills them, the same each time.
    async fn fill(&self) {
        let mut owner = self.owner().await;
        let extensions = "create schema ext; grant usage on schema ext to public; \
                          create extension pg_trgm schema ext; create extension citext schema ext";
        owner.execute(sqlx::raw_sql(extensions)).await.unwrap();
        let plan: Value =
            serde_json::from_str(&std::fs::read_to_string(self.folder.join("data.json")).unwrap()).unwrap();
        for relation in self.surface.relations() {
            let table = relation.name.as_str();
            let columns: Vec<String> =
                relation.columns.iter().map(|c| format!("\"{}\" {}", c.name, c.type_name)).collect();
            let create = format!("create table {table} ({})", columns.join(", "));
            owner.execute(AssertSqlSafe(create)).await.unwrap();
            let values: Vec<String> = relation
                .columns
                .iter()
                .enumerate()
                .map(|(place, column)| value(&plan, table, place, column))
                .collect();
            let count = &plan["rows"][table];
            let fill = format!(
                "insert into {table} select {} from generate_series(1, {count}) i",
                values.join(", ")
            );
            owner
                .execute(AssertSqlSafe(fill.clone()))
                .await
                .unwrap_or_else(|error| panic!("{fill}\n{error}"));
        }
        let grant = format!("grant select on all tables in schema public to {}_reader; analyze", self.name);
        owner.execute(sqlx::raw_sql(AssertSqlSafe(grant))).await.unwrap();
    }
}

/// A file holds one question, or several below their titles.
fn questions(name: &str, text: &str) -> Vec<(String, String)> {
    let titles = text.lines().filter(|line| line.starts_with("-- ")).count();
    if titles < 2 {
        return vec![(name.to_owned(), text.to_owned())];
    }
    let titled = text.split("-- ").skip(1).map(|question| question.split_once('\n').unwrap());
    titled.map(|(title, sql)| (format!("{name}: {title}"), sql.to_owned())).collect()
}

/// What row `i` holds in a column: see the README beside the plan.
fn value(plan: &Value, table: &str, place: usize, column: &gate::Column) -> String {
    let (name, kind) = (column.name.as_str(), column.type_name.as_str());
    let chance = format!("abs(hashtext('{table}.{name}' || i)::bigint)");
    let is_fact = table.contains("sales") || table.contains("returns") || table == "inventory";
    let key = plan["keys"].as_object().unwrap().iter().find(|(suffix, _)| name.ends_with(suffix.as_str()));
    let text = match (&plan["columns"][name], key) {
        (Value::String(expression), _) => expression.clone(),
        (Value::Array(choices), _) => {
            let choices: Vec<String> =
                choices.iter().map(|choice| format!("'{}'", choice.as_str().unwrap())).collect();
            format!("(array[{}])[1 + {chance} % {}]", choices.join(", "), choices.len())
        }
        _ if place == 0 && !is_fact && table != "lineitem" => "i".to_owned(),
        (_, Some((_, Value::Number(most)))) if is_fact => {
            format!("case when {chance} % 25 > 0 then 1 + {chance} / 25 % {most} end")
        }
        (_, Some((_, most))) => format!("1 + {chance} % {most}"),
        _ if kind == "date" => format!("date '1998-01-01' + ({chance} % 1800)::int"),
        _ if kind == "time" => "time '12:00'".to_owned(),
        _ if kind.starts_with("numeric") => format!("{chance} % 10000 / 100.0"),
        _ if kind == "integer" || kind == "bigint" => format!("{chance} % 100"),
        _ => format!("'{} ' || {chance} % 7", name.rsplit('_').next().unwrap()),
    };
    format!("({text})::{kind}")
}
