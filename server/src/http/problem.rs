//! The HTTP voice: pages for people, short JSON for programs.

use super::page::page;
use super::router::Site;
use super::visit::Visit;
use crate::flow::Failure;
use app::maintenance::{MaintenanceModel, MaintenancePage};
use app::problem::{Problem, ProblemPage};
use axum::Json;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
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

/// A fault of ours, as a person sees it: logged once, here.
pub(super) fn broken(error: &dyn Display) -> Response {
    tracing::error!(%error, "a page failed through a fault of ours");
    let text = "The fault is ours, and it is in the log. Trying again later may help.";
    rendered(StatusCode::INTERNAL_SERVER_ERROR, "Something broke", text)
}

/// The store gives no answer, as a person sees it: logged once, here.
pub(super) fn unavailable(error: &dyn Display) -> Response {
    tracing::error!(%error, "the store gives no answer, so no page can be shown");
    let text = "Our database gives no answer at the moment. Try again shortly.";
    let model = MaintenanceModel { text: text.to_owned(), request_id: request_id() };
    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, "Back in a moment", || MaintenancePage(model));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// A deed failed although nobody did anything wrong, as a person sees it.
pub(super) fn failed(failure: &Failure) -> Response {
    if failure.passes() { unavailable(failure) } else { broken(failure) }
}

/// A problem as a person sees it.
pub(super) fn rendered(status: StatusCode, title: &str, text: &str) -> Response {
    // Only where the fault is ours does its trace in the log help anybody.
    let request_id = request_id().filter(|_| status.is_server_error());
    let problem = Problem { title: title.to_owned(), text: text.to_owned(), request_id };
    page(status, title, || ProblemPage(problem))
}

fn request_id() -> Option<String> {
    Visit::current().map(|visit| visit.request_id.to_string())
}

pub(super) async fn no_such_page(State(_): State<Site>) -> Response {
    no_page()
}

/// There is no such page, or none for whoever asks: which of the two, they need not know.
pub(super) fn no_page() -> Response {
    let text = "The address may be mistyped, or the page may not be for you.";
    rendered(StatusCode::NOT_FOUND, "There is no such page", text)
}

/// Clients probe many documents; an HTML page would be taken for one.
pub(super) async fn no_such_document() -> Response {
    (StatusCode::NOT_FOUND, json("not_found", "there is no such document here")).into_response()
}

pub(super) async fn no_such_method() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, json("method_not_allowed", "this address does not answer that method"))
        .into_response()
}
