//! The front door: what this is, and how an agent connects.

use super::page::page;
use super::router::Site;
use app::welcome::{Welcome, WelcomePage};
use axum::http::StatusCode;
use axum::response::Response;

pub(super) fn show(site: &Site) -> Response {
    let welcome = Welcome {
        mcp_url: site.portcullis.audience().to_owned(),
        profiles: site.portcullis.profiles().count(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    page(StatusCode::OK, "Portcullis", || WelcomePage(welcome))
}
