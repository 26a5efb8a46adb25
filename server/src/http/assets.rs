//! The stylesheet and the icon, held in the program itself. The stylesheet's address tells its contents, so a browser may
//! keep it for ever.

use app::STYLE;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const FAVICON: &str = include_str!("../../../public/favicon.svg");
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(super) const STYLE_ROUTE: &str = "/assets/{name}";

/// `main.<hash>.css`
static STYLE_NAME: LazyLock<String> = LazyLock::new(|| {
    let hash = HEXLOWER.encode(&Sha256::digest(STYLE.as_bytes()));
    format!("main.{}.css", hash.get(..16).unwrap_or(&hash))
});

/// Where the stylesheet is.
pub(super) fn style_path() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

pub(super) async fn style(Path(name): Path<String>) -> Response {
    if name == *STYLE_NAME {
        ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOR_EVER)], STYLE).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

pub(super) async fn favicon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], FAVICON).into_response()
}

/// Nothing here is for search engines.
pub(super) async fn robots() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], "User-agent: *\nDisallow: /\n").into_response()
}
