//! The first step of signing in.

use super::too_fast::too_fast;
use super::{Next, local, onward};
use crate::flow::sign_in::{Credentials, NotSignedIn, sign_in};
use crate::http::extract::browser::Browser;
use crate::http::extract::form::Form;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::caller::Caller;
use crate::model::local_path::LocalPath;
use app::sign_in::{SignIn, SignInPage};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub(in crate::http) async fn show(browser: Browser, Query(Next { next }): Query<Next>) -> Response {
    // Somebody who is signed in already has no business here; but a session without a factor may begin anew.
    if browser.state.as_ref().is_some_and(crate::model::session::Session::is_signed_in) {
        return onward(next.as_ref());
    }
    let shown =
        SignIn { csrf: browser.csrf.to_string(), next: text(next), username: String::new(), problem: None };
    page(StatusCode::OK, "Sign in", || SignInPage(shown))
}

#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    username: String,
    password: String,
    #[serde(default, deserialize_with = "local")]
    next: Option<LocalPath>,
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    browser: Browser,
    Form(fields): Form<Fields>,
) -> Response {
    let Fields { username, password, next } = fields;
    let credentials = Credentials { username: &username, password: &password, next: next.clone() };
    match sign_in(&site.portcullis, &caller, credentials).await {
        Ok(session) => match sessions::rotate(&browser.session, &session).await {
            Ok(()) => Redirect::to("/sign-in/code").into_response(),
            Err(error) => problem::unavailable(&error),
        },
        Err(NotSignedIn::Wrong) => {
            let problem = Some("The username or the password is wrong.".to_owned());
            let shown = SignIn { csrf: browser.csrf.to_string(), next: text(next), username, problem };
            page(StatusCode::UNPROCESSABLE_ENTITY, "Sign in", || SignInPage(shown))
        }
        Err(NotSignedIn::TooFast(wait)) => too_fast(wait),
        Err(NotSignedIn::Failure(failure)) => problem::failed(&failure),
    }
}

fn text(next: Option<LocalPath>) -> Option<String> {
    next.map(|next| next.to_string())
}
