//! What is done about clients. Each act leads back to the client's page, which says what came of it.

use super::one::which;
use crate::flow::manage_clients::{self, NotManaged};
use crate::flow::manage_person::Change;
use crate::flow::revoke_token::{NotRevoked, revoke_token as revoke};
use crate::flow::{Failure, pause};
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Administrator, FreshAdministrator, Operator};
use crate::http::problem;
use crate::http::router::Site;
use crate::model::client::Client;
use crate::model::pause::Scope;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

fn told(
    site: &Site,
    operator: &Operator,
    client: &Client,
    result: Result<Change, Failure>,
    done: &str,
) -> Response {
    let back = format!("/clients/{}", client.id);
    match result {
        Ok(Change::Made) => operator.done(site, format!("{}: {done}", client.name), &back),
        Ok(Change::NotNeeded) => operator.done(site, "Nothing had to change: it was so before.", &back),
        Err(failure) => problem::failed(&failure),
    }
}

fn managed(result: Result<(), NotManaged>) -> Result<Change, Failure> {
    match result {
        Ok(()) => Ok(Change::Made),
        Err(NotManaged::Unchanged(_) | NotManaged::Taken(_) | NotManaged::InTheOpen(_)) => {
            Ok(Change::NotNeeded)
        }
        Err(NotManaged::Store(error)) => Err(error.into()),
        Err(NotManaged::NoEntropy(error)) => Err(error.into()),
    }
}

pub(in crate::http) async fn disable(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let client = match which(&site, &id).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let result = manage_clients::disable(&site.portcullis, &client.identifier, operator.name()).await;
    told(&site, &operator, &client, managed(result), "disabled; nothing reads through it.")
}

pub(in crate::http) async fn enable(
    State(site): State<Site>,
    FreshAdministrator(operator): FreshAdministrator,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let client = match which(&site, &id).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let result = manage_clients::enable(&site.portcullis, &client.identifier, operator.name()).await;
    told(&site, &operator, &client, managed(result), "enabled.")
}

pub(in crate::http) async fn hold(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let client = match which(&site, &id).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let scope = Scope::Client(client.id);
    let result = pause::pause(&site.portcullis, scope, &client.identifier, operator.name()).await;
    told(&site, &operator, &client, result, "paused; nothing reads through it.")
}

pub(in crate::http) async fn resume(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let client = match which(&site, &id).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let result = pause::resume(&site.portcullis, &Scope::Client(client.id), operator.name()).await;
    told(&site, &operator, &client, result, "may read again.")
}

#[derive(Deserialize)]
pub(in crate::http) struct Row {
    id: Uuid,
}

pub(in crate::http) async fn revoke_token(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Path(client): Path<String>,
    Form(Row { id }): Form<Row>,
) -> Response {
    let client = match which(&site, &client).await {
        Ok(client) => client,
        Err(response) => return response,
    };
    let result = match revoke(&site.portcullis, &id.to_string(), operator.name()).await {
        Ok(_) => Ok(Change::Made),
        Err(NotRevoked::NoSuchToken | NotRevoked::RevokedBefore(_)) => Ok(Change::NotNeeded),
        Err(NotRevoked::Store(error)) => Err(error.into()),
        Err(NotRevoked::NoEntropy(error)) => Err(error.into()),
    };
    told(&site, &operator, &client, result, "that access is revoked.")
}
