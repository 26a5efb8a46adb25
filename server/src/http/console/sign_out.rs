//! The end of a session.

use crate::flow::sessions::sign_out;
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::Operator;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use app::signed_out::SignedOutPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

pub(in crate::http) async fn submit(
    State(site): State<Site>,
    operator: Operator,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    if let Err(failure) = sign_out(&site.portcullis, operator.signed_in()).await {
        return problem::failed(&failure);
    }
    match sessions::drop(operator.session()).await {
        Ok(()) => Redirect::to("/signed-out").into_response(),
        Err(error) => problem::unavailable(&error),
    }
}

pub(in crate::http) async fn show() -> Response {
    page(StatusCode::OK, "Signed out", SignedOutPage)
}
