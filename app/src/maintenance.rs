//! The page for the minutes in which nobody can be served, like while the store moves to a new version.

use crate::parts::{Moment, mark};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceModel {
    /// What is being done, as a sentence.
    pub text: String,
    /// When it should be over, where that is known.
    pub until: Option<Moment>,
}

impl MaintenanceModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            text: "The store is being moved to a new version. Agents are turned away until that is done."
                .to_owned(),
            until: Some(Moment { ago: None, ..Moment::sample() }),
        }
    }
}

#[must_use]
pub fn MaintenancePage(page: MaintenanceModel) -> impl IntoView {
    let until = page.until.map(|until| view! { <p class="quiet">"Expected back: "{until.show()}</p> });
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>"Back in a moment"</h1>
            <p>{page.text}</p>
            {until}
            <p class="quiet">"Nothing is lost: no query runs without its record, so none runs now."</p>
        </main>
    }
}
