//! The page for the minutes in which nobody can be served: the store gives no answer, or moves to a new version.

use crate::parts::mark;
use crate::problem::request;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceModel {
    /// What is the matter, in a sentence or two.
    pub text: String,
    /// Leads to the log.
    pub request_id: Option<String>,
}

impl MaintenanceModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            text: "Our database gives no answer at the moment. Try again shortly.".to_owned(),
            request_id: Some("0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned()),
        }
    }
}

#[must_use]
pub fn MaintenancePage(page: MaintenanceModel) -> impl IntoView {
    let request = page.request_id.map(request);
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>"Back in a moment"</h1>
            <p>{page.text}</p>
            <p class="quiet">"Nothing is lost: no query runs without its record, so none runs now."</p>
            {request}
        </main>
    }
}
