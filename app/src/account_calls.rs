//! What was asked on one's own behalf.

use crate::parts::number::{bytes, duration_us, grouped};
use crate::parts::text::line;
use crate::parts::{
    Column, Decision, Heading, Moment, Pager, Section, Shell, Width, empty, sql_excerpt, table,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCallsModel {
    pub shell: Shell,
    /// Newest first.
    pub rows: Vec<OwnCall>,
    pub pager: Pager,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCall {
    pub at: Moment,
    pub client: String,
    pub tool: String,
    pub profile: String,
    pub decision: Decision,
    /// The code of a refusal or a failure.
    pub reason: Option<String>,
    /// The statement, or the arguments where there is none.
    pub sql: String,
    pub rows: Option<u64>,
    pub bytes: Option<u64>,
    pub duration_us: Option<u64>,
    /// Everything that was recorded, where the viewer may see it.
    pub href: Option<String>,
}

impl AccountCallsModel {
    #[must_use]
    pub fn sample() -> Self {
        let allowed = OwnCall {
            at: Moment::sample(),
            client: "Claude Code".to_owned(),
            tool: "run_query".to_owned(),
            profile: "analyst".to_owned(),
            decision: Decision::Allowed,
            reason: None,
            sql: "select city, count(*) from customers group by city order by 2 desc limit 10".to_owned(),
            rows: Some(10),
            bytes: Some(1_830),
            duration_us: Some(12_400),
            href: Some("/audit/queries/0199".to_owned()),
        };
        let refused = OwnCall {
            decision: Decision::Refused,
            reason: Some("disallowed_column".to_owned()),
            sql: "select id, email from customers where city = 'Berlin'".to_owned(),
            rows: None,
            bytes: None,
            duration_us: Some(640),
            ..allowed.clone()
        };
        let failed = OwnCall {
            client: "ChatGPT".to_owned(),
            decision: Decision::Failed,
            reason: Some("timeout".to_owned()),
            sql: "select count(*) from events e join orders o on true".to_owned(),
            duration_us: Some(5_003_000),
            ..refused.clone()
        };
        Self {
            shell: Shell::sample(Section::Calls),
            rows: vec![allowed, refused, failed],
            pager: Pager::sample("/account/calls"),
        }
    }
}

#[must_use]
pub fn AccountCallsPage(page: AccountCallsModel) -> impl IntoView {
    let AccountCallsModel { shell, rows, pager } = page;
    let list = if rows.is_empty() {
        let next = view! { "Nothing was asked on your behalf. "<a href="/account#connect">"Connect a client"</a>" and ask." };
        empty("No call yet", next)
    } else {
        calls(rows)
    };
    let lead = "Everything that agents asked on your behalf, and what became of it.";
    let content = view! { {Heading::new("Your calls").lead(lead).show()}{list}{pager.show()} };
    shell.around(Width::Wide, content)
}

fn calls(rows: Vec<OwnCall>) -> AnyView {
    let columns = [
        Column::plain("Moment"),
        Column::text("Client"),
        Column::text("Profile"),
        Column::text("Decision"),
        Column::plain("Statement"),
        Column::number("Rows"),
        Column::number("Bytes"),
        Column::number("Took"),
    ];
    let number = |number: Option<u64>, shown: fn(u64) -> String| {
        number.map_or_else(|| "–".to_owned(), shown).into_any()
    };
    let rows = rows
        .into_iter()
        .map(|row| {
            let at = match row.href {
                Some(href) => view! { <a href=href>{row.at.brief()}</a> }.into_any(),
                None => row.at.brief(),
            };
            let tool = line(&row.tool, 60);
            let reason = row.reason.map(|reason| view! { <span class="quiet">{line(&reason, 60)}</span> });
            vec![
                at,
                view! { <span>{line(&row.client, 60)}<span class="quiet">{tool}</span></span> }.into_any(),
                row.profile.into_any(),
                view! { <span>{row.decision.show()}{reason}</span> }.into_any(),
                sql_excerpt(&row.sql),
                number(row.rows, grouped),
                number(row.bytes, bytes),
                number(row.duration_us, duration_us),
            ]
        })
        .collect();
    table("Your calls", &columns, rows)
}
