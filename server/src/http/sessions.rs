//! Sessions as the browser knows them: a cookie, which changes whenever its holder gains a right.

use super::router::Site;
use crate::flow::{Portcullis, sessions};
use crate::model::session::Session as Known;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashMap;
use std::fmt;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Error, Id, Record};
use tower_sessions::session_store::{self, SessionStore};
use tower_sessions::{Expiry, Session, SessionManagerLayer};

/// Under which name the record holds what we know of a session.
const STATE: &str = "session";

/// Gives every request its session. Nothing is asked of the store before somebody asks for the session.
pub(super) fn layer(site: &Site) -> SessionManagerLayer<Keeper> {
    SessionManagerLayer::new(Keeper(site.portcullis.clone()))
        .with_name(cookie_name(site, "portcullis"))
        .with_secure(site.is_secure())
        .with_http_only(true)
        // Strict would hide the session from one who comes from a client's page to allow it in.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The browser forgets it when it closes; how long it is good before that, the store decides.
        .with_expiry(Expiry::OnSessionEnd)
}

/// The prefix lets no other host, and no page without TLS, set the cookie (RFC 6265bis, section 4.1.3.2). Browsers take
/// it over TLS alone.
pub(super) fn cookie_name(site: &Site, name: &str) -> String {
    let prefix = if site.is_secure() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// Browsers heed the end of a `__Host-` cookie only where it is as secure as its beginning; the layer leaves that out.
pub(super) async fn mend(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if site.is_secure() {
        let ended = format!("{}=;", cookie_name(&site, "portcullis"));
        for cookie in
            response.headers_mut().iter_mut().filter(|(name, _)| *name == SET_COOKIE).map(|(_, value)| value)
        {
            if let Ok(text) = cookie.to_str()
                && text.starts_with(&ended)
                && let Ok(mended) = HeaderValue::try_from(format!("{text}; Secure; HttpOnly; SameSite=Lax"))
            {
                *cookie = mended;
            }
        }
    }
    response
}

/// What we know of this browser, if its session lives.
pub(crate) async fn read(session: &Session) -> Result<Option<Known>, Error> {
    session.get(STATE).await
}

/// Writes down what changed, under the same cookie.
pub(crate) async fn write(session: &Session, state: &Known) -> Result<(), Error> {
    session.insert(STATE, state).await
}

/// Writes down what changed, under a new cookie: whoever knew the old one gains nothing.
pub(crate) async fn rotate(session: &Session, state: &Known) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(STATE, state).await
}

/// Takes the cookie away.
pub(crate) async fn drop(session: &Session) -> Result<(), Error> {
    session.flush().await
}

/// Keeps records in our store, whose rows know whose session it is.
#[derive(Clone)]
pub(super) struct Keeper(Portcullis);

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

#[async_trait]
impl SessionStore for Keeper {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        sessions::begin(&self.0, &record.id.to_string(), &state(record)?).await.map_err(broken)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        sessions::keep(&self.0, &record.id.to_string(), &state(record)?).await.map_err(broken)
    }

    /// Whether the session lives is the store's business, by our clock; the record's own date says nothing.
    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(state) = sessions::find(&self.0, &id.to_string()).await.map_err(broken)? else {
            return Ok(None);
        };
        let expiry_date = state.began_at + self.0.session_life().absolute;
        let state =
            serde_json::to_value(state).map_err(|error| session_store::Error::Encode(error.to_string()))?;
        Ok(Some(Record { id: *id, data: HashMap::from([(STATE.to_owned(), state)]), expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sessions::forget(&self.0, &id.to_string()).await.map_err(broken)
    }
}

fn state(record: &Record) -> session_store::Result<Known> {
    let state = record.data.get(STATE).cloned().unwrap_or_default();
    serde_json::from_value(state).map_err(|error| session_store::Error::Decode(error.to_string()))
}

fn broken(error: impl fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
