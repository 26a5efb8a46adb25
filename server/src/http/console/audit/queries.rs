//! The list of calls, and the same as a file.

use super::list::{self, Address};
use super::{export, rows};
use crate::flow::export::{Format, Wanted};
use crate::flow::review_calls::{Look, review_calls};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::extract::operator::Auditor;
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::attempt::Tool;
use crate::model::call::Ending;
use crate::model::outcome::{Failed, Refused};
use crate::model::person::Person;
use crate::model::review::CallFilter;
use app::parts::{Flash, FlashKind, Section};
use app::queries::{QueriesModel, QueriesPage, QueryFilter, Stopped};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use gate::Reason;
use serde::Deserialize;

/// What the address tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    person: String,
    profile: String,
    client: String,
    tool: String,
    decision: String,
    reason: String,
    relation: String,
    from: String,
    until: String,
    words: String,
    before: String,
    after: String,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    match queries(&site, &auditor, asked).await {
        Ok(model) => page(StatusCode::OK, "Queries", || QueriesPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn csv(
    State(site): State<Site>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &auditor, &asked, Format::Csv).await
}

pub(in crate::http) async fn ndjson(
    State(site): State<Site>,
    auditor: Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &auditor, &asked, Format::Ndjson).await
}

async fn file(site: &Site, Auditor(operator): &Auditor, asked: &Asked, format: Format) -> Response {
    match asked.filter(&site.portcullis, operator.person()).await {
        Ok((_, filter)) => export::answer(site, operator, Wanted::Calls(filter), format).await,
        Err(failure) => problem::failed(&failure),
    }
}

async fn queries(site: &Site, Auditor(operator): &Auditor, asked: Asked) -> Result<QueriesModel, Failure> {
    let portcullis = &site.portcullis;
    let (address, filter) = asked.filter(portcullis, operator.person()).await?;
    let calls = review_calls(portcullis, &filter, Look::at(list::place(&asked.before, &asked.after))).await?;
    let teller = Teller::new(portcullis, operator);
    let pager = address.pager(&calls.page, ("call", "calls"));
    let stopped = calls.page.stopped_at.zip(calls.page.older.or(calls.page.newer)).map(|(at, place)| {
        Stopped { looked_through: "all".to_owned(), back_to: teller.moment(at), further: address.at(place) }
    });
    let mut shell = shell(site, operator, Section::Queries).await?;
    if let (Some(known), None) = (calls.behind, &shell.flash) {
        let text = format!(
            "The index over the record is still being filled. Calls since {} are not shown yet.",
            teller.moment(known).shown
        );
        shell.flash = Some(Flash { kind: FlashKind::Problem, text });
    }
    Ok(QueriesModel {
        shell,
        active: address.active(),
        profiles: portcullis.profiles().map(|profile| profile.name.to_string()).collect(),
        tools: Tool::ALL.map(|tool| tool.name().to_owned()).into(),
        reasons: reasons(),
        rows: rows(teller, calls.page.lines),
        pager,
        csv: address.file(".csv"),
        ndjson: address.file(".ndjson"),
        stopped,
        filter: asked.typed(),
    })
}

/// Every word for why a call was not allowed.
fn reasons() -> Vec<String> {
    let of_the_gate = Reason::ALL.map(Reason::code);
    let of_the_run = Failed::ALL.map(Failed::code);
    let mut all: Vec<String> = of_the_gate
        .iter()
        .chain(&of_the_run)
        .chain(&[Refused::InvalidRequest.code()])
        .map(|&code| code.to_owned())
        .collect();
    all.sort_unstable();
    all
}

impl Asked {
    async fn filter(
        &self,
        portcullis: &Portcullis,
        viewer: &Person,
    ) -> Result<(Address, CallFilter), Failure> {
        let mut address = Address::new("/audit/queries");
        let person = address.filter("person", &self.person);
        let filter = CallFilter {
            person_id: list::person(portcullis, person).await?,
            profile: address.filter("profile", &self.profile),
            client: list::client(address.filter("client", &self.client)),
            tool: address.filter("tool", &self.tool),
            ending: Ending::named(&self.decision),
            reason: address.filter("reason", &self.reason),
            relation: address.filter("relation", &self.relation),
            from: list::moment(viewer, &mut address, "from", &self.from),
            until: list::moment(viewer, &mut address, "until", &self.until),
            text: address.filter("words", &self.words),
        };
        if let Some(ending) = filter.ending {
            address.filter("decision", ending.code());
        }
        Ok((address, filter))
    }

    fn typed(self) -> QueryFilter {
        let Self { person, profile, client, tool, decision, reason, relation, from, until, words, .. } = self;
        QueryFilter { person, profile, client, tool, decision, reason, relation, from, until, words }
    }
}
