//! A browser as far as it matters: it keeps cookies, and sends forms from the page that it shows.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use tower::ServiceExt;

pub(crate) struct Browser {
    router: Router,
    ip: IpAddr,
    pub(crate) cookies: BTreeMap<String, String>,
    /// The token of the page that is shown.
    pub(crate) csrf: String,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.html);
        self
    }

    /// A redirect, and where to.
    #[track_caller]
    pub(crate) fn leads_to(self, place: &str) -> Self {
        let answer = self.is(303);
        assert_eq!(answer.location(), place);
        answer
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.html.contains(text), "no {text:?} in {}", self.html);
        self
    }

    pub(crate) fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// What stands between two marks.
    #[track_caller]
    pub(crate) fn between(&self, before: &str, after: &str) -> String {
        let rest = self.html.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {}", self.html)).1;
        rest.split_once(after).unwrap().0.to_owned()
    }

    pub(crate) fn all_between(&self, before: &str, after: &str) -> Vec<String> {
        self.html.split(before).skip(1).map(|rest| rest.split_once(after).unwrap().0.to_owned()).collect()
    }
}

impl Browser {
    pub(crate) fn new(router: Router, ip: IpAddr) -> Self {
        Self { router, ip, cookies: BTreeMap::new(), csrf: String::new() }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form with the token of the page that is shown.
    pub(crate) async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        self.post(path, &fields, &[("sec-fetch-site", "same-origin"), ("origin", "null")]).await
    }

    /// Sends a form just as given.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request, Body::from(body)).await
    }

    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.extension(ConnectInfo(SocketAddr::new(self.ip, 50_000)));
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let request = request.body(body).unwrap();
        let method = request.method().clone();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let html = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, html };
        for cookie in answer.set_cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((&cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            // As browsers do: what is not as strict as its prefix promises is not taken.
            assert!(!name.starts_with("__Host-") || attributes.contains("Secure"), "{cookie}");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some((_, rest)) = answer.html.split_once("name=\"csrf\" value=\"") {
            rest.split_once('"').unwrap().0.clone_into(&mut self.csrf);
        }
        assert!(method != Method::HEAD || answer.html.is_empty());
        answer
    }

    pub(crate) fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-portcullis")
    }
}
