//! Somebody who is signed in: an active person with a second factor.

use super::browser::Browser;
use crate::flow::sessions::{SignedIn, signed_in};
use crate::http::csrf::Csrf;
use crate::http::router::Site;
use crate::http::{flash, problem};
use crate::model::person::Person;
use app::parts::Flash;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use tower_cookies::Cookies;
use tower_sessions::Session;
use uuid::Uuid;

/// Proof that the request comes from somebody who is signed in; extracting it is the only way to have one. Anybody else
/// is led to sign in, and then back.
pub(crate) struct Operator {
    signed_in: SignedIn,
    session: Session,
    csrf: Csrf,
    cookies: Cookies,
}

impl Operator {
    pub(crate) fn person(&self) -> &Person {
        &self.signed_in.person
    }

    /// How they are named in the record.
    pub(crate) fn name(&self) -> &str {
        self.signed_in.person.username.as_str()
    }

    /// Names the session, in lists, in the record, and beside what is granted in it.
    pub(crate) fn session_id(&self) -> Uuid {
        self.signed_in.session.id
    }

    pub(crate) fn signed_in(&self) -> &SignedIn {
        &self.signed_in
    }

    /// The browser's hold on the session.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// What was just done, if this is the page after it.
    pub(crate) fn flash(&self, site: &Site) -> Option<Flash> {
        flash::take(site, &self.cookies)
    }

    /// On to `page`, which says what was done.
    pub(crate) fn done(&self, site: &Site, what: impl Into<String>, page: &str) -> Response {
        flash::leave(site, &self.cookies, &Flash::done(what));
        Redirect::to(page).into_response()
    }

    /// On to `page`, which says why it was not done.
    pub(crate) fn not_done(&self, site: &Site, why: impl Into<String>, page: &str) -> Response {
        flash::leave(site, &self.cookies, &Flash::problem(why));
        Redirect::to(page).into_response()
    }

    /// What the hidden field `csrf` of every form must hold.
    pub(crate) fn csrf(&self) -> String {
        self.csrf.to_string()
    }
}

impl FromRequestParts<Site> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let operator = <Self as OptionalFromRequestParts<Site>>::from_request_parts(parts, site).await?;
        operator.ok_or_else(|| sent_to("/sign-in", parts))
    }
}

/// For pages that strangers see as well, each in their way.
impl OptionalFromRequestParts<Site> for Operator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Option<Self>, Response> {
        let Browser { session, state, csrf, cookies } = Browser::from_request_parts(parts, site).await?;
        let Some(state) = state else { return Ok(None) };
        let signed_in =
            signed_in(&site.portcullis, state).await.map_err(|error| problem::unavailable(&error))?;
        Ok(signed_in.map(|signed_in| Self { signed_in, session, csrf, cookies }))
    }
}

/// Somebody who is signed in and showed the second factor within the last five minutes, as the dangerous acts ask.
/// Anybody else is asked for it, and led back; so the address of such a form must answer GET as well.
pub(crate) struct Fresh(pub(crate) Operator);

impl FromRequestParts<Site> for Fresh {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let operator = <Operator as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if operator.signed_in.session.is_fresh(site.portcullis.now()) {
            Ok(Self(operator))
        } else {
            Err(sent_to("/sign-in/again", parts))
        }
    }
}

/// Somebody who may look into the record of everybody. For all others there is no such page.
pub(crate) struct Auditor(pub(crate) Operator);

impl FromRequestParts<Site> for Auditor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let operator = <Operator as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if operator.person().powers.can_audit() { Ok(Self(operator)) } else { Err(problem::no_page()) }
    }
}

/// Somebody who administers Portcullis. For all others there is no such page.
pub(crate) struct Administrator(pub(crate) Operator);

impl FromRequestParts<Site> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let operator = <Operator as FromRequestParts<Site>>::from_request_parts(parts, site).await?;
        if operator.person().powers.admin { Ok(Self(operator)) } else { Err(problem::no_page()) }
    }
}

/// An administrator who showed the second factor within the last five minutes, as every act asks that gives somebody more
/// than they had. Where it was longer ago they are asked, and led back to the page that the form stands on: that of the
/// address without its last segment.
pub(crate) struct FreshAdministrator(pub(crate) Operator);

impl FromRequestParts<Site> for FreshAdministrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let Administrator(operator) = Administrator::from_request_parts(parts, site).await?;
        if operator.signed_in.session.is_fresh(site.portcullis.now()) {
            return Ok(Self(operator));
        }
        if parts.method == Method::GET {
            return Err(sent_to("/sign-in/again", parts));
        }
        let page = parts.uri.path().rsplit_once('/').map_or("/", |(page, _)| page);
        let message = "Nothing was changed yet: your second factor was asked for first. Do it again now.";
        Err(operator.not_done(site, message, &with_next("/sign-in/again", page)))
    }
}

fn sent_to(page: &str, parts: &Parts) -> Response {
    // Whatever was sent is lost on the way; what the address says, like a client's request, is not.
    let query = parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::to(&with_next(page, &format!("{}{query}", parts.uri.path()))).into_response()
}

fn with_next(page: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{page}?next={next}")
}
