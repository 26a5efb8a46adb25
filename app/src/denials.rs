//! Who was turned away at the door: people we know, before anything of theirs was looked at.

use crate::parts::text::line;
use crate::parts::{
    Active, Choice, Column, Exports, Field, Heading, Kind, Moment, Pager, Problems, Section, Shell, Tone,
    Width, chip, empty, filter, table,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialsModel {
    pub shell: Shell,
    pub filter: DenialFilter,
    /// What is wrong with it; then nothing was looked for.
    pub problems: Problems,
    pub active: Vec<Active>,
    /// Entries of the select.
    pub reasons: Vec<String>,
    pub rows: Vec<DenialRow>,
    pub pager: Pager,
    pub exports: Exports,
}

/// The fields of the filter; each is empty unless it is on. The field's name is its name in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DenialFilter {
    pub person: String,
    pub client: String,
    pub reason: String,
    /// As `datetime-local` writes it, in the viewer's time zone.
    pub from: String,
    pub until: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialRow {
    pub at: Moment,
    pub href: String,
    pub person: String,
    pub client: String,
    pub reason: String,
    /// `None` where the person was turned away before choosing one.
    pub profile: Option<String>,
    pub ip: Option<String>,
}

impl DenialRow {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            at: Moment::sample(),
            href: "/audit/denials/0199c2f4".to_owned(),
            person: "grace".to_owned(),
            client: "Claude Code".to_owned(),
            reason: "session_logout".to_owned(),
            profile: Some("analyst".to_owned()),
            ip: Some("192.0.2.7".to_owned()),
        }
    }
}

impl DenialsModel {
    #[must_use]
    pub fn sample() -> Self {
        let other =
            DenialRow { reason: "no_perm".to_owned(), profile: None, ip: None, ..DenialRow::sample() };
        Self {
            shell: Shell::sample(Section::Denials),
            filter: DenialFilter::default(),
            problems: Problems::default(),
            active: Vec::new(),
            reasons: vec!["no_perm".to_owned(), "session_logout".to_owned()],
            rows: vec![DenialRow::sample(), other],
            pager: Pager { shown: "2 shown, newest first".to_owned(), ..Pager::default() },
            exports: Exports::sample("/audit/denials"),
        }
    }
}

#[must_use]
pub fn DenialsPage(page: DenialsModel) -> impl IntoView {
    let DenialsModel { shell, filter: typed, problems, active, reasons, rows, pager, exports } = page;
    let is_wrong = !problems.is_empty();
    let exports = (!is_wrong).then(|| exports.show());
    let list = match (rows.is_empty(), active.is_empty()) {
        (false, _) => denial_table(rows),
        (true, _) if is_wrong => {
            empty("Nothing was looked for", "Mend the filter above, and apply it again.")
        }
        (true, false) => empty("No denial fits", "Take one of the filters away, or widen the time."),
        (true, true) => empty(
            "Nobody was turned away",
            "An agent whose access has ended, or never was, appears here when it tries.",
        ),
    };
    let fields = vec![
        Field::new("person", "Person", Kind::Text).value(typed.person),
        Field::new("client", "Client", Kind::Text).value(typed.client),
        Field::new("reason", "Reason", Kind::Select(Choice::any_of("any", &reasons))).value(typed.reason),
        Field::new("from", "From", Kind::DateTime).value(typed.from),
        Field::new("until", "Until", Kind::DateTime).value(typed.until),
    ];
    let lead =
        "Agents of people we know that were turned away at the door, before a statement was looked at.";
    let content = view! {
        {Heading::new("Denials").lead(lead).with(exports)}
        {filter("/audit/denials", problems.beside(fields), active)}
        {list}
        {pager.show()}
    };
    shell.around(Width::Wide, content)
}

pub(crate) fn denial_table(rows: Vec<DenialRow>) -> AnyView {
    let columns = [
        Column::plain("When"),
        Column::text("Person"),
        Column::state("Reason"),
        Column::text("Client"),
        Column::text("Profile"),
        Column::text("Address"),
    ];
    let cells = |row: DenialRow| {
        vec![
            view! { <a href=row.href>{row.at.brief()}</a> }.into_any(),
            line(&row.person, 64).into_any(),
            chip(Tone::Bad, line(&row.reason, 40)),
            line(&row.client, 60).into_any(),
            row.profile.map_or_else(|| "none yet".to_owned(), |profile| line(&profile, 64)).into_any(),
            row.ip.unwrap_or_else(|| "unknown".to_owned()).into_any(),
        ]
    };
    table("Denials", &columns, rows.into_iter().map(cells).collect())
}
