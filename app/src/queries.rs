//! The calls of all agents, newest first: who asked what, and what became of it.

use crate::parts::{
    Active, CallRow, Choice, Field, Heading, Kind, Moment, Pager, Problems, Section, Shell, Tone, Width,
    calls, empty, filter, note,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueriesModel {
    pub shell: Shell,
    /// What stands in the fields of the filter, as it was sent.
    pub filter: QueryFilter,
    /// What is wrong with it; then nothing was looked for.
    pub problems: Problems,
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
    /// A search that took its time and stopped before the end of the record.
    pub stopped: Option<Stopped>,
    /// Until when calls can be found, where the newest cannot yet.
    pub behind: Option<Moment>,
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
    pub at: Moment,
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
            problems: Problems::default(),
            active: vec![
                Active::new("profile", "support", "/audit/queries?words=orders"),
                Active::new("words", "orders", "/audit/queries?profile=support"),
            ],
            profiles: list(&["analyst", "support"]),
            tools: list(&["describe_table", "list_tables", "run_query"]),
            reasons: list(&["disallowed_table", "timeout"]),
            rows: CallRow::samples(),
            pager: Pager::sample("/audit/queries"),
            csv: "/audit/queries/export.csv?profile=support&words=orders".to_owned(),
            ndjson: "/audit/queries/export.ndjson?profile=support&words=orders".to_owned(),
            stopped: Some(Stopped {
                at: Moment { ago: None, ..Moment::sample() },
                further: "/audit/queries?profile=support&words=orders&before=0197".to_owned(),
            }),
            behind: None,
        }
    }

    /// A filter that cannot be.
    #[must_use]
    pub fn sample_wrong() -> Self {
        let mut problems = Problems::default();
        problems.add("person", "there is no person `magarete`");
        Self {
            filter: QueryFilter { person: "magarete".to_owned(), ..QueryFilter::default() },
            problems,
            active: vec![Active::new("person", "magarete", "/audit/queries")],
            behind: Some(Moment::sample()),
            ..Self::sample_empty()
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
        problems,
        active,
        profiles,
        tools,
        reasons,
        rows,
        pager,
        csv,
        ndjson,
        stopped,
        behind,
    } = page;
    let is_filtered = !active.is_empty();
    let is_wrong = !problems.is_empty();
    let exports = (!is_wrong).then(|| {
        view! {
            <a class="button" href=csv download>"CSV"<span class="unseen">" export of this list"</span></a>
            <a class="button" href=ndjson download>"NDJSON"<span class="unseen">" export of this list"</span></a>
        }
    });
    let stopped = stopped.map(|stopped| {
        let at = stopped.at.show();
        note(
            Tone::Plain,
            view! { "Few calls fit, so the search paused at "{at}". "<a href=stopped.further>"Keep looking"</a> },
        )
    });
    let behind = behind.map(|until| {
        note(
            Tone::Warning,
            view! { "Many calls came in at once; those after "{until.show()}" cannot be found yet." },
        )
    });
    let list = match (rows.is_empty(), is_filtered) {
        (false, _) => calls("Calls of agents", rows),
        (true, _) if is_wrong => {
            empty("Nothing was looked for", "Mend the filter above, and apply it again.")
        }
        (true, true) => empty("No call fits", "Take one of the filters away, or widen the time."),
        (true, false) => empty(
            "No agent has asked anything yet",
            view! { "A call appears here the moment it is made. "<a href="/account">"Connect a client"</a>" to make the first." },
        ),
    };
    let heading = Heading::new("Queries").lead("Every call of every agent, with what became of it.");
    let content = view! {
        {heading.with(exports)}
        {filter("/audit/queries", problems.beside(fields(typed, [profiles, tools, reasons])), active)}
        {behind}
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
