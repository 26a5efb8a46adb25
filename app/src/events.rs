//! What was changed, by whom and for whom: sign-ins, factors, assignments, clients, tokens, grants.

use crate::parts::text::{cut, light, line, visible_lines};
use crate::parts::{
    Active, Choice, Column, Exports, Field, Heading, Kind, Moment, Pager, Problems, Section, Shell, Tone,
    Width, chip, empty, filter, table,
};
use crate::query::Link;
use leptos::prelude::*;

/// Bytes of details that the list shows, of one event and of all of them; the export has everything.
const DETAIL: usize = 600;
const DETAILS: usize = 12_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventsModel {
    pub shell: Shell,
    pub filter: EventFilter,
    /// What is wrong with it; then nothing was looked for.
    pub problems: Problems,
    pub active: Vec<Active>,
    /// Entries of the select: every kind there is.
    pub kinds: Vec<String>,
    pub rows: Vec<EventRow>,
    pub pager: Pager,
    pub exports: Exports,
}

/// The fields of the filter; each is empty unless it is on. The field's name is its name in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// Whom it concerns.
    pub person: String,
    /// As `datetime-local` writes it, in the viewer's time zone.
    pub from: String,
    pub until: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub at: Moment,
    /// The word of the record.
    pub kind: String,
    /// How much it wants to be seen: failures and reuse as `Bad` or `Warning`, the rest `Plain`.
    pub tone: Tone,
    pub actor: Link,
    /// Whom it concerns, if that is a person.
    pub person: Option<Link>,
    /// What it concerns: a token's id, a profile's name.
    pub subject: String,
    /// What else is known, as indented JSON; `None` where there is nothing.
    pub detail: Option<String>,
}

impl EventsModel {
    #[must_use]
    pub fn sample() -> Self {
        let assigned = EventRow {
            at: Moment::sample(),
            kind: "profile_assigned".to_owned(),
            tone: Tone::Plain,
            actor: Link::to("margarete", "/people/margarete"),
            person: Some(Link::to("grace", "/people/grace")),
            subject: "analyst".to_owned(),
            detail: None,
        };
        let failed = EventRow {
            kind: "sign_in_failed".to_owned(),
            tone: Tone::Bad,
            actor: Link { text: "grace".to_owned(), href: None },
            subject: "grace".to_owned(),
            detail: Some("{\n  \"ip\": \"203.0.113.9\",\n  \"user_agent\": \"curl/8.0\"\n}".to_owned()),
            ..assigned.clone()
        };
        Self {
            shell: Shell::sample(Section::Events),
            filter: EventFilter { actor: "margarete".to_owned(), ..EventFilter::default() },
            problems: Problems::default(),
            active: vec![Active::new("actor", "margarete", "/audit/events")],
            kinds: vec!["profile_assigned".to_owned(), "sign_in_failed".to_owned()],
            rows: vec![assigned, failed],
            pager: Pager::sample("/audit/events"),
            exports: Exports::sample("/audit/events"),
        }
    }
}

#[must_use]
pub fn EventsPage(page: EventsModel) -> impl IntoView {
    let EventsModel { shell, filter: typed, problems, active, kinds, rows, pager, exports } = page;
    let is_wrong = !problems.is_empty();
    let exports = (!is_wrong).then(|| exports.show());
    let fields = vec![
        Field::new("kind", "Kind", Kind::Select(Choice::any_of("any", &kinds))).value(typed.kind),
        Field::new("actor", "Done by", Kind::Text).value(typed.actor),
        Field::new("person", "Concerns", Kind::Text).value(typed.person),
        Field::new("from", "From", Kind::DateTime).value(typed.from),
        Field::new("until", "Until", Kind::DateTime).value(typed.until),
    ];
    let list = if is_wrong {
        empty("Nothing was looked for", "Mend the filter above, and apply it again.")
    } else if rows.is_empty() {
        empty("No event fits", "Take one of the filters away, or widen the time.")
    } else {
        event_table(rows)
    };
    let lead = "What was changed, by whom and for whom. Nothing here can be edited or taken back.";
    let content = view! {
        {Heading::new("Events").lead(lead).with(exports)}
        {filter("/audit/events", problems.beside(fields), active)}
        {list}
        {pager.show()}
    };
    shell.around(Width::Wide, content)
}

fn event_table(rows: Vec<EventRow>) -> AnyView {
    let columns = [
        Column::plain("When"),
        Column::state("Kind"),
        Column::text("Done by"),
        Column::text("Concerns"),
        Column::text("Subject"),
        Column::plain("More"),
    ];
    let most = DETAIL.min(DETAILS / rows.len().max(1));
    let cells = |row: EventRow| {
        let detail = row.detail.map(|detail| {
            let detail = light(&visible_lines(&cut(&detail, most)), most);
            view! { <details><summary>"Details"</summary><pre tabindex="0">{detail}</pre></details> }
        });
        vec![
            row.at.brief(),
            chip(row.tone, line(&row.kind, 40).replace('_', " ")),
            row.actor.show(),
            row.person.map_or_else(|| "nobody in particular".into_any(), Link::show),
            line(&row.subject, 60).into_any(),
            detail.into_any(),
        ]
    };
    table("Events", &columns, rows.into_iter().map(cells).collect())
}
