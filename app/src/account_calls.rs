//! What was asked on one's own behalf.

use crate::parts::{CallRow, Heading, Pager, Section, Shell, Width, calls, empty};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCallsModel {
    pub shell: Shell,
    /// Newest first.
    pub rows: Vec<CallRow>,
    pub pager: Pager,
}

impl AccountCallsModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Calls),
            rows: CallRow::samples().into_iter().map(CallRow::of_one).collect(),
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
        calls("Your calls", rows)
    };
    let lead = "Everything that agents asked on your behalf, and what became of it.";
    let content = view! { {Heading::new("Your calls").lead(lead).show()}{list}{pager.show()} };
    shell.around(Width::Wide, content)
}
