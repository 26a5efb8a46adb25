//! The authorization endpoint (RFC 6749, section 3.1): a client sends a browser here, and a person decides.

use super::pages;
use crate::flow::authorize::{Asked, NotAsked, authorize};
use crate::flow::consent::{Choice, NotApproved, approve, offers, refuse};
use crate::http::extract::form::Form;
use crate::http::extract::operator::Operator;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::caller::Caller;
use crate::model::parameters::Parameters;
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Shows what is asked.
pub(crate) async fn ask(
    State(site): State<Site>,
    operator: Operator,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Response {
    let asked = match judge(&site, &operator, &caller, &uri).await {
        Ok(asked) => asked,
        Err(refused) => return told(&site, refused),
    };
    if asked.is_settled(&site.portcullis) {
        let relations =
            offers(&asked).await.first().map(|offer| (offer.profile.name.to_string(), offer.relations()));
        let (profile, relations) = relations.unwrap_or_default();
        let kept: Vec<&str> = relations.iter().map(String::as_str).collect();
        return match approved(&site, &operator, &asked, &Choice { profile: &profile, kept: &kept }).await {
            Ok(address) => Redirect::to(&address).into_response(),
            Err(error) => failed(&error),
        };
    }
    let view = pages::View { uri: &uri, operator: &operator, asked: &asked, offers: offers(&asked).await };
    pages::consent(StatusCode::OK, &view, None, None)
}

/// What a person sends back.
#[derive(Deserialize)]
pub(crate) struct Decision {
    #[serde(rename = "decision")]
    verdict: String,
    #[serde(default)]
    profile: String,
    /// `profile/schema.name` of each relation that stays in.
    #[serde(default)]
    keep: Vec<String>,
}

/// Does as the person decided. The request itself is judged anew: what the page showed is what the address says.
pub(crate) async fn decide(
    State(site): State<Site>,
    operator: Operator,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    Form(decision): Form<Decision>,
) -> Response {
    let asked = match judge(&site, &operator, &caller, &uri).await {
        Ok(asked) => asked,
        Err(refused) => return told(&site, refused),
    };
    let place = asked.reply.to.place();
    if decision.verdict != "approve" {
        return match refuse(&site.portcullis, operator.person(), &asked).await {
            Ok(address) => pages::handover(&address, &asked.client.name, &place, pages::Ended::Refused),
            Err(error) => failed(&error),
        };
    }
    let prefix = format!("{}/", decision.profile);
    let kept: Vec<&str> = decision.keep.iter().filter_map(|kept| kept.strip_prefix(&prefix)).collect();
    let choice = Choice { profile: &decision.profile, kept: &kept };
    match approved(&site, &operator, &asked, &choice).await {
        Ok(address) => pages::handover(&address, &asked.client.name, &place, pages::Ended::Approved),
        Err(error @ (NotApproved::NoProfile | NotApproved::NothingLeft)) => {
            let view =
                pages::View { uri: &uri, operator: &operator, asked: &asked, offers: offers(&asked).await };
            pages::consent(StatusCode::UNPROCESSABLE_ENTITY, &view, Some(&choice), Some(error.to_string()))
        }
        Err(error) => failed(&error),
    }
}

async fn judge(site: &Site, operator: &Operator, caller: &Caller, uri: &Uri) -> Result<Asked, NotAsked> {
    let parameters = Parameters::read(uri.query().unwrap_or_default().as_bytes());
    authorize(&site.portcullis, caller, operator.person(), &parameters).await
}

async fn approved(
    site: &Site,
    operator: &Operator,
    asked: &Asked,
    choice: &Choice<'_>,
) -> Result<String, NotApproved> {
    approve(&site.portcullis, operator.person(), operator.session_id(), asked, choice).await
}

fn told(site: &Site, refused: NotAsked) -> Response {
    match refused {
        NotAsked::Here(why) => {
            problem::rendered(StatusCode::BAD_REQUEST, "This request cannot be answered", &why)
        }
        NotAsked::There { reply, error, description } => {
            Redirect::to(&reply.error(&site.portcullis, error, &description)).into_response()
        }
        NotAsked::Store(error) => problem::unavailable(&error),
        NotAsked::NoEntropy(error) => problem::broken(&error),
    }
}

fn failed(error: &NotApproved) -> Response {
    match error {
        NotApproved::Store(error) => problem::unavailable(error),
        other => problem::broken(other),
    }
}
