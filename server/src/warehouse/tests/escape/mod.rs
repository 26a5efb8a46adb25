//! Each layer alone against what strangers try: the other layers are switched off.
//!
//! The table that comes out of it stands in `docs/threat-model.md`, and must be the same.

mod shapes;

use std::fmt::Write as _;
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use gate::{Column, Policy, Relation, Surface, judge};
use sqlx::postgres::{PgConnectOptions, PgListener};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, ValueRef};
use tokio::time::timeout;

use super::{House, ask, connect, execute, within};
use crate::embedded::Cluster;
use crate::warehouse::{Failure, Fault, Gateway};
use shapes::{CHANNEL, Harm, RESET, SETUP, SHAPES, Shape};

/// What is meant to run on and is not stopped by then, runs on.
const SOON: Duration = Duration::from_secs(4);
/// Everything else comes to its end, on a busy machine too.
const AT_LAST: Duration = Duration::from_mins(1);
/// More than this is not a bounded answer, and not a bounded complaint.
const MUCH: usize = 64 << 10;
/// What a layer that does not stop a shape gets in the table.
const OPEN: &str = "–";
const DOCUMENT: &str = include_str!("../../../../../docs/threat-model.md");

/// What became of a statement.
enum Fate {
    Answered(usize),
    /// An SQLSTATE or a word of ours, and the length of the complaint.
    Refused(String, usize),
    RunsOn,
}

#[tokio::test]
async fn each_layer_alone_stops_what_the_threat_model_says() {
    let cluster = Cluster::ephemeral().await.unwrap();
    let house = House::within(&cluster, SETUP).await;
    set_up_roles(&house);
    let mut matrix =
        String::from("| what is tried | gate | run | role | protocol |\n|---|---|---|---|---|\n");
    let mut told_otherwise = Vec::new();
    for shape in SHAPES {
        let seen = [
            at_the_gate(shape),
            through_the_run(&house, shape).await,
            as_the_role(&house, shape).await,
            by_the_protocol(&house, shape).await,
        ];
        let Shape { what, stopped, .. } = shape;
        if seen.iter().ne(stopped) {
            told_otherwise.push(format!("{what}: {seen:?}, not {stopped:?}"));
        }
        let _ = writeln!(matrix, "| {what} | {} |", seen.join(" | "));
    }
    println!("{matrix}");
    assert!(told_otherwise.is_empty(), "{}", told_otherwise.join("\n"));
    assert!(DOCUMENT.contains(&matrix), "docs/threat-model.md holds another table than this:\n{matrix}");
    cluster.stop().await.unwrap();
}

/// The gate alone: the statement is only judged.
fn at_the_gate(shape: &Shape) -> String {
    let column = |name: &str| Column { name: name.to_owned(), type_name: "text".to_owned() };
    let relation = |(name, columns): (&str, &[&str])| Relation {
        schema: "public".to_owned(),
        name: name.to_owned(),
        columns: columns.iter().map(|name| column(name)).collect(),
    };
    let relations: [(&str, &[&str]); 3] =
        [("orders", &["id", "total"]), ("wide", &["id", "pad"]), ("big", &["cell"])];
    let surface = Surface::new(vec!["public".to_owned()], relations.map(relation));
    match judge(shape.sql, &surface, &Policy::default()) {
        Ok(_) => OPEN.to_owned(),
        Err(refusal) => refusal.reason.code().to_owned(),
    }
}

/// The run alone: no gate, and a role that may do everything.
async fn through_the_run(house: &House, shape: &Shape) -> String {
    let gateway = house.gateway_with(|options| {
        options.connect = PgConnectOptions::from_str(&house.url).unwrap();
        options.role = "postgres".to_owned();
        options.timeouts.statement = patience(shape) / 4;
        options.pool_size = 1;
    });
    let mut world = World::before(house).await;
    let fate = match timeout(patience(shape), ask(&gateway, shape.sql, shape.columns)).await {
        Err(_) => Fate::RunsOn,
        Ok(Ok(answer)) => Fate::Answered(answer.rows.len()),
        Ok(Err(Failure { fault, .. })) => refused(&fault),
    };
    // The rollback comes after the answer.
    let undone = within(SOON, async || !world.is_harmed(shape, &fate, Some(&gateway)).await).await;
    verdict(&fate, !undone)
}

const fn patience(shape: &Shape) -> Duration {
    if matches!(shape.harm, Harm::Slow) { SOON } else { AT_LAST }
}

fn refused(fault: &Fault) -> Fate {
    let word = match fault {
        Fault::Execution { sqlstate, .. } => sqlstate.clone(),
        Fault::PermissionDenied { .. } => "42501".to_owned(),
        Fault::Timeout(_) => "timeout".to_owned(),
        other => panic!("{other:?}"),
    };
    Fate::Refused(word, fault.to_string().len())
}

