//! The calls of all agents, newest first.

use super::fields::Fields;
use super::listing::{Address, chips, exports, pager};
use super::{call_row, no_such_place};
use crate::flow::review_calls::{CallLine, Look, review_calls};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::attempt::Tool;
use crate::model::call::Ending;
use crate::model::outcome;
use crate::model::profile::ProfileName;
use crate::model::review::{CallFilter, Heading, Page, Place};
use app::parts::{Pager, Problems, Section};
use app::queries::{QueriesModel, QueriesPage, QueryFilter, Stopped};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

pub(super) const PATH: &str = "/audit/queries";
/// The fields of the filter, and what the chips call them.
const LABELS: [(&str, &str); 10] = [
    ("person", "person"),
    ("profile", "profile"),
    ("client", "client"),
    ("tool", "tool"),
    ("decision", "decision"),
    ("reason", "reason"),
    ("relation", "relation"),
    ("from", "from"),
    ("until", "until"),
    ("words", "words"),
];
/// Of what is typed as words of the statement, so much is looked for.
const LONGEST_WORDS: usize = 1_000;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    address: Address,
) -> Response {
    list(&site, &operator, &address).await
}

/// The list at an address; where its filter cannot be, the page that says so.
pub(super) async fn list(site: &Site, operator: &Operator, address: &Address) -> Response {
    let Ok(place) = address.place() else { return no_such_place() };
    match model(site, operator, address, place).await {
        Ok(model) => {
            let status =
                if model.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, "Queries", || QueriesPage(model))
        }
        Err(failure) => problem::failed(&failure),
    }
}

/// What an address asks for, and what of it cannot be understood.
pub(super) async fn asked(
    portcullis: &Portcullis,
    operator: &Operator,
    address: &Address,
) -> Result<(CallFilter, Problems), Failure> {
    let mut fields = Fields::new(address, &operator.person().zone);
    let (from, until) = fields.span();
    let filter = CallFilter {
        person_id: fields.person(portcullis).await?,
        // The record outlives the configuration, so any name of a profile will do.
        profile: fields.read("profile", str::parse::<ProfileName>).map(|profile| profile.as_str().to_owned()),
        client: fields.client(),
        tool: fields.word("tool", &Tool::ALL.map(Tool::name)),
        ending: fields.read("decision", |typed| {
            Ending::named(typed).ok_or_else(|| format!("there is no decision `{typed}`"))
        }),
        reason: fields.word("reason", &outcome::reasons()),
        relation: fields.read("relation", relation),
        from,
        until,
        text: fields.read("words", words),
    };
    Ok((filter, fields.problems()))
}

fn relation(typed: &str) -> Result<String, String> {
    let is_whole = typed.split_once('.').is_some_and(|(schema, name)| !schema.is_empty() && !name.is_empty());
    is_whole
        .then(|| typed.to_owned())
        .ok_or_else(|| format!("`{typed}` lacks its schema: write it like `public.orders`"))
}

fn words(typed: &str) -> Result<String, String> {
    if typed.chars().count() > LONGEST_WORDS {
        return Err("this is too long: look for some of its words".to_owned());
    }
    // As the index splits statements.
    let has_words =
        typed.chars().any(|letter| !letter.is_ascii() || letter.is_ascii_alphanumeric() || letter == '_');
    has_words.then(|| typed.to_owned()).ok_or_else(|| format!("there is no word in `{typed}`"))
}

async fn model(
    site: &Site,
    operator: &Operator,
    address: &Address,
    place: Option<Place>,
) -> Result<QueriesModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let (filter, problems) = asked(portcullis, operator, address).await?;
    let mut model = QueriesModel {
        shell: shell(site, operator, Section::Queries).await?,
        filter: typed(address),
        problems,
        active: chips(address, &LABELS),
        profiles: portcullis.profiles().map(|profile| profile.name.to_string()).collect(),
        tools: Tool::ALL.map(|tool| tool.name().to_owned()).to_vec(),
        reasons: outcome::reasons().into_iter().map(str::to_owned).collect(),
        rows: Vec::new(),
        pager: Pager::default(),
        exports: exports(address),
        stopped: None,
        behind: None,
    };
    if model.problems.is_empty() {
        let found = review_calls(portcullis, &filter, Look::at(place)).await?;
        model.behind = found.behind.map(|until| teller.moment(until));
        model.stopped = stopped(address, &found.page, place, teller);
        model.pager = pager(address, &found.page, ("call", "calls"));
        model.rows = found.page.lines.into_iter().map(|line| call_row(line, teller)).collect();
    }
    Ok(model)
}

fn typed(address: &Address) -> QueryFilter {
    QueryFilter {
        person: address.typed("person"),
        profile: address.typed("profile"),
        client: address.typed("client"),
        tool: address.typed("tool"),
        decision: address.typed("decision"),
        reason: address.typed("reason"),
        relation: address.typed("relation"),
        from: address.typed("from"),
        until: address.typed("until"),
        words: address.typed("words"),
    }
}

/// How far a search came that stopped for now, and where it goes on.
fn stopped(
    address: &Address,
    page: &Page<CallLine>,
    place: Option<Place>,
    teller: Teller<'_>,
) -> Option<Stopped> {
    let further = match place.map_or(Heading::Older, Place::heading) {
        Heading::Older => page.older,
        Heading::Newer => page.newer,
    };
    let further = address.beyond(further?).to_string();
    Some(Stopped { at: teller.moment(page.stopped_at?), further })
}
