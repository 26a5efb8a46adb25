//! The first administrator makes themselves known, by a link that was printed at the start.

use crate::flow::add_person::{NotAdded, PersonWish};
use crate::flow::set_up::{NotSetUp, is_good, set_up};
use crate::http::extract::browser::Browser;
use crate::http::extract::form::Form;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::caller::Caller;
use crate::model::person::{Powers, Username};
use app::set_up::{SetUp, SetUpPage, SetUpProblems};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    browser: Browser,
    Path(token): Path<String>,
) -> Response {
    match is_good(&site.portcullis, &token).await {
        Ok(true) => {
            let shown = SetUp { csrf: browser.csrf.to_string(), token, ..SetUp::default() };
            page(StatusCode::OK, "Set up Portcullis", || SetUpPage(shown))
        }
        Ok(false) => gone(),
        Err(failure) => problem::failed(&failure),
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct Fields {
    username: String,
    display_name: String,
    email: String,
    password: String,
}

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    browser: Browser,
    Path(token): Path<String>,
    Form(fields): Form<Fields>,
) -> Response {
    let refused = |problems: SetUpProblems| {
        let csrf = browser.csrf.to_string();
        let Fields { username, email, display_name, .. } = &fields;
        let (username, email, display_name) = (username.clone(), email.clone(), display_name.clone());
        let shown = SetUp { csrf, token: token.clone(), username, email, display_name, problems };
        page(StatusCode::UNPROCESSABLE_ENTITY, "Set up Portcullis", || SetUpPage(shown))
    };
    let Ok(username) = fields.username.trim().parse::<Username>() else {
        let problem = "Use lower-case letters, digits and . _ @ - only, a letter or digit first.".to_owned();
        return refused(SetUpProblems { username: Some(problem), ..SetUpProblems::default() });
    };
    let wish = PersonWish {
        username: &username,
        email: fields.email.trim(),
        display_name: fields.display_name.trim(),
        password: &fields.password,
        powers: Powers { staff: true, auditor: true, admin: true },
        profiles: &[],
        actor: username.as_str(),
    };
    match set_up(&site.portcullis, &caller, &token, &wish).await {
        Ok(session) => match sessions::rotate(&browser.session, &session).await {
            Ok(()) => Redirect::to("/sign-in/enrol").into_response(),
            Err(error) => problem::unavailable(&error),
        },
        Err(NotSetUp::BadLink) => gone(),
        Err(NotSetUp::Failure(failure) | NotSetUp::NotAdded(NotAdded::Failure(failure))) => {
            problem::failed(&failure)
        }
        Err(NotSetUp::NotAdded(not_added)) => refused(problems(&not_added)),
    }
}

fn problems(not_added: &NotAdded) -> SetUpProblems {
    let none = SetUpProblems::default();
    let problem = Some(super::sentence(&not_added.to_string()));
    match not_added {
        NotAdded::BadEmail(_) => SetUpProblems { email: problem, ..none },
        NotAdded::BadName => SetUpProblems { display_name: problem, ..none },
        NotAdded::Unfit(_) => SetUpProblems { password: problem, ..none },
        NotAdded::Taken(_) | NotAdded::NotAssigned(_) | NotAdded::Failure(_) => {
            SetUpProblems { username: problem, ..none }
        }
    }
}

fn gone() -> Response {
    let text = "It is good once, for an hour, and only as long as nobody is known. \
                Starting the program again prints a new one, if nobody is known yet.";
    problem::rendered(StatusCode::NOT_FOUND, "This link is no longer good", text)
}
