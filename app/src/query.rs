//! One call of an agent: everything that is recorded about it.

use crate::parts::number::{bytes, counted, duration_us};
use crate::parts::text::{cut, light, line, visible_lines};
use crate::parts::{
    CallRow, Decision, Facts, Heading, Moment, Section, Shell, Statement, Tone, Width, calls, chip, note,
    section, sql_columns, sql_text, told,
};
use leptos::prelude::*;

/// Bytes of an error, or of arguments, that the page shows.
const LONGEST: usize = 4_000;
/// Relations, and functions, that the page names.
const NAMES: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryModel {
    pub shell: Shell,
    /// The address of the page; what is too long for it stands below.
    pub href: String,
    pub at: Moment,
    pub person: Link,
    pub client: Link,
    /// The token that was shown, by its id; it leads to where it can be revoked.
    pub token: Link,
    pub profile: Link,
    pub tool: String,
    pub decision: Decision,
    /// Why it was refused or failed, and what to do instead.
    pub refusal: Option<Refusal>,
    /// What the warehouse said, where it said no.
    pub error: Option<String>,
    pub rows: u64,
    pub bytes: u64,
    /// More rows or bytes were there than may be answered.
    pub is_truncated: bool,
    pub duration_us: u64,
    /// What the agent sent; `None` for tools without a statement.
    pub raw: Option<String>,
    /// What the gate made of it; `None` unless it was admitted.
    pub canonical: Option<String>,
    /// What the warehouse was told; `None` unless it came so far.
    pub executed: Option<String>,
    pub relations: Vec<String>,
    pub functions: Vec<String>,
    /// The arguments of the call as JSON, indented.
    pub arguments: String,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// Where the client's answer of the sign-in went.
    pub redirect: Option<String>,
    pub request_id: String,
    /// The person's calls around this one, newest first.
    pub after: Vec<CallRow>,
    pub before: Vec<CallRow>,
}

/// A name, and the page behind it; none for those who may not see that page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub text: String,
    pub href: Option<String>,
}

impl Link {
    #[must_use]
    pub fn to(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), href: Some(href.to_owned()) }
    }

    pub(crate) fn show(self) -> AnyView {
        let text = line(&self.text, 120);
        match self.href {
            Some(href) => view! { <a href=href>{text}</a> }.into_any(),
            None => text.into_any(),
        }
    }
}

/// Why something was turned down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable word of the record.
    pub code: String,
    /// What it is about: a table, a function.
    pub subject: Option<String>,
    /// What to do about it, as a sentence.
    pub advice: String,
}

impl Refusal {
    pub(crate) fn show(self, decision: Decision) -> AnyView {
        let subject = self.subject.map(|subject| view! { " · "<code>{line(&subject, 200)}</code> });
        let tone = if decision == Decision::Failed { Tone::Warning } else { Tone::Bad };
        note(tone, view! { <strong>{line(&self.code, 60)}</strong>{subject}<br />{told(&self.advice, 400)} })
    }
}

impl QueryModel {
    #[must_use]
    pub fn sample() -> Self {
        let raw = "select city, COUNT(*) as orders\nfrom orders o\njoin customers c on c.id = o.customer_id -- all of them\nwhere o.total > 100\ngroup by city";
        let canonical = "select \"c\".\"city\", pg_catalog.count(*) as \"orders\" from \"public\".\"orders\" as \"o\" join \"public\".\"customers\" as \"c\" on \"c\".\"id\" = \"o\".\"customer_id\" where \"o\".\"total\" > 100 group by \"c\".\"city\"";
        Self {
            shell: Shell::sample(Section::Queries),
            href: "/audit/queries/0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned(),
            at: Moment::sample(),
            person: Link::to("margarete", "/people/margarete"),
            client: Link::to("Claude Code", "/clients/0199"),
            token: Link::to("0199c2f4-8d1e", "/people/margarete#tokens"),
            profile: Link::to("support", "/surface#support"),
            tool: "run_query".to_owned(),
            decision: Decision::Allowed,
            refusal: None,
            error: None,
            rows: 24,
            bytes: 1_830,
            is_truncated: true,
            duration_us: 12_400,
            raw: Some(raw.to_owned()),
            canonical: Some(canonical.to_owned()),
            executed: Some(format!("{canonical} limit 101")),
            relations: vec!["public.customers".to_owned(), "public.orders".to_owned()],
            functions: vec!["pg_catalog.count".to_owned()],
            arguments: "{\n  \"sql\": \"select city, …\",\n  \"max_rows\": 100\n}".to_owned(),
            ip: Some("192.0.2.7".to_owned()),
            user_agent: Some("claude-code/2.1.0 (cli)".to_owned()),
            redirect: Some("http://127.0.0.1:54321/callback".to_owned()),
            request_id: "0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned(),
            after: CallRow::samples().into_iter().skip(3).collect(),
            before: CallRow::samples().into_iter().skip(1).take(1).collect(),
        }
    }

