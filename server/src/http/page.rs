//! From a Leptos view to an HTML answer without a script.
//!
//! The stock renderers of `leptos_axum` append two `<script>` tags after the document, which neither our policy header nor
//! we want; a page here is a pure function of its model, so its HTML is simply collected.

use super::assets;
use super::visit::Visit;
use app::parts::Theme;
use app::{Document, DocumentProps};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use leptos::children::ToChildren;
use leptos::prelude::{Children, IntoView, Owner, RenderHtml};

/// Renders `body` inside the document shell.
pub(crate) fn page<V>(status: StatusCode, title: &str, body: impl FnOnce() -> V + Send + 'static) -> Response
where
    V: IntoView + 'static,
{
    rendered(status, title, None, body)
}

/// A page that leads on to `to` by itself, and that nobody keeps.
pub(crate) fn handover_page<V>(title: &str, to: &str, body: impl FnOnce() -> V + Send + 'static) -> Response
where
    V: IntoView + 'static,
{
    let mut response = rendered(StatusCode::OK, title, Some(to.to_owned()), body);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn rendered<V>(
    status: StatusCode,
    title: &str,
    onward: Option<String>,
    body: impl FnOnce() -> V + Send + 'static,
) -> Response
where
    V: IntoView + 'static,
{
    let title = title.to_owned();
    let theme = Visit::current().map_or(Theme::Auto, |visit| visit.theme);
    let owner = Owner::new();
    let html = owner.with(|| {
        let children: Children = ToChildren::to_children(body);
        let shell = Document(DocumentProps { title, style: assets::style_path(), onward, theme, children });
        shell.into_view().to_html()
    });
    owner.cleanup();
    (status, Html(format!("<!doctype html>{html}"))).into_response()
}
