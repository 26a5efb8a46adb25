//! Every route of the program.

use super::{assets, console, cors, headers, mcp, oauth, problem, sessions, visit, well_known};
use crate::flow::Portcullis;
use crate::model::certificate::Certificate;
use axum::Router;
use axum::middleware;
use axum::routing::{any, get, post};
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
    /// Other sites whose pages may speak to the MCP endpoint.
    pub browser_origins: Arc<[String]>,
    /// Connections at most.
    pub connections: usize,
    /// By what TLS is spoken; none where a proxy does that, or nobody.
    pub certificate: Option<Certificate>,
}

impl Site {
    /// Whether browsers reach us over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The whole program as one service.
pub fn router(site: Site) -> Router {
    Router::new()
        .route("/", get(console::overview::show))
        .route("/sign-in", get(console::sign_in::show).post(console::sign_in::submit))
        .route("/sign-in/code", get(console::factor::show_code).post(console::factor::submit_code))
        .route(
            "/sign-in/recovery",
            get(console::factor::show_recovery).post(console::factor::submit_recovery),
        )
        .route("/sign-in/enrol", get(console::enrol::show).post(console::enrol::submit))
        .route("/sign-in/again", get(console::again::show).post(console::again::submit))
        .route("/sign-out", post(console::sign_out::submit))
        .route("/signed-out", get(console::sign_out::show))
        .route("/setup/{token}", get(console::set_up::show).post(console::set_up::submit))
        .route("/account", get(console::account::show))
        .route("/account/calls", get(console::account::calls::show))
        .route(
            "/account/password",
            get(console::account::show_password).post(console::account::submit_password),
        )
        .route(
            "/account/recovery-codes",
            get(console::account::show_codes).post(console::account::submit_codes),
        )
        .route("/account/time-zone", post(console::account::submit_zone))
        .route("/account/sessions/end", post(console::account::end_session))
        .route("/account/tokens/revoke", post(console::account::revoke_token))
        .route("/theme", post(visit::choose))
        .route(assets::STYLE_ROUTE, get(assets::style))
        .route("/favicon.svg", get(assets::favicon))
        .route("/robots.txt", get(assets::robots))
        .route("/o/authorize", get(oauth::ask).post(oauth::decide))
        .route("/o/authorize/", get(oauth::ask).post(oauth::decide))
        .merge(for_auditors())
        .merge(for_administrators())
        .merge(for_programs(&site))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .with_state(site.clone())
        .layer(sessions::layer(&site))
        .layer(middleware::from_fn_with_state(site.clone(), sessions::mend))
        .layer(middleware::from_fn_with_state(site, headers::around))
}

/// The record, and what it sums up to.
fn for_auditors() -> Router<Site> {
    use console::{audit, usage};
    Router::new()
        .route("/audit/queries", get(audit::queries::show))
        .route("/audit/queries/export.csv", get(audit::export::show))
        .route("/audit/queries/export.ndjson", get(audit::export::show))
        .route("/audit/denials/export.csv", get(audit::export::show))
        .route("/audit/denials/export.ndjson", get(audit::export::show))
        .route("/audit/events/export.csv", get(audit::export::show))
        .route("/audit/events/export.ndjson", get(audit::export::show))
        .route("/audit/queries/{id}", get(audit::query::show))
        .route("/audit/queries/{id}/{part}", get(audit::query::show_part))
        .route("/audit/denials", get(audit::denials::show))
        .route("/audit/denials/{id}", get(audit::denials::show_one))
        .route("/audit/events", get(audit::events::show))
        .route("/usage", get(usage::list))
        .route("/usage/{username}", get(usage::show))
}

/// What auditors look at and administrators change.
fn for_administrators() -> Router<Site> {
    use console::{alerts, clients, people, surface, try_sql};
    Router::new()
        .route("/alerts", get(alerts::show))
        .route("/alerts/acknowledge", post(alerts::acknowledge))
        .route("/pauses/everything", post(alerts::hold_everything))
        .route("/pauses/resume", post(alerts::resume))
        .route("/surface", get(surface::show))
        .route("/surface/apply", post(surface::apply))
        .route("/surface/{profile}/pause", post(surface::hold))
        .route("/surface/{profile}/resume", post(surface::resume))
        .route("/try", get(try_sql::show).post(try_sql::submit))
        .route("/people", get(people::list))
        .route("/people/new", get(people::new::show).post(people::new::submit))
        .route("/people/{username}", get(people::one::show))
        .route("/people/{username}/activate", post(people::acts::activate))
        .route("/people/{username}/assign", post(people::acts::assign))
        .route("/people/{username}/attribute", post(people::acts::set_attribute))
        .route("/people/{username}/deactivate", post(people::acts::deactivate))
        .route("/people/{username}/end-session", post(people::acts::end_session))
        .route("/people/{username}/password", post(people::acts::password))
        .route("/people/{username}/pause", post(people::acts::hold))
        .route("/people/{username}/powers", post(people::acts::powers))
        .route("/people/{username}/reset-factor", post(people::acts::reset_factor))
        .route("/people/{username}/resume", post(people::acts::resume))
        .route("/people/{username}/revoke-token", post(people::acts::revoke_token))
        .route("/people/{username}/withdraw", post(people::acts::withdraw))
        .route("/clients", get(clients::list))
        .route("/clients/new", get(clients::new::show).post(clients::new::submit))
        .route("/clients/{id}", get(clients::one::show))
        .route("/clients/{id}/disable", post(clients::acts::disable))
        .route("/clients/{id}/enable", post(clients::acts::enable))
        .route("/clients/{id}/pause", post(clients::acts::hold))
        .route("/clients/{id}/resume", post(clients::acts::resume))
        .route("/clients/{id}/revoke-token", post(clients::acts::revoke_token))
}

/// What programs call, those in browsers too.
fn for_programs(site: &Site) -> Router<Site> {
    let endpoint = mcp::Endpoint::new(site);
    let mut router = Router::new()
        // No redirect from one form to the other: some clients lose the body of a redirected POST.
        .route("/mcp/sql/", any(mcp::serve).with_state(Arc::clone(&endpoint)))
        .route("/mcp/sql", any(mcp::serve).with_state(endpoint))
        .route("/o/token", post(oauth::token))
        .route("/o/token/", post(oauth::token))
        .route("/o/revoke", post(oauth::revoke))
        .route("/o/revoke/", post(oauth::revoke))
        .route("/o/revoke_token/", post(oauth::revoke))
        .route("/o/register", post(oauth::register))
        .route("/o/register/", post(oauth::register));
    for form in well_known::FORMS {
        router = router
            .route(&format!("{}{form}", well_known::PROTECTED_RESOURCE), get(well_known::protected_resource))
            .route(
                &format!("{}{form}", well_known::AUTHORIZATION_SERVER),
                get(well_known::authorization_server),
            );
    }
    router
        .route("/.well-known", any(problem::no_such_document))
        .route("/.well-known/", any(problem::no_such_document))
        .route("/.well-known/{*path}", any(problem::no_such_document))
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn(cors::open))
}