    #[must_use]
    pub fn sample_refused() -> Self {
        Self {
            decision: Decision::Refused,
            refusal: Some(Refusal {
                code: "system_schema".to_owned(),
                subject: Some("pg_shadow".to_owned()),
                advice:
                    "The catalogue cannot be read; use the tools list_tables and describe_table to explore."
                        .to_owned(),
            }),
            rows: 0,
            bytes: 0,
            is_truncated: false,
            raw: Some("SELECT usename, passwd FROM pg_shadow -- just looking".to_owned()),
            canonical: None,
            executed: None,
            relations: Vec::new(),
            functions: Vec::new(),
            ..Self::sample()
        }
    }
}

#[must_use]
pub fn QueryPage(page: QueryModel) -> impl IntoView {
    let title = match page.decision {
        Decision::Allowed => "An allowed call",
        Decision::Refused => "A refused call",
        Decision::Failed => "A failed call",
        Decision::Unfinished => "An unfinished call",
    };
    let lead = format!("{}, by way of {}", line(&page.person.text, 64), line(&page.client.text, 60));
    let heading = Heading::new(title)
        .lead(lead)
        .above("/audit/queries", "Queries")
        .with(chip(page.decision.tone(), page.decision.word()));
    let refusal = page.refusal.clone().map(|refusal| refusal.show(page.decision));
    let error = page
        .error
        .as_ref()
        .map(|error| section("What the warehouse said", view! { <pre tabindex="0">{bounded(error)}</pre> }));
    let arguments = arguments(&page);
    let (statement, around) = (statement(&page), around(&page));
    let left = facts(&page);
    let right = origin(&page);
    let content = view! {
        {heading}
        {refusal}
        {statement}
        {error}
        <div class="halves">{section("What came of it", left)}{section("Where it came from", right)}</div>
        {arguments}
        {around}
    };
    page.shell.around(Width::Wide, content)
}

fn statement(page: &QueryModel) -> Option<AnyView> {
    let whole = |file: &str| Some(format!("{}/{file}", page.href));
    let mut versions: Vec<_> = [
        ("As asked", &page.raw, "asked.sql"),
        ("As the gate wrote it", &page.canonical, "written.sql"),
        ("As it ran", &page.executed, "ran.sql"),
    ]
    .into_iter()
    .filter_map(|(title, sql, file)| Some((title, Statement { sql: sql.clone()?, whole: whole(file) })))
    .collect();
    match versions.len() {
        0 | 1 => versions.pop().map(|(_, only)| section("Statement", sql_text(only))),
        _ => Some(section("Statement", sql_columns(versions))),
    }
}

/// Text of others, as much of it as is good for a page.
fn bounded(text: &str) -> String {
    light(&visible_lines(&cut(text, LONGEST)), LONGEST)
}

fn arguments(page: &QueryModel) -> AnyView {
    let shown = bounded(&page.arguments);
    let whole = shown.ends_with('\u{2026}').then(|| {
        view! { <p><a href=format!("{}/arguments.json", page.href)>"All of them as a file"</a></p> }
    });
    let content = view! { <details><summary>"As they were sent"</summary><pre tabindex="0">{shown}</pre></details>{whole} };
    section("Arguments", content)
}

fn facts(page: &QueryModel) -> AnyView {
    let list = |names: &[String]| {
        let more = names.len().saturating_sub(NAMES);
        let more = (more > 0).then(|| view! { <li class="quiet">{format!("and {more} more")}</li> });
        let shown: Vec<_> =
            names.iter().take(NAMES).map(|name| view! { <li><code>{line(name, 130)}</code></li> }).collect();
        (!shown.is_empty()).then(|| view! { <ul>{shown}{more}</ul> })
    };
    let rows = counted(page.rows, "row", "rows");
    let rows = if page.is_truncated { format!("{rows}, cut at the limit") } else { rows };
    Facts::new()
        .line("Answer", format!("{rows}, {}", bytes(page.bytes)))
        .line("Took", duration_us(page.duration_us))
        .maybe("Relations read", list(&page.relations))
        .maybe("Functions", list(&page.functions))
        .line("Tool", line(&page.tool, 60))
        .line("Profile", page.profile.clone().show())
        .show()
}

fn origin(page: &QueryModel) -> AnyView {
    Facts::new()
        .line("When", page.at.clone().show())
        .line("Person", page.person.clone().show())
        .line("Client", page.client.clone().show())
        .line("Token", page.token.clone().show())
        .maybe("Address", page.ip.clone())
        .maybe("Program", page.user_agent.as_ref().map(|agent| line(agent, 300)))
        .maybe("Signed in by way of", page.redirect.as_ref().map(|to| line(to, 300)))
        .line("Request", view! { <code>{page.request_id.clone()}</code> })
        .show()
}

fn around(page: &QueryModel) -> AnyView {
    let part = |title: &'static str, rows: &[CallRow]| {
        (!rows.is_empty()).then(|| section(title, calls(title, rows.to_vec())))
    };
    view! { {part("What the same person asked next", &page.after)}{part("What the same person asked before", &page.before)} }.into_any()
}
