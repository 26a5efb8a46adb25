//! Calls of agents, as every list of them shows them.

use super::chip::Decision;
use super::moment::Moment;
use super::number::{bytes, duration_us, grouped};
use super::sql::sql_excerpt;
use super::table::{Column, table};
use super::text::line;
use leptos::prelude::*;

/// One call of an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    pub at: Moment,
    /// Everything that is recorded about it; `None` for those who may not see that page.
    pub href: Option<String>,
    /// On whose behalf; `None` where all are on behalf of one.
    pub person: Option<String>,
    /// As the client calls itself.
    pub client: String,
    pub tool: String,
    pub profile: String,
    pub decision: Decision,
    /// The code of the reason, unless the call was allowed.
    pub reason: Option<String>,
    /// The statement, or for a tool without one what it was asked about. As it came; an excerpt of a thousand characters
    /// is enough.
    pub asked: Option<String>,
    pub rows: u64,
    pub bytes: u64,
    pub duration_us: u64,
}

impl CallRow {
    /// The same among calls on behalf of one person.
    #[must_use]
    pub fn of_one(self) -> Self {
        Self { person: None, ..self }
    }

    #[must_use]
    pub fn samples() -> Vec<Self> {
        let allowed = Self {
            at: Moment::sample(),
            href: Some("/audit/queries/0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned()),
            person: Some("margarete".to_owned()),
            client: "Claude Code".to_owned(),
            tool: "run_query".to_owned(),
            profile: "support".to_owned(),
            decision: Decision::Allowed,
            reason: None,
            asked: Some("select c.city, count(*) as orders from orders o join customers c on c.id = o.customer_id where o.total > 100 group by c.city order by 2 desc".to_owned()),
            rows: 24,
            bytes: 1_830,
            duration_us: 12_400,
        };
        let refused = Self {
            decision: Decision::Refused,
            reason: Some("disallowed_table".to_owned()),
            asked: Some("SELECT usename, passwd FROM pg_shadow -- just looking".to_owned()),
            rows: 0,
            bytes: 0,
            duration_us: 310,
            ..allowed.clone()
        };
        let failed = Self {
            person: Some("grace".to_owned()),
            client: "VS Code".to_owned(),
            profile: "analyst".to_owned(),
            decision: Decision::Failed,
            reason: Some("timeout".to_owned()),
            asked: Some("select avg(total) from orders cross join generate_series(1, 1000000)".to_owned()),
            rows: 0,
            bytes: 0,
            duration_us: 5_002_000,
            ..allowed.clone()
        };
        let explored = Self {
            tool: "describe_table".to_owned(),
            asked: Some("orders".to_owned()),
            rows: 6,
            bytes: 940,
            duration_us: 2_100,
            ..allowed.clone()
        };
        vec![allowed, refused, failed, explored]
    }
}

/// Draws the calls, in the order given.
#[must_use]
pub fn calls(caption: &'static str, rows: Vec<CallRow>) -> AnyView {
    let who = if rows.iter().any(|row| row.person.is_some()) { "Who" } else { "Client" };
    let columns = [
        Column::plain("When"),
        Column::plain(who),
        Column::plain("What"),
        Column::state("Decision"),
        Column::number("Rows"),
        Column::number("Bytes"),
        Column::number("Took"),
    ];
    table(caption, &columns, rows.into_iter().map(cells).collect())
}

fn cells(row: CallRow) -> Vec<AnyView> {
    let is_query = row.tool == "run_query";
    let when = match row.href {
        Some(href) => view! { <a href=href>{row.at.brief()}</a> }.into_any(),
        None => row.at.brief(),
    };
    let asked = row.asked.unwrap_or_default();
    let what = if is_query {
        sql_excerpt(&asked)
    } else {
        view! { {line(&row.tool, 40)}<span class="quiet">{line(&asked, 80)}</span> }.into_any()
    };
    let reason = row.reason.map(|reason| view! { <span class="quiet">{line(&reason, 40)}</span> });
    let (client, profile) = (line(&row.client, 32), line(&row.profile, 32));
    let (who, by) = match row.person {
        Some(person) => (line(&person, 48), format!("{client} · {profile}")),
        None => (client, profile),
    };
    // Nothing is answered where something went wrong.
    let answered = |number: u64, shown: fn(u64) -> String| {
        if row.decision == Decision::Allowed { shown(number) } else { "–".to_owned() }
    };
    vec![
        when,
        view! { {who}<span class="quiet">{by}</span> }.into_any(),
        what,
        view! { {row.decision.show()}{reason} }.into_any(),
        answered(row.rows, grouped).into_any(),
        answered(row.bytes, bytes).into_any(),
        duration_us(row.duration_us).into_any(),
    ]
}
