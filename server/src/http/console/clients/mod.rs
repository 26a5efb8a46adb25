//! The pages about clients: which there are, one of them, a new one.

pub(in crate::http) mod acts;
pub(in crate::http) mod new;
pub(in crate::http) mod one;

use super::frame::{Teller, shell};
use crate::flow::Failure;
use crate::flow::manage_clients::{self, ClientLine};
use crate::http::extract::operator::{Administrator, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::client::{Client, ClientKind};
use crate::model::redirect::RedirectUri;
use app::clients::{ClientKind as Kind, ClientRow, ClientsModel, ClientsPage};
use app::parts::{Active, Pager, Section};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

const PATH: &str = "/clients";

#[derive(Deserialize)]
pub(in crate::http) struct Looked {
    #[serde(default)]
    q: String,
    /// The last one of the page before: when it was made known, in microseconds, and its id.
    before: Option<String>,
}

pub(in crate::http) async fn list(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Query(looked): Query<Looked>,
) -> Response {
    match listed(&site, &operator, looked).await {
        Ok(shown) => page(StatusCode::OK, "Clients", || ClientsPage(shown)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn listed(site: &Site, operator: &Operator, looked: Looked) -> Result<ClientsModel, Failure> {
    let before = looked.before.as_deref().and_then(place);
    let words = looked.q.trim();
    let (lines, has_more) = manage_clients::page(&site.portcullis, words, before).await?;
    let teller = Teller::new(&site.portcullis, operator);
    let last = lines.last().filter(|_| has_more).map(|line| {
        let micros = line.client.created_at.unix_timestamp_nanos() / 1_000;
        address(words, Some(&format!("{micros}.{}", line.client.id)))
    });
    let shown = match lines.len() {
        1 => "1 client".to_owned(),
        n => format!("{n} clients, newest first"),
    };
    let filter = (!words.is_empty()).then(|| Active::new("name", words, PATH));
    let newest = before.is_some().then(|| address(words, None));
    Ok(ClientsModel {
        shell: shell(site, operator, Section::Clients).await?,
        q: words.to_owned(),
        filters: filter.into_iter().collect(),
        rows: lines.into_iter().map(|line| row(line, teller)).collect(),
        pager: Pager { shown, newest, newer: None, older: last },
    })
}

fn place(text: &str) -> Option<(OffsetDateTime, Uuid)> {
    let (micros, id) = text.split_once('.')?;
    let nanos = micros.parse::<i64>().ok().map(|micros| i128::from(micros) * 1_000)?;
    Some((OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?, id.parse().ok()?))
}

fn address(words: &str, before: Option<&str>) -> String {
    let kept = [("q", Some(words).filter(|words| !words.is_empty())), ("before", before)];
    let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

fn row(ClientLine { client, living_tokens, is_paused }: ClientLine, teller: Teller<'_>) -> ClientRow {
    ClientRow {
        id: client.id.to_string(),
        kind: kind(client.kind),
        hosts: hosts(&client),
        known: teller.moment(client.created_at),
        used: client.used_at.map(|at| teller.moment(at)),
        tokens: u64::try_from(living_tokens).unwrap_or(0),
        is_disabled: client.disabled_at.is_some(),
        is_paused,
        name: client.name,
    }
}

fn hosts(client: &Client) -> Vec<String> {
    let mut hosts: Vec<String> = client.redirects.registered.iter().map(RedirectUri::place).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

fn kind(kind: ClientKind) -> Kind {
    match kind {
        ClientKind::CommandLine | ClientKind::Console => Kind::OurOwn,
        ClientKind::Configured => Kind::Configured,
        ClientKind::Registered => Kind::Registered,
        ClientKind::Dynamic => Kind::Dynamic,
        ClientKind::MetadataDocument => Kind::MetadataDocument,
    }
}
