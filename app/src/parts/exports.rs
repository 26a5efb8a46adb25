//! The ways to take a list away as a file.

use leptos::prelude::*;

/// Where the files of a list are, with every filter that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exports {
    pub csv: String,
    pub ndjson: String,
}

impl Exports {
    #[must_use]
    pub fn sample(path: &str) -> Self {
        let file = |ending| format!("{path}/export.{ending}?profile=support");
        Self { csv: file("csv"), ndjson: file("ndjson") }
    }

    #[must_use]
    pub fn show(self) -> AnyView {
        view! {
            <a class="button" href=self.csv download>"CSV"<span class="unseen">" export of this list"</span></a>
            <a class="button" href=self.ndjson download>"NDJSON"<span class="unseen">" export of this list"</span></a>
        }
        .into_any()
    }
}
