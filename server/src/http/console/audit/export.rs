//! Hands the calls of a list out as a file, however many they are: each piece is read when the one before it was sent.

use super::listing::Address;
use super::queries;
use crate::flow::export_calls::{Export, Format, NotExported};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::problem;
use crate::http::router::Site;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

const LIST: &str = "/audit/queries";

pub(in crate::http) async fn csv(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    method: Method,
    address: Address,
) -> Response {
    export(&site, &operator, (method, address), Format::Csv).await
}

pub(in crate::http) async fn ndjson(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    method: Method,
    address: Address,
) -> Response {
    export(&site, &operator, (method, address), Format::Ndjson).await
}

async fn export(
    site: &Site,
    operator: &Operator,
    (method, address): (Method, Address),
    format: Format,
) -> Response {
    let portcullis = &site.portcullis;
    let filter = match queries::asked(portcullis, operator, &address).await {
        Ok((filter, problems)) if problems.is_empty() => filter,
        // The page of the list says what is wrong.
        Ok(_) => return queries::list(site, operator, &address.newest().at(LIST)).await,
        Err(failure) => return problem::failed(&failure),
    };
    let today = operator.person().zone.show(portcullis.now());
    let name = format!("portcullis-calls-{}", today.split(' ').next().unwrap_or_default());
    // Whoever only asks what they would get takes nothing away.
    if method == Method::HEAD {
        return file(&name, format, Body::empty());
    }
    match Export::begin(portcullis, operator.person(), filter, format).await {
        Ok(export) => file(&name, format, Body::from_stream(try_unfold(export, piece))),
        Err(NotExported::Behind(_)) => behind(),
        Err(NotExported::Failure(failure)) => problem::failed(&failure),
    }
}

/// The next piece. Where it cannot be read the connection is broken off, so that nobody takes a part for the whole.
async fn piece(mut export: Export) -> Result<Option<(String, Export)>, crate::flow::Failure> {
    match export.piece().await {
        Ok(piece) => Ok(piece.map(|piece| (piece, export))),
        Err(failure) => {
            tracing::error!(error = %failure, "an export broke off");
            Err(failure)
        }
    }
}

fn file(name: &str, format: Format, body: Body) -> Response {
    let media_type = match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Ndjson => "application/x-ndjson",
    };
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.code());
    ([(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, disposition.as_str())], body).into_response()
}

fn behind() -> Response {
    let text = "Many calls came in at once, and the newest cannot be found yet; an export would lack them. Try again shortly.";
    let mut response =
        problem::rendered(StatusCode::SERVICE_UNAVAILABLE, "Not everything is there yet", text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    response
}
