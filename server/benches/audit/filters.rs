//! What is looked for: classes of filters, each with many values, and the same as a condition.

use server::model::call::Ending;
use sqlx::{AssertSqlSafe, PgPool};
use url::form_urlencoded;
use uuid::Uuid;

/// Calls before the page that counts as the thousandth.
const DEPTH: u64 = 50_000;

/// A word that no statement holds.
const NONE: &str = "nosuchword";

type Make = fn(u64) -> Asked;

/// A filter as an address tells it, and as a condition.
pub struct Asked {
    pub query: String,
    pub condition: String,
}

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

fn with(all: &[One]) -> Asked {
    let mut words = Vec::new();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut conditions = vec!["true".to_owned()];
    for one in all {
        let (name, value, condition) = told(one);
        conditions.push(condition);
        if name == "words" {
            words.push(value);
        } else {
            query.append_pair(name, &value);
        }
        if let Week(n) = one {
            query.append_pair("until", &ago(13 + n * 15));
        }
    }
    if !words.is_empty() {
        query.append_pair("words", &words.join(" "));
    }
    Asked { query: query.finish(), condition: conditions.join(" and ") }
}

/// So many days ago, as a form tells it.
#[expect(clippy::disallowed_methods, reason = "a bench is no flow")]
fn ago(days: u64) -> String {
    let at = time::OffsetDateTime::now_utc() - time::Duration::days(i64::try_from(days).unwrap_or(i64::MAX));
    let (year, month, day) = at.to_calendar_date();
    format!("{year}-{:02}-{day:02}T{:02}:{:02}", u8::from(month), at.hour(), at.minute())
}

/// The name of a filter, its value, and the condition that is the same.
fn told(one: &One) -> (&'static str, String, String) {
    match *one {
        Person(n) => {
            let name = format!("person_{}", n % 400);
            ("person", name.clone(), format!("person = '{name}'"))
        }
        Profile(n) => {
            let name = ["analyst", "support", "finance"][n as usize % 3];
            ("profile", name.to_owned(), format!("profile = '{name}'"))
        }
        Client(n) => {
            let id = format!("00000000-0000-7000-9000-{:012x}", n % 12);
            ("client", id.clone(), format!("client_id = '{id}'"))
        }
        Named(n) => {
            let name = format!("Client {}", n % 12);
            ("client", name.clone(), format!("client = '{name}'"))
        }
        Tool(n) => {
            let name = ["run_query", "describe_table", "list_tables"][n as usize % 3];
            ("tool", name.to_owned(), format!("tool = '{name}'"))
        }
        Decision(n) => {
            let code = Ending::ALL[n as usize % 4].code();
            ("decision", code.to_owned(), format!("decision = '{code}'"))
        }
        Reason(n) => {
            let reason = REASONS[n as usize % REASONS.len()];
            ("reason", reason.to_owned(), format!("reason = '{reason}'"))
        }
        Relation(n) => {
            let relation = format!("public.relation_{}", n % 60);
            ("relation", relation.clone(), format!("'{relation}' = any (relations)"))
        }
        // Every statement holds the common ones.
        Word(NONE) => ("words", NONE.to_owned(), "false".to_owned()),
        Word(typed) => ("words", typed.to_owned(), "tool = 'run_query'".to_owned()),
        City(n) => {
            // A thousand a year, whichever it is: eleven months back it is as far as it can go.
            ("words", format!("city_{}", n % 4999), "at < now() - interval '335 days'".to_owned())
        }
        Week(n) => {
            let (from, until) = (ago(20 + n * 15), ago(13 + n * 15));
            ("from", from.clone(), format!("at >= '{from}Z' and at < '{until}Z'"))
        }
        Until(days) => ("until", ago(days), format!("at < '{}Z'", ago(days))),
    }
}

/// Which line of a table comes before the thousandth page of a list: fifty thousand deep, or where there are fewer, at its
/// last page.
pub async fn thousandth(store: &PgPool, table: &str, condition: &str) -> Option<Uuid> {
    let sql = format!(
        "with fitting as materialized (select id from portcullis.{table} where {condition} order by id desc limit {DEPTH}) \
         select id from fitting order by id offset 50 limit 1"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_optional(store).await.expect("a place")
}

type Filter = (&'static str, &'static str);

/// The filters of denials and of events, as an address tells them and as a condition.
pub fn of_others() -> [(&'static str, Vec<Filter>); 2] {
    let seven = "person_id = '00000000-0000-7000-8000-000000000007'";
    let denials = vec![
        ("", "true"),
        ("person=person_7", seven),
        ("client=Client+3", "client = 'Client 3'"),
        ("client=Client+3&reason=no_mfa", "client = 'Client 3' and reason = 'no_mfa'"),
        ("reason=no_session", "reason = 'no_session'"),
        ("reason=paused", "reason = 'paused'"),
        (
            "person=person_7&reason=no_mfa",
            "person_id = '00000000-0000-7000-8000-000000000007' and reason = 'no_mfa'",
        ),
    ];
    let events = vec![
        ("", "true"),
        ("person=person_7", seven),
        ("kind=sign_in", "kind = 'sign_in'"),
        ("kind=code_reused", "kind = 'code_reused'"),
        ("actor=person_7", "actor = 'person_7'"),
        ("actor=nobody", "false"),
        (
            "person=person_7&kind=sign_in_failed",
            "person_id = '00000000-0000-7000-8000-000000000007' and kind = 'sign_in_failed'",
        ),
    ];
    [("denials", denials), ("events", events)]
}
