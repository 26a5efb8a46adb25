//! What came of a statement that was tried.

use crate::parts::number::{counted, duration_us};
use crate::parts::text::{cut, light, line, visible_lines, weight};
use crate::parts::{Facts, Statement, Tone, chip, empty, note, section, sql_columns, told};
use leptos::prelude::*;

/// The most characters of one value that the page shows.
const CELL: usize = 200;
/// The most bytes of an answer that the page shows, and what each value of it costs beside its text.
const ANSWER: usize = 20_000;
const CELL_MARKUP: usize = 15;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In their order; those after the one that failed are not reached.
    pub steps: Vec<Step>,
    pub raw: String,
    /// What the gate would have executed; nothing where it refused.
    pub canonical: Option<String>,
    pub relations: Vec<String>,
    pub functions: Vec<String>,
    pub refused: Option<Refused>,
    /// What the warehouse said, where it was run and failed.
    pub error: Option<String>,
    pub answer: Option<Answer>,
    /// Where the call was recorded, if it was run.
    pub record: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub state: StepState,
    /// What was found, in a few words.
    pub told: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Passed,
    Failed,
    NotReached,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub code: String,
    /// What in the statement it is about.
    pub subject: Option<String>,
    pub advice: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub columns: Vec<String>,
    /// Each value as text; nothing is null.
    pub rows: Vec<Vec<Option<String>>>,
    /// Why there is no more of it: `cut at 100 rows`.
    pub truncated: Option<String>,
    pub duration_us: u64,
}

impl Verdict {
    pub(super) fn sample() -> Self {
        let step = |name: &str, told: &str| Step {
            name: name.to_owned(),
            state: StepState::Passed,
            told: told.to_owned(),
        };
        let row = |city: Option<&str>, count: &str| vec![city.map(ToOwned::to_owned), Some(count.to_owned())];
        Self {
            steps: vec![
                step("Size", "63 bytes, 15 tokens"),
                step("Grammar", "one complete SELECT"),
                step("Names", "every relation and column is open"),
                step("Functions", "every function is on the list"),
                step("Second lock", "the printed text is read as the same tree"),
            ],
            raw: "select city, count(*)\nfrom customers\ngroup by city\norder by 2 desc".to_owned(),
            canonical: Some(
                "select \"customers\".\"city\" as \"city\", pg_catalog.count(*) as \"count\" from \"public\".\"customers\" as \
                 \"customers\" group by \"customers\".\"city\" order by 2 desc"
                    .to_owned(),
            ),
            relations: vec!["public.customers".to_owned()],
            functions: vec!["pg_catalog.count".to_owned()],
            refused: None,
            error: None,
            answer: Some(Answer {
                columns: vec!["city".to_owned(), "count".to_owned()],
                rows: vec![row(Some("Berlin"), "1204"), row(Some("Leipzig"), "871"), row(None, "12")],
                truncated: Some("cut at 3 rows".to_owned()),
                duration_us: 12_400,
            }),
            record: Some("/audit/queries/0199".to_owned()),
        }
    }

    pub(super) fn sample_refused() -> Self {
        let step =
            |name: &str, state, told: &str| Step { name: name.to_owned(), state, told: told.to_owned() };
        Self {
            steps: vec![
                step("Size", StepState::Passed, "36 bytes, 9 tokens"),
                step("Grammar", StepState::Passed, "one complete SELECT"),
                step("Names", StepState::Failed, "`email` is not open in public.customers"),
                step("Functions", StepState::NotReached, ""),
                step("Second lock", StepState::NotReached, ""),
            ],
            raw: "select id, email from customers".to_owned(),
            canonical: None,
            relations: vec!["public.customers".to_owned()],
            functions: Vec::new(),
            refused: Some(Refused {
                code: "disallowed_column".to_owned(),
                subject: Some("email".to_owned()),
                advice: "use one of the columns id, name, city".to_owned(),
            }),
            error: None,
            answer: None,
            record: None,
        }
    }

