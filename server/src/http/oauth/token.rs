//! The token endpoint (RFC 6749, section 3.2).

use super::{body, problem};
use crate::flow::exchange::{CodeBrought, NoTokens, Pair, RefreshBrought, exchange, refresh};
use crate::http::problem as http_problem;
use crate::http::router::Site;
use crate::model::caller::Caller;
use crate::model::parameters::{Parameters, Repeated};
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use data_encoding::BASE64;
use serde_json::json;

/// A form, as all of OAuth's.
const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) async fn token(
    State(site): State<Site>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let parameters = match body::read(&parts.headers, body, FORM, "invalid_request").await {
        Ok(bytes) => Parameters::read(&bytes),
        Err(unreadable) => return unreadable,
    };
    let pair = match brought(&parts.headers, &parameters) {
        Ok(brought) => bring(&site, &caller, &parameters, &brought).await,
        Err(refused) => Err(refused),
    };
    match pair {
        Ok(pair) => told(&pair),
        Err(error) => refused(error),
    }
}

/// What every request of a client has.
struct Brought {
    grant_type: String,
    client: String,
}

async fn bring(
    site: &Site,
    caller: &Caller,
    parameters: &Parameters,
    brought: &Brought,
) -> Result<Pair, Refused> {
    let resources: Vec<&str> = parameters.all("resource").collect();
    match brought.grant_type.as_str() {
        "authorization_code" => {
            let code = CodeBrought {
                client: &brought.client,
                code: needed(parameters, "code")?,
                redirect_uri: parameters.one("redirect_uri")?,
                verifier: needed(parameters, "code_verifier")?,
                resources: &resources,
            };
            Ok(exchange(&site.portcullis, caller, &code).await?)
        }
        "refresh_token" => {
            let token = RefreshBrought {
                client: &brought.client,
                token: needed(parameters, "refresh_token")?,
                scope: parameters.one("scope")?,
                resources: &resources,
            };
            Ok(refresh(&site.portcullis, caller, &token).await?)
        }
        _ => Err(Refused::GrantType),
    }
}

enum Refused {
    Request(String),
    NoClient,
    GrantType,
    Flow(NoTokens),
}

impl From<Repeated> for Refused {
    fn from(repeated: Repeated) -> Self {
        Self::Request(repeated.to_string())
    }
}

impl From<NoTokens> for Refused {
    fn from(error: NoTokens) -> Self {
        Self::Flow(error)
    }
}

fn needed<'a>(parameters: &'a Parameters, name: &'static str) -> Result<&'a str, Refused> {
    parameters.one(name)?.ok_or_else(|| Refused::Request(format!("`{name}` is missing")))
}

fn brought(headers: &HeaderMap, parameters: &Parameters) -> Result<Brought, Refused> {
    let grant_type = needed(parameters, "grant_type")?.to_owned();
    let client = match (parameters.one("client_id")?, basic(headers)) {
        (Some(one), Some(other)) if one != other => {
            return Err(Refused::Request("there are two clients in this request".to_owned()));
        }
        (Some(client), _) => client.to_owned(),
        (None, Some(client)) => client,
        (None, None) => return Err(Refused::NoClient),
    };
    Ok(Brought { grant_type, client })
}

/// The client's id out of a header of HTTP Basic. Every client here is a public one, so that what it sends as a password
/// proves nothing and is not looked at. Some encode both parts as a form would and some do not.
pub(super) fn basic(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (client, _) = decoded.split_once(':')?;
    url::form_urlencoded::parse(format!("c={client}").as_bytes())
        .next()
        .map(|(_, client)| client.into_owned())
}

fn told(pair: &Pair) -> Response {
    let mut body = json!({
        "access_token": pair.access.reveal(),
        "token_type": "Bearer",
        "expires_in": pair.expires_in,
        "scope": pair.scope,
    });
    if let (Some(refresh), Some(members)) = (&pair.refresh, body.as_object_mut()) {
        members.insert("refresh_token".to_owned(), json!(refresh.reveal()));
    }
    problem::answer(StatusCode::OK, body)
}

fn refused(refused: Refused) -> Response {
    match refused {
        Refused::Request(description) => problem::bad_request("invalid_request", &description),
        Refused::NoClient => problem::invalid_client("`client_id` is missing"),
        Refused::GrantType | Refused::Flow(NoTokens::NoRefreshing) => {
            problem::bad_request("unsupported_grant_type", "this grant type is not served here")
        }
        Refused::Flow(error) => {
            let description = error.to_string();
            match error {
                NoTokens::InvalidClient => problem::invalid_client(&description),
                NoTokens::InvalidScope => problem::bad_request("invalid_scope", &description),
                NoTokens::InvalidTarget => problem::bad_request("invalid_target", &description),
                NoTokens::InvalidGrant | NoTokens::NoRefreshing => {
                    problem::bad_request("invalid_grant", &description)
                }
                NoTokens::Store(error) => problem::unavailable(&error),
                NoTokens::NoEntropy(error) => http_problem::our_fault(&error),
            }
        }
    }
}
