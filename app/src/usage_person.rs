//! How much one person's agents read.

use crate::parts::text::line;
use crate::parts::{
    Bucket, BudgetRow, CallRow, Column, Heading, Ranked, Section, Shell, Width, Window, budgets, calls,
    empty, ranking, section, stacked, table,
};
use crate::usage::UsageFigures;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsagePersonModel {
    pub shell: Shell,
    pub username: String,
    pub display_name: String,
    /// The page of the person, for those who may see it.
    pub person_href: Option<String>,
    /// All calls of the person.
    pub calls_href: String,
    /// One hour, one day, one week.
    pub windows: [UsageFigures; 3],
    /// The budgets of the profiles that the person holds.
    pub budgets: Vec<BudgetRow>,
    /// The last week, oldest first, in equal stretches.
    pub week: Vec<Bucket>,
    /// What was read most in the week, by calls.
    pub relations: Vec<Ranked>,
    /// The latest calls, newest first.
    pub latest: Vec<CallRow>,
}

impl UsagePersonModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Usage),
            username: "margarete".to_owned(),
            display_name: "Margarete Klein".to_owned(),
            person_href: Some("/people/margarete".to_owned()),
            calls_href: "/audit/queries?person=margarete".to_owned(),
            windows: [UsageFigures::sample(), UsageFigures::sample(), UsageFigures::sample()],
            budgets: Vec::new(),
            week: Bucket::samples(),
            relations: Ranked::samples(),
            latest: CallRow::samples(),
        }
    }
}

#[must_use]
pub fn UsagePersonPage(page: UsagePersonModel) -> impl IntoView {
    let person = page.person_href.map(|href| view! { <a class="button" href=href>"The person"</a> });
    let links = view! { <a class="button" href=page.calls_href>"All calls"</a>{person} };
    let columns = [
        Column::plain("Window"),
        Column::number("Allowed"),
        Column::number("Refused"),
        Column::number("Failed"),
        Column::number("Denied"),
        Column::number("Rows"),
        Column::number("Bytes"),
    ];
    let rows = Window::ALL
        .iter()
        .zip(&page.windows)
        .map(|(window, figures)| std::iter::once(window.words().into_any()).chain(figures.cells()).collect());
    let figures = table("Figures of each window", &columns, rows.collect());
    let budgets = (!page.budgets.is_empty()).then(|| section("Budgets", budgets(page.budgets)));
    let latest = if page.latest.is_empty() {
        empty("No call yet", "The person's agents have asked nothing so far.")
    } else {
        calls("Latest calls", page.latest)
    };
    let heading =
        Heading::new(line(&page.display_name, 80)).above("/usage", "Usage").lead(line(&page.username, 64));
    let content = view! {
        {heading.with(links)}
        {figures}
        {budgets}
        {section("The last 7 days", stacked(&page.week, "Calls of the last 7 days"))}
        {section("Read most", ranking("Relations by calls", "Relation", "Calls", page.relations))}
        {section("Latest calls", latest)}
    };
    page.shell.around(Width::Wide, content)
}
