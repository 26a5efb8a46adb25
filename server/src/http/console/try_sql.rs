//! Tries a statement as an agent would say it.

use super::frame::shell;
use super::sentence;
use crate::flow::authenticate::NotAuthenticated;
use crate::flow::people::{find, likeness};
use crate::flow::run_query::{Query, Reply, Verdict as Ran};
use crate::flow::try_sql::{self, NotTried};
use crate::flow::{Failure, Recorded};
use crate::http::extract::form::Form;
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::answer::Answer as Rows;
use crate::model::caller::Caller;
use crate::model::person::Username;
use crate::model::profile::ProfileName;
use app::parts::Section;
use app::try_sql::{Answer, Refused, Step, StepState, TryModel, TryPage, Verdict};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gate::{Admitted, Reason, Refusal};
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Rows that the page shows.
const ROWS: u64 = 50;

#[derive(Default, Deserialize)]
pub(in crate::http) struct Fields {
    #[serde(default)]
    profile: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    sql: String,
    #[serde(default)]
    deed: String,
}

/// What is wrong with what was typed.
#[derive(Default)]
struct Problems {
    person: Option<String>,
    sql: Option<String>,
}

pub(in crate::http) async fn show(State(site): State<Site>, Auditor(operator): Auditor) -> Response {
    shown(&site, &operator, StatusCode::OK, Fields::default(), Problems::default(), None).await
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    Auditor(operator): Auditor,
    Form(fields): Form<Fields>,
) -> Response {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let problems = match problems(&site, &fields).await {
        Ok(problems) => problems,
        Err(failure) => return problem::failed(&failure),
    };
    let profile = match fields.profile.parse::<ProfileName>() {
        Ok(profile) if problems.person.is_none() && problems.sql.is_none() => profile,
        _ => return shown(&site, &operator, unprocessable, fields, problems, None).await,
    };
    let runs = fields.deed == "run" && operator.person().powers.admin;
    let verdict = match tried(&site, &operator, caller, &profile, &fields.sql, runs).await {
        Ok(verdict) => verdict,
        Err(NotTried::Failure(failure)) => return problem::failed(&failure),
        Err(not_tried) => {
            let problems = Problems { sql: Some(why(&not_tried)), ..Problems::default() };
            return shown(&site, &operator, unprocessable, fields, problems, None).await;
        }
    };
    shown(&site, &operator, StatusCode::OK, fields, Problems::default(), Some(verdict)).await
}

async fn problems(site: &Site, fields: &Fields) -> Result<Problems, Failure> {
    let sql = fields.sql.trim().is_empty().then(|| "Write a statement first.".to_owned());
    let person = match fields.person.trim() {
        "" => None,
        name => as_whom(site, name, &fields.profile).await?,
    };
    Ok(Problems { person, sql })
}

/// Why nothing would be judged for this person, if so: it would not even come to that.
async fn as_whom(site: &Site, name: &str, profile: &str) -> Result<Option<String>, Failure> {
    let unknown = || Some(format!("There is no person `{name}`."));
    let Ok(username) = name.parse::<Username>() else { return Ok(unknown()) };
    let Some(person) = find(&site.portcullis, &username).await? else { return Ok(unknown()) };
    if !(person.active && person.powers.staff) {
        return Ok(Some(format!("No agent reads for `{name}`: the account is not active, or not staff.")));
    }
    let held = likeness(&site.portcullis, &person).await?.profiles;
    Ok(match held.iter().any(|held| held == profile) {
        true => None,
        false if held.is_empty() => Some(format!("`{name}` holds no profile.")),
        false => Some(format!("`{name}` does not hold that profile, but {}.", held.join(", "))),
    })
}

fn why(not_tried: &NotTried) -> String {
    match not_tried {
        NotTried::NotAuthenticated(NotAuthenticated::Denied(reason)) => {
            format!("You may not run it: {} ({}).", reason.advice(), reason.code())
        }
        other => sentence(&other.to_string()),
    }
}

async fn tried(
    site: &Site,
    operator: &Operator,
    caller: Caller,
    profile: &ProfileName,
    sql: &str,
    runs: bool,
) -> Result<Verdict, NotTried> {
    let judged = try_sql::judge(&site.portcullis, profile, sql.to_owned()).await?;
    let verdict = match &judged {
        Ok(admitted) => admit(sql, admitted),
        Err(refusal) => refuse(sql, refusal),
    };
    if !runs {
        return Ok(verdict);
    }
    let query = Query { sql: sql.to_owned(), limit: Some(ROWS) };
    let ran = try_sql::run(&site.portcullis, operator.signed_in(), caller, profile, query).await?;
    Ok(with_answer(verdict, ran))
}

