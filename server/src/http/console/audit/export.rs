//! A part of the record as a file.

use crate::flow::export::{Export, Format, NotExported, Wanted};
use crate::http::extract::operator::Operator;
use crate::http::problem;
use crate::http::router::Site;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

/// Begins to answer at once, and goes on for as long as the browser takes it. A fault on the way breaks the answer off, so
/// that nobody takes a part for the whole.
pub(super) async fn answer(site: &Site, operator: &Operator, wanted: Wanted, format: Format) -> Response {
    let name = format!("{}-{}.{}", wanted.code(), site.portcullis.now().date(), format.code());
    let export = match Export::begin(&site.portcullis, operator.person(), wanted, format).await {
        Ok(export) => export,
        Err(NotExported::Behind(known)) => return behind(&known.to_string()),
        Err(NotExported::Failure(failure)) => return problem::failed(&failure),
    };
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.piece().await.inspect_err(|failure| {
            tracing::error!(%failure, "an export was broken off");
        })?;
        Ok::<_, crate::flow::Failure>(piece.map(|piece| (piece, export)))
    });
    let kind = match format {
        Format::Csv => "text/csv; charset=utf-8; header=present",
        Format::Ndjson => "application/x-ndjson",
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

fn behind(known: &str) -> Response {
    let text = format!(
        "The index over the record is still being filled, and knows the calls before {known}. A file would lack the \
         others. Try again in a few minutes."
    );
    let mut response = problem::rendered(StatusCode::SERVICE_UNAVAILABLE, "Not at the moment", &text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
    response
}
