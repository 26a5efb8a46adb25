//! The browser behind a request, signed in or not.

use crate::http::csrf::Csrf;
use crate::http::router::Site;
use crate::http::{problem, sessions};
use crate::model::session::Session as State;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use tower_cookies::Cookies;
use tower_sessions::Session;

pub(crate) struct Browser {
    pub(crate) session: Session,
    /// What we know of it, if its session lives.
    pub(crate) state: Option<State>,
    pub(crate) csrf: Csrf,
    pub(crate) cookies: Cookies,
}

impl FromRequestParts<Site> for Browser {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let (Some(session), Some(cookies)) =
            (parts.extensions.get::<Session>().cloned(), parts.extensions.get::<Cookies>().cloned())
        else {
            return Err(problem::broken(&"a request without a session"));
        };
        let state = sessions::read(&session).await.map_err(|error| problem::unavailable(&error))?;
        let csrf = match (&state, session.id()) {
            (Some(_), Some(id)) => Csrf::of_session(&id.to_string()),
            _ => Csrf::of_visitor(site, &cookies).map_err(|error| problem::broken(&error))?,
        };
        Ok(Self { session, state, csrf, cookies })
    }
}
