//! What every page shows of the request that it answers, whoever answers it: problems are told by extractors and fallbacks,
//! which have nothing of the request at hand.

use super::router::Site;
use super::sessions;
use crate::http::extract::browser::Browser;
use crate::http::extract::form::Form;
use crate::model::local_path::LocalPath;
use app::parts::Theme;
use axum::extract::State;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_cookies::Cookie;
use tower_cookies::cookie::SameSite;
use tower_cookies::cookie::time::Duration;
use uuid::Uuid;

tokio::task_local! {
    static VISIT: Visit;
}

/// One request, as its page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) request_id: Uuid,
    pub(crate) theme: Theme,
    /// The path and the query that were asked for.
    pub(crate) path: String,
}

impl Visit {
    pub(super) fn of(site: &Site, request_id: Uuid, uri: &Uri, headers: &HeaderMap) -> Self {
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Self { request_id, theme: chosen(site, headers), path }
    }

    /// Answers a request; whatever page is made meanwhile knows of this visit.
    pub(super) async fn during<T>(self, answer: impl Future<Output = T>) -> T {
        VISIT.scope(self, answer).await
    }

    /// The visit that is being answered; `None` outside of any.
    pub(crate) fn current() -> Option<Self> {
        VISIT.try_with(Self::clone).ok()
    }
}

const NAME: &str = "portcullis-theme";
/// How long a browser remembers the light that was chosen.
const LIFE: Duration = Duration::days(365);

fn chosen(site: &Site, headers: &HeaderMap) -> Theme {
    let name = sessions::cookie_name(site, NAME);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = cookies.flat_map(|cookies| Cookie::split_parse(cookies.to_owned())).flatten();
    cookies.find(|cookie| cookie.name() == name).map_or(Theme::Auto, |cookie| named(cookie.value()))
}

fn named(code: &str) -> Theme {
    [Theme::Light, Theme::Dark].into_iter().find(|theme| theme.code() == code).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct Choice {
    theme: String,
    #[serde(default, deserialize_with = "super::console::local")]
    next: Option<LocalPath>,
}

/// Keeps the light that somebody chose, and leads back to where they were.
pub(super) async fn choose(
    State(site): State<Site>,
    browser: Browser,
    Form(choice): Form<Choice>,
) -> Response {
    let cookie = Cookie::build((sessions::cookie_name(&site, NAME), named(&choice.theme).code()))
        .path("/")
        .secure(site.is_secure())
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(LIFE);
    browser.cookies.add(cookie.build());
    Redirect::to(choice.next.as_ref().map_or("/", LocalPath::as_str)).into_response()
}