    pub(super) fn show(self) -> AnyView {
        let outcome = self.outcome();
        let steps: Vec<_> = self.steps.into_iter().map(Step::show).collect();
        let names = |names: Vec<String>| {
            let names: Vec<_> = names.iter().map(|name| view! { <code>{line(name, 130)}</code> }).collect();
            (!names.is_empty()).then(|| view! { <span class="chips">{names}</span> })
        };
        let found = Facts::new()
            .line("Relations", names(self.relations).map_or_else(|| "none".into_any(), IntoAny::into_any))
            .line("Functions", names(self.functions).map_or_else(|| "none".into_any(), IntoAny::into_any))
            .show();
        let statement = |sql| Statement { sql, whole: None };
        let asked = ("As it was written", statement(self.raw));
        let versions = match self.canonical {
            Some(canonical) => vec![asked, ("As it would be executed", statement(canonical))],
            None => vec![asked],
        };
        view! {
            {outcome}
            {section("Step by step", view! { <ol class="steps">{steps}</ol> })}
            {self.answer.map(|answer| section("Answer", answer.show()))}
            {section("Statement", sql_columns(versions))}
            {section("What it reads and calls", found)}
        }
        .into_any()
    }

    /// The verdict in a sentence, where it is recorded, and what to do about it.
    fn outcome(&self) -> AnyView {
        let record = self.record.clone().map(|href| view! { " "<a href=href>"See the record"</a> });
        if let Some(refused) = &self.refused {
            let subject =
                refused.subject.as_ref().map(|subject| view! { " at "<code>{line(subject, 130)}</code> });
            let words = view! {
                <strong>"Refused: "</strong><code>{refused.code.clone()}</code>{subject}"."<br />
                {told(&refused.advice, 400)}{record}
            };
            return note(Tone::Bad, words);
        }
        if let Some(error) = &self.error {
            return note(
                Tone::Warning,
                view! { <strong>"Admitted, but the run failed: "</strong>{told(error, 400)}{record} },
            );
        }
        let words = if self.answer.is_some() { "Admitted and run." } else { "Admitted. Nothing was run." };
        note(Tone::Good, view! { <strong>{words}</strong>{record} })
    }
}

impl Step {
    fn show(self) -> AnyView {
        let (tone, word) = match self.state {
            StepState::Passed => (Tone::Good, "passed"),
            StepState::Failed => (Tone::Bad, "failed"),
            StepState::NotReached => (Tone::Plain, "not reached"),
        };
        let words = (!self.told.is_empty()).then(|| view! { <p class="quiet">{told(&self.told, 400)}</p> });
        view! { <li><span>{chip(tone, word)}</span><strong>{self.name}</strong>{words}</li> }.into_any()
    }
}

impl Answer {
    fn show(self) -> AnyView {
        let Self { columns, rows, truncated, duration_us: took } = self;
        let cut_off = truncated.map(|told| format!(" · {told}")).unwrap_or_default();
        let told = format!("{} in {}{cut_off}", counted(rows.len() as u64, "row", "rows"), duration_us(took));
        if columns.is_empty() || rows.is_empty() {
            return view! { {empty("No rows", "The statement is fine; nothing fits it.")}<p class="quiet">{told}</p> }
                .into_any();
        }
        let heads: Vec<_> =
            columns.iter().map(|name| view! { <th scope="col">{line(name, 64)}</th> }).collect();
        let all = rows.len();
        let rows: Vec<_> = bounded(rows)
            .into_iter()
            .map(|row| {
                let cells: Vec<_> = row.into_iter().map(cell).collect();
                view! { <tr>{cells}</tr> }
            })
            .collect();
        let shown = rows.len();
        let told = if shown < all { format!("{told} · the first {shown} are shown") } else { told };
        view! {
            <div class="across" tabindex="0" role="region" aria-label="Answer">
                <table><caption class="unseen">"Answer"</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
            </div>
            <p class="quiet">{told}</p>
        }
        .into_any()
    }
}

/// As many rows as are good for a page, each value as much as is shown of it.
fn bounded(rows: Vec<Vec<Option<String>>>) -> Vec<Vec<Option<String>>> {
    let mut left = ANSWER;
    let shown = |value: String| light(&visible_lines(&cut(&value, CELL)), CELL * 2);
    let row =
        |row: Vec<Option<String>>| -> Vec<_> { row.into_iter().map(|value| value.map(shown)).collect() };
    let weight = |row: &Vec<Option<String>>| -> usize {
        row.iter().map(|value| CELL_MARKUP + value.as_deref().map_or(0, weight)).sum()
    };
    let fits = |row: &Vec<Option<String>>| {
        let rest = left.checked_sub(weight(row));
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    rows.into_iter().map(row).take_while(fits).collect()
}

fn cell(value: Option<String>) -> AnyView {
    let value = match value {
        None => view! { <em class="quiet">"null"</em> }.into_any(),
        Some(value) => value.into_any(),
    };
    view! { <td>{value}</td> }.into_any()
}
