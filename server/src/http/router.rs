//! Every route of the program.

use super::{assets, headers, mcp, problem, sessions, welcome};
use crate::flow::Portcullis;
use axum::Router;
use axum::middleware;
use axum::routing::{any, get};
use ipnet::IpNet;
use std::sync::Arc;
use url::Url;

/// What the HTTP side knows of its surroundings.
#[derive(Clone)]
pub struct Site {
    pub portcullis: Portcullis,
    /// How people and agents reach us.
    pub public_url: Url,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpNet]>,
}

impl Site {
    /// Whether browsers reach us over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The whole program as one service.
pub fn router(site: Site) -> Router {
    let endpoint = mcp::Endpoint::new(&site);
    Router::new()
        .route("/", get(welcome::show))
        .route(assets::STYLE_ROUTE, get(assets::style))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(assets::robots))
        // No redirect from one form to the other: some clients lose the body of a redirected POST.
        .route("/mcp/sql/", any(mcp::serve).with_state(endpoint.clone()))
        .route("/mcp/sql", any(mcp::serve).with_state(endpoint))
        .route("/.well-known/{*path}", any(problem::no_such_document))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(site.clone())
        .layer(sessions::layer(&site))
        .layer(middleware::from_fn_with_state(site, headers::around))
}