/// The role alone: whoever holds the password of its login says what they like, in the simple protocol, in which a text may
/// hold several statements.
async fn as_the_role(house: &House, shape: &Shape) -> String {
    let options = PgConnectOptions::from_str(&house.url).unwrap().username(&house.login());
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    // What a session merely begins with can be undone by anybody.
    let undo = "set default_transaction_read_only = off; set statement_timeout = 0; set jit = on; set role ";
    execute(&mut connection, &format!("{undo}{}", house.role())).await;
    let mut world = World::before(house).await;
    let said = async {
        let rows = sqlx::raw_sql(shape.sql).fetch_all(&mut connection).await?;
        Ok(rows.iter().map(bytes_of).sum())
    };
    let fate = fate(timeout(patience(shape), said).await);
    let harmed = world.is_harmed(shape, &fate, None).await;
    drop(connection);
    verdict(&fate, harmed)
}

/// The protocol alone: one prepared statement of a superuser, read as it comes.
async fn by_the_protocol(house: &House, shape: &Shape) -> String {
    let mut connection = connect(&house.url).await;
    let mut world = World::before(house).await;
    let prepared = async {
        let mut bytes = 0;
        for row in sqlx::query(AssertSqlSafe(shape.sql)).persistent(false).fetch_all(&mut connection).await? {
            bytes += bytes_of(&row);
        }
        Ok(bytes)
    };
    let fate = fate(timeout(patience(shape), prepared).await);
    let harmed = world.is_harmed(shape, &fate, None).await;
    verdict(&fate, harmed)
}

fn fate(said: Result<sqlx::Result<usize>, tokio::time::error::Elapsed>) -> Fate {
    match said {
        Err(_) => Fate::RunsOn,
        Ok(Ok(bytes)) => Fate::Answered(bytes),
        Ok(Err(error)) => {
            let said = error.as_database_error().unwrap_or_else(|| panic!("{error}"));
            Fate::Refused(said.code().unwrap().into_owned(), said.message().len())
        }
    }
}

fn bytes_of(row: &sqlx::postgres::PgRow) -> usize {
    let cell = |index| row.try_get_raw(index).unwrap();
    (0..row.len()).map(cell).map(|cell| if cell.is_null() { 0 } else { cell.as_bytes().unwrap().len() }).sum()
}

fn verdict(fate: &Fate, harmed: bool) -> String {
    match fate {
        _ if harmed => OPEN.to_owned(),
        Fate::Refused(word, _) => word.clone(),
        Fate::Answered(_) => "bounded".to_owned(),
        Fate::RunsOn => panic!("it runs on, and that is no harm?"),
    }
}

/// The warehouse as an administrator sees it, made anew before each attempt.
struct World {
    admin: PgConnection,
    listener: PgListener,
}

impl World {
    async fn before(house: &House) -> Self {
        let mut admin = house.admin().await;
        execute(&mut admin, RESET).await;
        let mut listener = PgListener::connect(&house.url).await.unwrap();
        listener.listen(CHANNEL).await.unwrap();
        Self { admin, listener }
    }

    async fn is_harmed(&mut self, shape: &Shape, fate: &Fate, gateway: Option<&Gateway>) -> bool {
        match (&shape.harm, fate) {
            (_, Fate::RunsOn) | (Harm::Answer, Fate::Answered(_)) => true,
            (Harm::Answer | Harm::Slow, _) | (Harm::Next(_), Fate::Refused(..)) => false,
            (Harm::Much, Fate::Answered(bytes) | Fate::Refused(_, bytes)) => *bytes > MUCH,
            (Harm::Left(sql), _) => {
                sqlx::query_scalar(*sql).fetch_one(&mut self.admin).await.expect("an administrator can look")
            }
            // What the next statement of the same session finds.
            (Harm::Next(sql), Fate::Answered(_)) => match gateway {
                Some(gateway) => ask(gateway, sql, 1).await.unwrap().rows == "[[true]]",
                None => true,
            },
            (Harm::Heard, _) => timeout(Duration::from_millis(300), self.listener.recv()).await.is_ok(),
        }
    }
}

/// The roles as an administrator makes them.
fn set_up_roles(house: &House) {
    let installed = std::path::Path::new("/usr/lib/postgresql/15/bin/psql");
    let program = if installed.exists() { installed } else { std::path::Path::new("psql") };
    let output = Command::new(program)
        .args(["--no-psqlrc", "--quiet", "--dbname", &house.url])
        .args(["--variable", &format!("profile_role={}", house.role())])
        .args(["--variable", &format!("login_role={}", house.login())])
        .args(["--variable", "temp_file_limit=1MB"])
        .args(["--file", concat!(env!("CARGO_MANIFEST_DIR"), "/../sql/roles/role_setup.sql")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
