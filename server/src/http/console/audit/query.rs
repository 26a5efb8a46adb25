//! One call of an agent.

use super::{call_row, client, count, person, profile, queries, token};
use crate::flow::Failure;
use crate::flow::review_call::{Reviewed, WholeCall, review_call, whole_call};
use crate::http::console::frame::{Teller, decision, shell};
use crate::http::console::sentence;
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::call::Ending;
use app::parts::Section;
use app::query::{QueryModel, QueryPage, Refusal};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return problem::no_page() };
    let reviewed = match review_call(&site.portcullis, id).await {
        Ok(Some(reviewed)) => reviewed,
        Ok(None) => return problem::no_page(),
        Err(failure) => return problem::failed(&failure),
    };
    match model(&site, &operator, reviewed).await {
        Ok(model) => page(StatusCode::OK, "A call", || QueryPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

/// What may be too long for the page: one version of the statement, or the arguments, all of it and as it is.
pub(in crate::http) async fn show_part(
    State(site): State<Site>,
    Auditor(_): Auditor,
    Path((id, part)): Path<(String, String)>,
) -> Response {
    let Ok(id) = id.parse() else { return problem::no_page() };
    let call = match whole_call(&site.portcullis, id).await {
        Ok(Some(call)) => call,
        Ok(None) => return problem::no_page(),
        Err(failure) => return problem::failed(&failure),
    };
    let (text, media_type) = match part.as_str() {
        "asked.sql" => (call.sql, "application/sql; charset=utf-8"),
        "written.sql" => (call.canonical_sql, "application/sql; charset=utf-8"),
        "ran.sql" => (call.executed_sql, "application/sql; charset=utf-8"),
        "arguments.json" => (serde_json::to_string_pretty(&call.arguments).ok(), "application/json"),
        _ => (None, ""),
    };
    let Some(text) = text else { return problem::no_page() };
    let disposition = format!("attachment; filename=\"{part}\"");
    ([(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, disposition.as_str())], text).into_response()
}

async fn model(site: &Site, operator: &Operator, reviewed: Reviewed) -> Result<QueryModel, Failure> {
    let teller = Teller::new(&site.portcullis, operator);
    let refusal = refusal(&reviewed);
    // What the gate said of a refused call is told with the refusal.
    let is_refused = reviewed.call.decision.as_deref() == Some(Ending::Refused.code());
    let Reviewed { call, after, before, .. } = reviewed;
    let number = |number: Option<i64>| number.map_or(0, count);
    Ok(QueryModel {
        shell: shell(site, operator, Section::Queries).await?,
        href: format!("{}/{}", queries::PATH, call.id),
        at: teller.moment(call.at),
        person: person(operator, &call.person),
        client: client(operator, call.client_id, &call.client),
        token: token(operator, call.token_id, &call.person),
        profile: profile(&call.profile),
        decision: decision(call.decision.as_deref().unwrap_or(Ending::Unfinished.code())),
        refusal,
        error: call.error.filter(|_| !is_refused),
        rows: number(call.row_count),
        bytes: number(call.byte_count),
        is_truncated: call.truncated.unwrap_or_default(),
        duration_us: number(call.duration_us),
        raw: call.sql,
        canonical: call.canonical_sql,
        executed: call.executed_sql,
        relations: call.relations.unwrap_or_default(),
        functions: call.functions.unwrap_or_default(),
        arguments: serde_json::to_string_pretty(&call.arguments).unwrap_or_default(),
        ip: call.ip,
        user_agent: call.user_agent,
        redirect: call.redirect,
        request_id: call.request_id.to_string(),
        tool: call.tool,
        after: after.into_iter().map(|line| call_row(line, teller)).collect(),
        before: before.into_iter().map(|line| call_row(line, teller)).collect(),
    })
}

/// Why it was not allowed.
fn refusal(Reviewed { call, advice, .. }: &Reviewed) -> Option<Refusal> {
    let WholeCall { reason, subject, error, decision, .. } = call;
    let said = error.as_deref().filter(|_| decision.as_deref() == Some(Ending::Refused.code()));
    let unknown = "an earlier version of the program gave this reason";
    let told: Vec<_> = said.into_iter().chain([advice.unwrap_or(unknown)]).map(sentence).collect();
    Some(Refusal {
        code: reason.clone()?,
        subject: subject.clone().filter(|subject| !subject.is_empty()),
        advice: told.join(" "),
    })
}
