//! One call.

use super::{count, decision, for_administrators, rows};
use crate::flow::Failure;
use crate::flow::review_call::{Reviewed, review_call};
use crate::http::console::frame::{Teller, shell};
use crate::http::console::sentence;
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use app::parts::Section;
use app::query::{Link, QueryModel, QueryPage, Refusal};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(id): Path<String>,
) -> Response {
    let Ok(id) = id.parse() else { return problem::no_page() };
    match review_call(&site.portcullis, id).await {
        Ok(Some(reviewed)) => match model(&site, &operator, reviewed).await {
            Ok(model) => page(StatusCode::OK, "A query", || QueryPage(model)),
            Err(failure) => problem::failed(&failure),
        },
        Ok(None) => problem::no_page(),
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator, reviewed: Reviewed) -> Result<QueryModel, Failure> {
    let Reviewed { call, advice, after, before } = reviewed;
    let teller = Teller::new(&site.portcullis, operator);
    let person = format!("/people/{}", call.person);
    Ok(QueryModel {
        shell: shell(site, operator, Section::Queries).await?,
        at: teller.moment(call.at),
        person: for_administrators(operator, &call.person, &person),
        client: for_administrators(operator, &call.client, &format!("/clients/{}", call.client_id)),
        token: for_administrators(operator, &call.token_id.to_string(), &format!("{person}#tokens")),
        profile: Link::to(&call.profile, &format!("/surface#{}", call.profile)),
        tool: call.tool,
        decision: decision(call.decision.as_deref().unwrap_or_default()),
        refusal: call.reason.map(|code| Refusal {
            code,
            subject: call.subject,
            advice: advice.map(sentence).unwrap_or_default(),
        }),
        error: call.error,
        rows: call.row_count.map(count).unwrap_or_default(),
        bytes: call.byte_count.map(count).unwrap_or_default(),
        is_truncated: call.truncated.unwrap_or_default(),
        duration_us: call.duration_us.map(count).unwrap_or_default(),
        raw: call.sql,
        canonical: call.canonical_sql,
        executed: call.executed_sql,
        relations: call.relations.unwrap_or_default(),
        functions: call.functions.unwrap_or_default(),
        arguments: format!("{:#}", call.arguments),
        ip: call.ip,
        user_agent: call.user_agent,
        redirect: call.redirect,
        request_id: call.request_id.to_string(),
        after: rows(teller, after),
        before: rows(teller, before),
    })
}
