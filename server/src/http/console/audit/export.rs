//! Hands a list of the record out as a file, however long it is: each piece is read when the one before it was sent.

use super::listing::Address;
use super::{denials, events, queries};
use crate::flow::Failure;
use crate::flow::export::{Export, Format, NotExported, Wanted};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::problem;
use crate::http::router::Site;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;

/// The file of a list, in the form that its address ends with.
pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    method: Method,
    address: Address,
) -> Response {
    let format = match address.path().rsplit_once('.') {
        Some((_, "csv")) => Format::Csv,
        _ => Format::Ndjson,
    };
    let wanted = match wanted(&site, &operator, &address).await {
        Ok(Ok(wanted)) => wanted,
        Ok(Err(list)) => return list,
        Err(failure) => return problem::failed(&failure),
    };
    let today = operator.person().zone.show(site.portcullis.now());
    let name = format!("portcullis-{}-{}", wanted.code(), today.split(' ').next().unwrap_or_default());
    // Whoever only asks what they would get takes nothing away.
    if method == Method::HEAD {
        return file(&name, format, Body::empty());
    }
    match Export::begin(&site.portcullis, operator.person(), wanted, format).await {
        Ok(export) => file(&name, format, Body::from_stream(try_unfold(export, piece))),
        Err(NotExported::Behind(_)) => behind(),
        Err(NotExported::Failure(failure)) => problem::failed(&failure),
    }
}

/// What is asked for; where a filter cannot be understood, the page of the list, which says so.
async fn wanted(
    site: &Site,
    operator: &Operator,
    address: &Address,
) -> Result<Result<Wanted, Response>, Failure> {
    let portcullis = &site.portcullis;
    let list = |path: &str| address.newest().at(path);
    Ok(if address.path().starts_with(denials::PATH) {
        match denials::asked(portcullis, operator, address).await? {
            (filter, problems) if problems.is_empty() => Ok(Wanted::Denials(filter)),
            _ => Err(denials::shown(site, operator, &list(denials::PATH), None).await),
        }
    } else if address.path().starts_with(events::PATH) {
        match events::asked(portcullis, operator, address).await? {
            (filter, problems) if problems.is_empty() => Ok(Wanted::Events(filter)),
            _ => Err(events::shown(site, operator, &list(events::PATH), None).await),
        }
    } else {
        match queries::asked(portcullis, operator, address).await? {
            (filter, problems) if problems.is_empty() => Ok(Wanted::Calls(filter)),
            _ => Err(queries::list(site, operator, &list(queries::PATH)).await),
        }
    })
}

/// The next piece. Where it cannot be read the connection is broken off, so that nobody takes a part for the whole.
async fn piece(mut export: Export) -> Result<Option<(String, Export)>, Failure> {
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
