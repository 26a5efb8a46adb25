//! A form counts only when it comes from a page of ours, shown to this very browser.
//!
//! Every form bears a token that only our pages can know: it is derived from the session's cookie, or before there is a
//! session, from a cookie of its own. Beside it, what the browser says about where the form was sent from must fit.

use super::router::Site;
use super::sessions;
use crate::model::rng::NoEntropy;
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use tower_cookies::cookie::SameSite;
use tower_cookies::{Cookie, Cookies};

/// The name of the hidden field.
pub(crate) const FIELD: &str = "csrf";

/// The token of this browser's forms.
#[derive(Clone)]
pub(crate) struct Csrf(String);

impl Csrf {
    /// For a browser with a session.
    pub(super) fn of_session(id: &str) -> Self {
        Self::derived("session", id)
    }

    /// For a browser without one: it gets a cookie for this purpose.
    pub(super) fn of_visitor(site: &Site, cookies: &Cookies) -> Result<Self, NoEntropy> {
        let name = sessions::cookie_name(site, "portcullis-form");
        if let Some(cookie) = cookies.get(&name)
            && BASE64URL_NOPAD.decode(cookie.value().as_bytes()).is_ok_and(|bytes| bytes.len() == 32)
        {
            return Ok(Self::derived("visitor", cookie.value()));
        }
        let value = BASE64URL_NOPAD.encode(&site.portcullis.rng().bytes::<32>()?);
        let csrf = Self::derived("visitor", &value);
        let cookie = Cookie::build((name, value))
            .path("/")
            .secure(site.is_secure())
            .http_only(true)
            // A form of ours may be the first thing that somebody sees who comes from elsewhere.
            .same_site(SameSite::Lax);
        cookies.add(cookie.build());
        Ok(csrf)
    }

    fn derived(from: &str, secret: &str) -> Self {
        let digest = Sha256::new()
            .chain_update("portcullis form\0")
            .chain_update(from)
            .chain_update("\0")
            .chain_update(secret)
            .finalize();
        Self(BASE64URL_NOPAD.encode(&digest))
    }

    /// Whether an urlencoded body bears this token; the rest of the body is not looked at.
    pub(super) fn is_borne_by(&self, body: &[u8]) -> bool {
        let mut tokens = url::form_urlencoded::parse(body).filter(|(name, _)| name == FIELD);
        let (first, second) = (tokens.next(), tokens.next());
        matches!((first, second), (Some((_, token)), None) if bool::from(token.as_bytes().ct_eq(self.0.as_bytes())))
    }
}

/// What the hidden field holds.
impl fmt::Display for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the browser, so far as it says anything, sent this from a page of ours.
///
/// `Origin` is `null` on our own forms, because our pages send no referrer (Fetch, section 3.2); then the word of
/// `Sec-Fetch-Site` is needed.
pub(super) fn is_from_here(site: &Site, headers: &HeaderMap) -> bool {
    let said = |value: &axum::http::HeaderValue| value.to_str().unwrap_or("?").to_owned();
    let fetch_site = headers.get("sec-fetch-site").map(said);
    let origin = headers.get(ORIGIN).map(said);
    let here = site.public_url.origin().ascii_serialization();
    match (fetch_site.as_deref(), origin.as_deref()) {
        (Some("same-origin"), None | Some("null")) | (Some("none") | None, None) => true,
        (Some("same-origin" | "none") | None, Some(origin)) => origin == here,
        _ => false,
    }
}
