//! The HTTP voice: pages for people, short JSON for programs.

use super::page::page;
use super::router::Site;
use app::problem::{Problem, ProblemPage};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::fmt::Display;

/// A problem as a program reads it.
pub(super) fn json(error: &str, description: &str) -> Json<Value> {
    Json(json!({ "error": error, "error_description": description }))
}

/// A fault of ours: logged once, here, with the request's id; the answer shows the id in a header.
pub(super) fn our_fault(error: &dyn Display) -> Response {
    tracing::error!(%error, "a request failed through a fault of ours");
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        json("server_error", "this is our fault; the request id leads to the log"),
    )
        .into_response()
}

pub(super) async fn no_such_page(State(_): State<Site>) -> Response {
    let problem = Problem {
        title: "There is no such page".to_owned(),
        text: "The address may be mistyped, or the page may not be for you.".to_owned(),
    };
    page(StatusCode::NOT_FOUND, "Not found", || ProblemPage(problem)).await
}

/// Clients probe many documents; an HTML page would be taken for one.
pub(super) async fn no_such_document() -> Response {
    (StatusCode::NOT_FOUND, json("not_found", "there is no such document here")).into_response()
}

pub(super) async fn no_such_method() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, json("method_not_allowed", "this address does not answer that method"))
        .into_response()
}
