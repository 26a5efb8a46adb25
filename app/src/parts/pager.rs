//! The way through a long list, page by page.

use leptos::prelude::*;

/// Links to other pages of a list; one that leads nowhere is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// What is shown: `50 calls, newest first`.
    pub shown: String,
    pub newest: Option<String>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

impl Pager {
    #[must_use]
    pub fn sample(path: &str) -> Self {
        Self {
            shown: "3 shown, newest first".to_owned(),
            newest: Some(path.to_owned()),
            newer: Some(format!("{path}?after=0199")),
            older: Some(format!("{path}?before=0197")),
        }
    }

    #[must_use]
    pub fn show(self) -> AnyView {
        let link = |href: Option<String>, rel: Option<&'static str>, label: &'static str| {
            href.map(|href| view! { <a class="button" href=href rel=rel>{label}</a> })
        };
        view! {
            <nav class="pager" aria-label="Pages of this list">
                <p class="quiet">{self.shown}</p>
                {link(self.newest, None, "Newest")}
                {link(self.newer, Some("prev"), "Newer")}
                {link(self.older, Some("next"), "Older")}
            </nav>
        }
        .into_any()
    }
}
