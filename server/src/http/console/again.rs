//! The second factor, asked for again before a dangerous act.

use super::factor::refused;
use super::{Next, local, onward};
use crate::flow::prove::{Proof, prove};
use crate::http::extract::form::Form;
use crate::http::extract::operator::Operator;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::caller::Caller;
use crate::model::local_path::LocalPath;
use app::second_factor::{Ask, SecondFactor, SecondFactorPage};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

pub(in crate::http) async fn show(operator: Operator, Query(Next { next }): Query<Next>) -> Response {
    let shown = SecondFactor { csrf: operator.csrf(), ask: ask(next.as_ref()), problem: None };
    page(StatusCode::OK, "Is it you?", || SecondFactorPage(shown))
}

#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    code: String,
    #[serde(default, deserialize_with = "local")]
    next: Option<LocalPath>,
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    operator: Operator,
    Form(fields): Form<Fields>,
) -> Response {
    let session = operator.signed_in().session.clone();
    match prove(&site.portcullis, &caller, session, Proof::Code(&fields.code)).await {
        Ok(session) => match sessions::rotate(operator.session(), &session).await {
            Ok(()) => onward(fields.next.as_ref()),
            Err(error) => problem::unavailable(&error),
        },
        Err(error) => refused(error, operator.csrf(), ask(fields.next.as_ref())),
    }
}

fn ask(next: Option<&LocalPath>) -> Ask {
    Ask::Again { next: next.map_or(super::HOME, LocalPath::as_str).to_owned() }
}