fn with_answer(verdict: Verdict, ran: Recorded<Reply>) -> Verdict {
    let Reply { verdict: ran, duration, attempt } = ran.into_inner();
    let record = Some(format!("/audit/queries/{attempt}"));
    match ran {
        Ran::Answered(rows) => Verdict { answer: Some(answer(rows, duration)), record, ..verdict },
        Ran::Refused(_) => Verdict { record, ..verdict },
        Ran::Failed(fault) => Verdict { error: Some(sentence(&fault.to_string())), record, ..verdict },
    }
}

fn answer(rows: Rows, duration: Duration) -> Answer {
    let parsed: Vec<Vec<Value>> = serde_json::from_str(&rows.rows).unwrap_or_default();
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Answer {
        columns: rows.columns,
        rows: parsed.into_iter().map(|row| row.into_iter().map(text).collect()).collect(),
        truncated: rows.truncated.then(|| "there are more".to_owned()),
        duration_us: u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
    }
}

/// What the gate looks at, in its order.
const STEPS: [&str; 4] = ["Text", "Shape", "Meaning", "Second lock"];

/// What each step makes sure of.
const PASSED: [&str; 4] = [
    "it is not too long, and every character of it is understood",
    "it is one statement, and a SELECT",
    "every relation, column, function, operator and type is open to the profile",
    "the text that would be executed reads back as what was judged",
];

/// At which step a statement is refused for this reason.
fn step_of(refusal: &Refusal) -> usize {
    if refusal.is_our_fault() {
        return 3;
    }
    match refusal.reason {
        Reason::ParseError | Reason::TooComplex => 0,
        Reason::MultiStatement | Reason::NonSelectRoot | Reason::WriteableCte | Reason::SelectInto => 1,
        _ => 2,
    }
}

fn steps(failed: Option<(usize, &str)>) -> Vec<Step> {
    let steps = STEPS.iter().zip(PASSED).enumerate().map(|(n, (&name, passed))| {
        let (state, told) = match failed {
            Some((at, told)) if at == n => (StepState::Failed, told),
            Some((at, _)) if n > at => (StepState::NotReached, ""),
            _ => (StepState::Passed, passed),
        };
        Step { name: name.to_owned(), state, told: told.to_owned() }
    });
    steps.collect()
}

fn admit(sql: &str, admitted: &Admitted) -> Verdict {
    Verdict {
        steps: steps(None),
        raw: sql.to_owned(),
        canonical: Some(admitted.text().to_owned()),
        relations: admitted.relations().iter().map(ToString::to_string).collect(),
        functions: admitted.functions().to_vec(),
        refused: None,
        error: None,
        answer: None,
        record: None,
    }
}

fn refuse(sql: &str, refusal: &Refusal) -> Verdict {
    let message = sentence(&refusal.to_string());
    Verdict {
        steps: steps(Some((step_of(refusal), &message))),
        raw: sql.to_owned(),
        canonical: None,
        relations: Vec::new(),
        functions: Vec::new(),
        refused: Some(Refused {
            code: refusal.reason.code().to_owned(),
            subject: refusal.subject.clone(),
            advice: sentence(&refusal.advice()),
        }),
        error: None,
        answer: None,
        record: None,
    }
}

async fn shown(
    site: &Site,
    operator: &Operator,
    status: StatusCode,
    fields: Fields,
    problems: Problems,
    verdict: Option<Verdict>,
) -> Response {
    let model = async {
        let held = likeness(&site.portcullis, operator.person()).await?.profiles;
        let shell = shell(site, operator, Section::Try).await?;
        Ok((held, shell))
    };
    let (held, shell) = match model.await {
        Ok(made) => made,
        Err(failure) => return problem::failed(&failure),
    };
    let profiles: Vec<String> = site.portcullis.profiles().map(|profile| profile.name.to_string()).collect();
    let first = || held.first().or(profiles.first()).cloned().unwrap_or_default();
    let model = TryModel {
        shell,
        profile: if fields.profile.is_empty() { first() } else { fields.profile },
        profiles,
        person: fields.person,
        person_problem: problems.person,
        sql: fields.sql,
        sql_problem: problems.sql,
        can_run: operator.person().powers.admin && !held.is_empty(),
        verdict,
    };
    page(status, "Try a statement", || TryPage(model))
}
