//! The revocation endpoint (RFC 7009).

use super::{body, problem, token};
use crate::flow::end_grant::{NotEnded, end_token};
use crate::http::problem as http_problem;
use crate::http::router::Site;
use crate::model::parameters::Parameters;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

pub(crate) async fn revoke(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = "application/x-www-form-urlencoded";
    let parameters = match body::read(&parts.headers, body, form, "invalid_request").await {
        Ok(bytes) => Parameters::read(&bytes),
        Err(unreadable) => return unreadable,
    };
    let bad = |description: String| problem::bad_request("invalid_request", &description);
    let secret = match parameters.one("token") {
        Ok(Some(secret)) => secret,
        Ok(None) => return bad("`token` is missing".to_owned()),
        Err(repeated) => return bad(repeated.to_string()),
    };
    let client = match parameters.one("client_id") {
        Ok(client) => client.map(str::to_owned).or_else(|| token::basic(&parts.headers)),
        Err(repeated) => return bad(repeated.to_string()),
    };
    match end_token(&site.portcullis, client.as_deref(), secret).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(NotEnded::OtherClient) => problem::invalid_client("the token was issued to another client"),
        Err(NotEnded::Store(error)) => problem::unavailable(&error),
        Err(NotEnded::NoEntropy(error)) => http_problem::our_fault(&error),
    }
}
