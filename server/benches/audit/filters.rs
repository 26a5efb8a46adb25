//! What is looked for: classes of filters, each with many values, and the same as a condition.

use server::model::call::Ending;
use server::model::review::{CallFilter, ClientChoice};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

/// Calls before the page that counts as the thousandth.
const DEPTH: u64 = 50_000;

/// A word that no statement holds.
const NONE: &str = "nosuchword";

type Make = fn(u64) -> (CallFilter, String);

pub struct Class {
    pub name: &'static str,
    pub make: Make,
}

pub fn classes() -> Vec<Class> {
    let class = |name, make: Make| Class { name, make };
    vec![
        class("nothing", |_| with(&[])),
        class("person", |n| with(&[Person(n * 20)])),
        class("profile", |n| with(&[Profile(n)])),
        class("client", |n| with(&[Client(n)])),
        class("client by name", |n| with(&[Named(n)])),
        class("tool", |n| with(&[Tool(n)])),
        class("decision", |n| with(&[Decision(n)])),
        class("reason", |n| with(&[Reason(n)])),
        class("reason, met twenty times a year", |_| with(&[Reason(10)])),
        class("relation", |n| with(&[Relation(n * 3)])),
        class("a common word", |n| with(&[Word(["select", "ord", "total"][n as usize % 3])])),
        class("a rare word", |n| with(&[City(n * 211)])),
        class("no such word", |_| with(&[Word(NONE)])),
        class("common and rare words", |n| with(&[Word("select from"), City(n * 211)])),
        class("person, relation", |n| with(&[Person(n * 20), Relation(n * 3)])),
        class("person, rare word", |n| with(&[Person(n * 20), City(n * 211)])),
        class("person, decision, relation", |n| with(&[Person(n * 20), Decision(n), Relation(n)])),
        class("profile, client, decision", |n| with(&[Profile(n), Client(n), Decision(n)])),
        class("client, tool, reason", |n| with(&[Client(n), Tool(n), Reason(n)])),
        class("reason, common word", |n| with(&[Reason(n), Word("select")])),
        class("relation, two words", |n| with(&[Relation(n), Word("total desc")])),
        class("a week, decision", |n| with(&[Week(n), Decision(n)])),
        class("a week, person, word", |n| with(&[Week(n), Person(n * 20), Word("sum")])),
        class("until half a year ago, client", |n| with(&[Until(180 + n), Client(n)])),
        class("never: a person's other profile", |n| with(&[Person(n * 3), Profile(n * 3 + 1)])),
        class("never: relation of a tool without", |n| with(&[Client(n), Tool(2), Relation(0)])),
        class("everything", |n| {
            with(&[
                Person(n),
                Profile(n),
                Client(n),
                Tool(0),
                Decision(0),
                Relation(n),
                Until(n * 10),
                Word("select"),
                City(n),
            ])
        }),
    ]
}

enum One {
    Person(u64),
    Profile(u64),
    Client(u64),
    Named(u64),
    Tool(u64),
    Decision(u64),
    Reason(u64),
    Relation(u64),
    Word(&'static str),
    City(u64),
    Week(u64),
    Until(u64),
}

use One::{City, Client, Decision, Named, Person, Profile, Reason, Relation, Tool, Until, Week, Word};

const REASONS: [&str; 11] = [
    "disallowed_table",
    "disallowed_column",
    "select_star",
    "parse_error",
    "disallowed_function",
    "disallowed_construct",
    "too_complex",
    "system_schema",
    "multi_statement",
    "execution_error",
    "misconfigured",
];

fn with(all: &[One]) -> (CallFilter, String) {
    let mut filter = CallFilter::default();
    let mut conditions = vec!["true".to_owned()];
    for one in all {
        conditions.push(add(&mut filter, one));
    }
    (filter, conditions.join(" and "))
}

#[expect(clippy::disallowed_methods, reason = "a bench is no flow")]
fn add(filter: &mut CallFilter, one: &One) -> String {
    let ago = |days: u64| time::OffsetDateTime::now_utc() - time::Duration::days(days as i64);
    match *one {
        Person(n) => {
            let id: Uuid = format!("00000000-0000-7000-8000-{:012x}", n % 400).parse().expect("an id");
            filter.person_id = Some(id);
            format!("person_id = '{id}'")
        }
        Profile(n) => {
            let name = ["analyst", "support", "finance"][n as usize % 3];
            filter.profile = Some(name.to_owned());
            format!("profile = '{name}'")
        }
        Client(n) => {
            let id: Uuid = format!("00000000-0000-7000-9000-{:012x}", n % 12).parse().expect("an id");
            filter.client = Some(ClientChoice::Id(id));
            format!("client_id = '{id}'")
        }
        Named(n) => {
            filter.client = Some(ClientChoice::Named(format!("Client {}", n % 12)));
            format!("client = 'Client {}'", n % 12)
        }
        Tool(n) => {
            let name = ["run_query", "describe_table", "list_tables"][n as usize % 3];
            filter.tool = Some(name.to_owned());
            format!("tool = '{name}'")
        }
        Decision(n) => {
            let ending = Ending::ALL[n as usize % 4];
            filter.ending = Some(ending);
            format!("decision = '{}'", ending.code())
        }
        Reason(n) => {
            let reason = REASONS[n as usize % REASONS.len()];
            filter.reason = Some(reason.to_owned());
            format!("reason = '{reason}'")
        }
        Relation(n) => {
            let relation = format!("public.relation_{}", n % 60);
            filter.relation = Some(relation.clone());
            format!("'{relation}' = any (relations)")
        }
        Word(typed) => {
            filter.text = Some(format!("{} {typed}", filter.text.take().unwrap_or_default()));
            // Every statement holds the common ones.
            if typed == NONE { "false".to_owned() } else { "tool = 'run_query'".to_owned() }
        }
        City(n) => {
            let city = format!("city_{}", n % 4999);
            filter.text = Some(format!("{} {city}", filter.text.take().unwrap_or_default()));
            format!("id in (select id from bench.calls where n % 4999 = {} and k is not null)", n % 4999)
        }
        Week(n) => {
            let (from, until) = (ago(20 + n * 15), ago(13 + n * 15));
            (filter.from, filter.until) = (Some(from), Some(until));
            format!("at >= '{from}' and at < '{until}'")
        }
        Until(days) => {
            let until = ago(days);
            filter.until = Some(until);
            format!("at < '{until}'")
        }
    }
}

/// Which call comes before the thousandth page of a list: fifty thousand deep, or where there are fewer, at its last page.
pub async fn thousandth(store: &PgPool, condition: &str) -> Option<Uuid> {
    let sql = format!(
        "with fitting as materialized (select id from portcullis.calls where {condition} order by id desc limit {DEPTH}) \
         select id from fitting order by id offset 50 limit 1"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(store).await.expect("a place")
}
