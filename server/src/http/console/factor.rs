//! The second step of signing in: a code of the app, or a recovery code.

use super::step;
use super::too_fast::too_fast;
use crate::flow::prove::{NotProven, Proof, is_enrolled, prove};
use crate::http::extract::browser::Browser;
use crate::http::extract::form::Form;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::caller::Caller;
use app::second_factor::{Ask, SecondFactor, SecondFactorPage};
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub(in crate::http) async fn show_code(site: State<Site>, browser: Browser) -> Response {
    show(site, browser, Ask::Code).await
}

pub(in crate::http) async fn show_recovery(site: State<Site>, browser: Browser) -> Response {
    show(site, browser, Ask::Recovery).await
}

async fn show(State(site): State<Site>, browser: Browser, ask: Ask) -> Response {
    let Some(session) = browser.state.filter(|session| !session.is_signed_in()) else {
        return step(None);
    };
    match is_enrolled(&site.portcullis, session.person_id).await {
        Ok(true) => {
            let shown = SecondFactor { csrf: browser.csrf.to_string(), ask, problem: None };
            page(StatusCode::OK, "Second factor", || SecondFactorPage(shown))
        }
        Ok(false) => Redirect::to("/sign-in/enrol").into_response(),
        Err(failure) => problem::failed(&failure),
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    code: String,
}

pub(in crate::http) async fn submit_code(
    site: State<Site>,
    caller: Extension<Caller>,
    browser: Browser,
    Form(fields): Form<Fields>,
) -> Response {
    submit(site, caller, browser, Proof::Code(&fields.code)).await
}

pub(in crate::http) async fn submit_recovery(
    site: State<Site>,
    caller: Extension<Caller>,
    browser: Browser,
    Form(fields): Form<Fields>,
) -> Response {
    submit(site, caller, browser, Proof::Recovery(&fields.code)).await
}

async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    browser: Browser,
    proof: Proof<'_>,
) -> Response {
    let Some(session) = browser.state.filter(|session| !session.is_signed_in()) else {
        return step(None);
    };
    match prove(&site.portcullis, &caller, session, proof).await {
        Ok(session) => match sessions::rotate(&browser.session, &session).await {
            Ok(()) => step(Some(&session)),
            Err(error) => problem::unavailable(&error),
        },
        Err(error) => {
            let ask = match proof {
                Proof::Code(_) => Ask::Code,
                Proof::Recovery(_) => Ask::Recovery,
            };
            refused(error, browser.csrf.to_string(), ask)
        }
    }
}

/// Says what is wrong with a code.
pub(super) fn refused(error: NotProven, csrf: String, ask: Ask) -> Response {
    let problem = match error {
        NotProven::Wrong if ask == Ask::Recovery => {
            "This is none of your recovery codes, or it was used before."
        }
        NotProven::Wrong => "This code is wrong, or its time is over.",
        NotProven::Used => "This code was used before. Wait for the next one.",
        NotProven::NotEnrolled | NotProven::Ended => return step(None),
        NotProven::TooFast(wait) => return too_fast(wait),
        NotProven::Failure(failure) => return problem::failed(&failure),
    };
    let shown = SecondFactor { csrf, ask, problem: Some(problem.to_owned()) };
    page(StatusCode::UNPROCESSABLE_ENTITY, "Second factor", || SecondFactorPage(shown))
}
