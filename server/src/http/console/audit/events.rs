//! What was changed, by whom and for whom, newest first.

use super::fields::Fields;
use super::listing::{Address, chips, pager};
use super::{no_such_place, person};
use crate::flow::review_events::{EventLine, review_events};
use crate::flow::{Failure, Portcullis};
use crate::http::console::frame::{Teller, shell};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::event::EventKind;
use crate::model::review::{EventFilter, Place};
use app::events::{EventFilter as Typed, EventRow, EventsModel, EventsPage};
use app::parts::{Pager, Problems, Section, Tone};
use app::query::Link;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

const PATH: &str = "/audit/events";
const LABELS: [(&str, &str); 5] =
    [("kind", "kind"), ("actor", "done by"), ("person", "concerns"), ("from", "from"), ("until", "until")];

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    address: Address,
) -> Response {
    let Ok(place) = address.place() else { return no_such_place() };
    match list(&site, &operator, &address, place).await {
        Ok(model) => {
            let status =
                if model.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, "Events", || EventsPage(model))
        }
        Err(failure) => problem::failed(&failure),
    }
}

async fn list(
    site: &Site,
    operator: &Operator,
    address: &Address,
    place: Option<Place>,
) -> Result<EventsModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let (filter, problems) = asked(portcullis, operator, address).await?;
    let (mut rows, mut pages) = (Vec::new(), Pager::default());
    if problems.is_empty() {
        let found = review_events(portcullis, &filter, place).await?;
        pages = pager(address, &found, ("event", "events"));
        rows = found.lines.into_iter().map(|line| row(line, operator, teller)).collect();
    }
    Ok(EventsModel {
        shell: shell(site, operator, Section::Events).await?,
        filter: Typed {
            kind: address.typed("kind"),
            actor: address.typed("actor"),
            person: address.typed("person"),
            from: address.typed("from"),
            until: address.typed("until"),
        },
        problems,
        active: chips(address, &LABELS),
        kinds: EventKind::ALL.map(|kind| kind.code().to_owned()).to_vec(),
        rows,
        pager: pages,
    })
}

async fn asked(
    portcullis: &Portcullis,
    operator: &Operator,
    address: &Address,
) -> Result<(EventFilter, Problems), Failure> {
    let mut fields = Fields::new(address, &operator.person().zone);
    let (from, until) = fields.span();
    let filter = EventFilter {
        person_id: fields.person(portcullis).await?,
        kind: fields.word("kind", &EventKind::ALL.map(EventKind::code)),
        actor: fields.text("actor"),
        from,
        until,
    };
    Ok((filter, fields.problems()))
}

fn row(line: EventLine, operator: &Operator, teller: Teller<'_>) -> EventRow {
    // Whoever acts from a shell has no page; what they did can always be looked at.
    let done = Address::new(PATH).with("actor", &line.actor);
    EventRow {
        at: teller.moment(line.at),
        tone: tone(&line.kind),
        actor: Link::to(&line.actor, &done.to_string()),
        person: line.person.map(|username| person(operator, &username)),
        subject: line.subject,
        detail: detail(&line.detail),
        kind: line.kind,
    }
}

/// Only what may be an attack wants to be seen.
fn tone(kind: &str) -> Tone {
    match EventKind::named(kind) {
        Some(EventKind::CodeReused | EventKind::RefreshTokenReused) => Tone::Bad,
        Some(EventKind::SignInFailed | EventKind::FactorFailed | EventKind::RecoveryCodeUsed) => {
            Tone::Warning
        }
        _ => Tone::Plain,
    }
}

fn detail(detail: &Value) -> Option<String> {
    let is_empty = detail.is_null() || detail.as_object().is_some_and(serde_json::Map::is_empty);
    (!is_empty).then(|| serde_json::to_string_pretty(detail).unwrap_or_default())
}
