//! One client, with everything that can be done about it.

use super::kind;
use crate::flow::manage_clients::{by_id, tokens};
use crate::flow::{Failure, pause};
use crate::http::console::frame::{Teller, held, shell};
use crate::http::extract::operator::{Administrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::client::{Client, Match};
use crate::model::pause::Scope;
use app::client::{ClientModel, ClientPage, ClientToken};
use app::parts::Section;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(id): Path<String>,
) -> Response {
    let client = match which(&site, &id).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let title = client.name.clone();
    match model(&site, &operator, client).await {
        Ok(model) => page(StatusCode::OK, &title, || ClientPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

/// The client of this number; for a number that none has there is no page.
pub(super) async fn which(site: &Site, id: &str) -> Result<Client, Response> {
    let Ok(id) = id.parse() else { return Err(problem::no_page()) };
    match by_id(&site.portcullis, id).await {
        Ok(Some(client)) => Ok(client),
        Ok(None) => Err(problem::no_page()),
        Err(error) => Err(problem::failed(&error.into())),
    }
}

async fn model(site: &Site, operator: &Operator, client: Client) -> Result<ClientModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let tokens = tokens(portcullis, &client).await?.into_iter().map(|token| ClientToken {
        id: token.id.to_string(),
        person: token.person,
        profile: token.profile,
        issued: teller.moment(token.issued_at),
        expires: teller.moment(token.expires_at),
    });
    let paused = pause::of(portcullis, &Scope::Client(client.id)).await?;
    Ok(ClientModel {
        shell: shell(site, operator, Section::Clients).await?,
        id: client.id.to_string(),
        kind: kind(client.kind),
        redirect_uris: client.redirects.registered.iter().map(ToString::to_string).collect(),
        is_by_prefix: client.redirects.by == Match::Prefix,
        registered_by: client.registered_by,
        registered_from: client.registered_from.map(|ip| ip.to_string()),
        known: teller.moment(client.created_at),
        used: client.used_at.map(|at| teller.moment(at)),
        disabled: client.disabled_at.map(|at| teller.moment(at)),
        paused: paused.map(|paused| held(&paused, teller)),
        tokens: tokens.collect(),
        can_be_held: true,
        identifier: client.identifier,
        name: client.name,
    })
}
