//! The programs that may ask for access on behalf of a person.

use crate::parts::number::grouped;
use crate::parts::text::line;
use crate::parts::{
    Active, Column, Field, Heading, Kind, Moment, Pager, Section, Shell, Tone, Width, chip, empty, filter,
    table,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientsModel {
    pub shell: Shell,
    /// The words that were searched for in names, ids and hosts.
    pub q: String,
    pub filters: Vec<Active>,
    pub rows: Vec<ClientRow>,
    pub pager: Pager,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// As it stands in `/clients/{id}`.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    pub kind: ClientKind,
    /// The hosts that its redirects lead to, each once.
    pub hosts: Vec<String>,
    pub known: Moment,
    /// When the last token was issued to it.
    pub used: Option<Moment>,
    pub tokens: u64,
    pub is_disabled: bool,
    pub is_paused: bool,
}

/// How a client came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// A part of the program itself.
    OurOwn,
    Configured,
    Registered,
    Dynamic,
    MetadataDocument,
}

impl ClientKind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OurOwn => "part of Portcullis",
            Self::Configured => "configured",
            Self::Registered => "registered here",
            Self::Dynamic => "registered itself",
            Self::MetadataDocument => "metadata document",
        }
    }
}

/// What holds a client back, if anything does.
pub(crate) fn state(is_disabled: bool, is_paused: bool) -> AnyView {
    let disabled = is_disabled.then(|| chip(Tone::Bad, "disabled"));
    let paused = is_paused.then(|| chip(Tone::Warning, "paused"));
    let good = (!is_disabled && !is_paused).then(|| chip(Tone::Good, "enabled"));
    view! { <span class="chips">{good}{disabled}{paused}</span> }.into_any()
}

impl ClientsModel {
    #[must_use]
    pub fn sample() -> Self {
        let row = |id: &str, name: &str, kind, hosts: &[&str], tokens| ClientRow {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
            known: Moment::sample(),
            used: Some(Moment::sample()),
            tokens,
            is_disabled: false,
            is_paused: false,
        };
        Self {
            shell: Shell::sample(Section::Clients),
            q: String::new(),
            filters: Vec::new(),
            rows: vec![
                row("0199a", "Claude Code", ClientKind::Dynamic, &["localhost"], 12),
                row("claude", "Claude", ClientKind::Configured, &["claude.ai", "claude.com"], 4),
                ClientRow {
                    is_paused: true,
                    ..row("0199b", "ChatGPT", ClientKind::MetadataDocument, &["chatgpt.com"], 1)
                },
                ClientRow {
                    used: None,
                    ..row("looker", "Looker", ClientKind::Registered, &["looker.example.com"], 0)
                },
                ClientRow {
                    is_disabled: true,
                    ..row("0199c", "curl tester", ClientKind::Dynamic, &["127.0.0.1"], 0)
                },
            ],
            pager: Pager { shown: "5 clients, newest first".to_owned(), ..Pager::sample("/clients") },
        }
    }
}

#[must_use]
pub fn ClientsPage(page: ClientsModel) -> impl IntoView {
    let ClientsModel { shell, q, filters, rows, pager } = page;
    let is_filtered = !filters.is_empty();
    let fields = vec![Field::new("q", "Name, id or host", Kind::Text).value(q)];
    let list = match (rows.is_empty(), is_filtered) {
        (false, _) => list(rows),
        (true, true) => empty("No client fits", "Take the filter away, or look for a part of the name."),
        (true, false) => empty(
            "No client yet",
            view! { "An agent makes itself known when somebody connects it; "<a href="/account#connect">"connect one"</a>"." },
        ),
    };
    let content = view! {
        {Heading::new("Clients").lead("The programs that ask for access. None reads anything before a person lets it in.")
            .with(view! { <a class="button primary" href="/clients/new">"Register a client"</a> })}
        {filter("/clients", fields, filters)}
        {list}
        {pager.show()}
    };
    shell.around(Width::Wide, content)
}

fn list(rows: Vec<ClientRow>) -> AnyView {
    let columns = [
        Column::plain("Client"),
        Column::state("State"),
        Column::text("Redirects to"),
        Column::text("Known since"),
        Column::text("Last token"),
        Column::number("Living tokens"),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let name = view! {
                <div><a href=format!("/clients/{}", row.id)>{line(&row.name, 80)}</a><span class="quiet">{row.kind.word()}</span></div>
            };
            let hosts = line(&row.hosts.join(", "), 160);
            let hosts = if hosts.is_empty() { "nowhere".to_owned() } else { hosts };
            let used = row.used.map_or_else(|| "never".into_any(), Moment::brief);
            let state = state(row.is_disabled, row.is_paused);
            vec![name.into_any(), state, hosts.into_any(), row.known.brief(), used, grouped(row.tokens).into_any()]
        })
        .collect();
    table("Clients", &columns, rows)
}
