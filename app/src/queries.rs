//! The calls of all agents, newest first: who asked what, and what became of it.

use crate::parts::{
    Active, CallRow, Choice, Field, Heading, Kind, Moment, Pager, Section, Shell, Tone, Width, calls, empty,
    filter, note,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueriesModel {
    pub shell: Shell,
    /// What stands in the fields of the filter, as it was sent.
    pub filter: QueryFilter,
    /// The filters that are on, each with the address without it.
    pub active: Vec<Active>,
    /// Entries of the selects.
    pub profiles: Vec<String>,
    pub tools: Vec<String>,
    pub reasons: Vec<String>,
    pub rows: Vec<CallRow>,
    pub pager: Pager,
    /// The export of the filtered set.
    pub csv: String,
    pub ndjson: String,
    /// A search that looked through many calls and stopped before the end of the record.
    pub stopped: Option<Stopped>,
}

/// The fields of the filter; each is empty unless it is on. The field's name is its name in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryFilter {
    pub person: String,
    pub profile: String,
    pub client: String,
    pub tool: String,
    /// A word of [`Decision`](crate::parts::Decision).
    pub decision: String,
    pub reason: String,
    pub relation: String,
    /// As `datetime-local` writes it, in the viewer's time zone: `2026-01-02T03:04`.
    pub from: String,
    pub until: String,
    /// Words in the SQL.
    pub words: String,
}

/// How far a search came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// How many calls it looked through, made for showing.
    pub looked_through: String,
    pub back_to: Moment,
    /// Where it goes on.
    pub further: String,
}

impl QueriesModel {
    #[must_use]
    pub fn sample() -> Self {
        let list = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            shell: Shell::sample(Section::Queries),
            filter: QueryFilter {
                profile: "support".to_owned(),
                words: "orders".to_owned(),
                ..QueryFilter::default()
            },
            active: vec![
                Active::new("profile", "support", "/audit/queries?words=orders"),
                Active::new("words", "orders", "/audit/queries?profile=support"),
            ],
            profiles: list(&["analyst", "support"]),
            tools: list(&["describe_table", "list_tables", "run_query"]),
            reasons: list(&["disallowed_table", "timeout"]),
            rows: CallRow::samples(),
            pager: Pager::sample("/audit/queries"),
            csv: "/audit/queries.csv?profile=support&words=orders".to_owned(),
            ndjson: "/audit/queries.ndjson?profile=support&words=orders".to_owned(),
            stopped: Some(Stopped {
                looked_through: "200,000".to_owned(),
                back_to: Moment { ago: None, ..Moment::sample() },
                further: "/audit/queries?profile=support&words=orders&before=0197".to_owned(),
            }),
        }
    }

    /// The page of somebody who just began.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self {
            filter: QueryFilter::default(),
            active: Vec::new(),
            rows: Vec::new(),
            pager: Pager { shown: "Nothing yet".to_owned(), ..Pager::default() },
            stopped: None,
            ..Self::sample()
        }
    }
}

#[must_use]
pub fn QueriesPage(page: QueriesModel) -> impl IntoView {
    let QueriesModel {
        shell,
        filter: typed,
        active,
        profiles,
        tools,
        reasons,
        rows,
        pager,
        csv,
        ndjson,
        stopped,
    } = page;
    let is_filtered = !active.is_empty();
    let exports = view! {
        <a class="button" href=csv download>"CSV"<span class="unseen">" export of this list"</span></a>
        <a class="button" href=ndjson download>"NDJSON"<span class="unseen">" export of this list"</span></a>
    };
    let stopped = stopped.map(|stopped| {
        let told = format!("Looked through {} calls, back to ", stopped.looked_through);
        note(
            Tone::Plain,
            view! { {told}{stopped.back_to.show()}". "<a href=stopped.further>"Keep looking"</a> },
        )
    });
    let list = match (rows.is_empty(), is_filtered) {
        (false, _) => calls("Calls of agents", rows),
        (true, true) => empty("No call fits", "Take one of the filters away, or widen the time."),
        (true, false) => empty(
            "No agent has asked anything yet",
            view! { "A call appears here the moment it is made. "<a href="/account">"Connect a client"</a>" to make the first." },
        ),
    };
    let heading = Heading::new("Queries").lead("Every call of every agent, with what became of it.");
    let content = view! {
        {heading.with(exports)}
        {filter("/audit/queries", fields(typed, [profiles, tools, reasons]), active)}
        {list}
        {stopped}
        {pager.show()}
    };
    shell.around(Width::Wide, content)
}

fn fields(typed: QueryFilter, [profiles, tools, reasons]: [Vec<String>; 3]) -> Vec<Field> {
    let decisions = ["allowed", "refused", "failed", "unfinished"].map(str::to_owned);
    let select = |none: &str, values: &[String]| Kind::Select(Choice::any_of(none, values));
    vec![
        Field::new("person", "Person", Kind::Text).value(typed.person),
        Field::new("profile", "Profile", select("any", &profiles)).value(typed.profile),
        Field::new("client", "Client", Kind::Text).value(typed.client),
        Field::new("tool", "Tool", select("any", &tools)).value(typed.tool),
        Field::new("decision", "Decision", select("any", &decisions)).value(typed.decision),
        Field::new("reason", "Reason", select("any", &reasons)).value(typed.reason),
        Field::new("relation", "Relation", Kind::Text).value(typed.relation),
        Field::new("from", "From", Kind::DateTime).value(typed.from),
        Field::new("until", "Until", Kind::DateTime).value(typed.until),
        Field::new("words", "Words in the SQL", Kind::Text).value(typed.words),
    ]
}
