//! The bearer of a request, judged anew each time (RFC 6750).

use crate::flow::Portcullis;
use crate::flow::authenticate::{NotAuthenticated, Principal, authenticate};
use crate::http::{problem, well_known};
use crate::model::caller::Caller;
use crate::model::token::SCOPE;
use crate::telemetry::Layer;
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// Who sent this request; otherwise the answer that turns them away. The token is taken out of the request: nothing
/// behind the door has any use for it.
pub(crate) async fn principal(portcullis: &Portcullis, parts: &mut Parts) -> Result<Principal, Response> {
    let token = bearer(&parts.headers);
    parts.headers.remove(AUTHORIZATION);
    let Some(caller) = parts.extensions.get::<Caller>().cloned() else {
        return Err(problem::our_fault(&"a request without an identity"));
    };
    let about = well_known::about(portcullis, parts.uri.path());
    let challenge = format!("Bearer realm=\"portcullis\", resource_metadata=\"{about}\", scope=\"{SCOPE}\"");
    let Some(token) = token else {
        return Err(unauthorized(&challenge));
    };
    Layer::Authenticate.around(authenticate(portcullis, caller, &token)).await.map_err(|error| match error {
        NotAuthenticated::Unknown | NotAuthenticated::Denied(_) => {
            tracing::info!(%error, "a token was turned away");
            unauthorized(&format!(
                "{challenge}, error=\"invalid_token\", \
                 error_description=\"the token is unknown, expired, revoked, or no longer good for this\""
            ))
        }
        NotAuthenticated::Store(error) => unavailable(&error),
        NotAuthenticated::NoEntropy(error) => problem::our_fault(&error),
    })
}

/// The token of `Authorization: Bearer ...`; the scheme's name has no case (RFC 9110, section 11.1).
fn bearer(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn unauthorized(challenge: &str) -> Response {
    let body = problem::json("unauthorized", "a bearer token is needed: `Authorization: Bearer ...`");
    let mut response = (StatusCode::UNAUTHORIZED, body).into_response();
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Never a 401: a client would throw its good token away.
fn unavailable(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "nobody can be authenticated, so nobody is let in");
    let body = problem::json(
        "temporarily_unavailable",
        "who asks cannot be checked at the moment; try again shortly",
    );
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "2")], body).into_response()
}
