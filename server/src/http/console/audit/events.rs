//! The list of events, and the same as a file.

use super::list::{self, Address};
use super::{export, for_administrators};
use crate::flow::export::{Format, Wanted};
use crate::flow::review_events::{EventLine, review_events};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::event::EventKind;
use crate::model::person::{Person, Username};
use crate::model::review::EventFilter;
use app::events::{EventFilter as Typed, EventRow, EventsModel, EventsPage};
use app::parts::{Section, Tone};
use app::query::Link;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;

/// What the address tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    kind: String,
    actor: String,
    person: String,
    from: String,
    until: String,
    before: String,
    after: String,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    match events(&site, &operator, asked).await {
        Ok(model) => page(StatusCode::OK, "Events", || EventsPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn csv(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &operator, &asked, Format::Csv).await
}

pub(in crate::http) async fn ndjson(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    file(&site, &operator, &asked, Format::Ndjson).await
}

async fn file(site: &Site, operator: &Operator, asked: &Asked, format: Format) -> Response {
    match asked.filter(&site.portcullis, operator.person()).await {
        Ok((_, filter)) => export::answer(site, operator, Wanted::Events(filter), format).await,
        Err(failure) => problem::failed(&failure),
    }
}

async fn events(site: &Site, operator: &Operator, asked: Asked) -> Result<EventsModel, Failure> {
    let portcullis = &site.portcullis;
    let (address, filter) = asked.filter(portcullis, operator.person()).await?;
    let found = review_events(portcullis, &filter, list::place(&asked.before, &asked.after)).await?;
    let pager = address.pager(&found, ("event", "events"));
    let teller = Teller::new(portcullis, operator);
    let mut kinds: Vec<String> = EventKind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
    kinds.sort_unstable();
    let Asked { kind, actor, person, from, until, .. } = asked;
    Ok(EventsModel {
        shell: shell(site, operator, Section::Events).await?,
        filter: Typed { kind, actor, person, from, until },
        active: address.active(),
        kinds,
        rows: found.lines.into_iter().map(|line| row(operator, teller, line)).collect(),
        pager,
        csv: address.file(".csv"),
        ndjson: address.file(".ndjson"),
    })
}

impl Asked {
    async fn filter(
        &self,
        portcullis: &Portcullis,
        viewer: &Person,
    ) -> Result<(Address, EventFilter), Failure> {
        let mut address = Address::new("/audit/events");
        let person = address.filter("person", &self.person);
        let filter = EventFilter {
            person_id: list::person(portcullis, person).await?,
            kind: address.filter("kind", &self.kind),
            actor: address.filter("actor", &self.actor),
            from: list::moment(viewer, &mut address, "from", &self.from),
            until: list::moment(viewer, &mut address, "until", &self.until),
        };
        Ok((address, filter))
    }
}

fn row(operator: &Operator, teller: Teller<'_>, line: EventLine) -> EventRow {
    let person = |name: &str| for_administrators(operator, name, &format!("/people/{name}"));
    let is_empty = line.detail.is_null() || line.detail.as_object().is_some_and(serde_json::Map::is_empty);
    EventRow {
        at: teller.moment(line.at),
        tone: tone(&line.kind),
        // An actor from a shell is nobody who has a page.
        actor: match line.actor.parse::<Username>() {
            Ok(_) => person(&line.actor),
            Err(_) => Link { text: line.actor.clone(), href: None },
        },
        person: line.person.as_deref().map(person),
        subject: line.subject,
        detail: (!is_empty).then(|| shown(&line.detail)),
        kind: line.kind,
    }
}

fn shown(detail: &Value) -> String {
    format!("{detail:#}")
}

/// How much an event wants to be seen.
fn tone(kind: &str) -> Tone {
    match EventKind::named(kind) {
        Some(EventKind::SignInFailed | EventKind::FactorFailed) => Tone::Warning,
        Some(EventKind::CodeReused | EventKind::RefreshTokenReused) => Tone::Bad,
        _ => Tone::Plain,
    }
}
