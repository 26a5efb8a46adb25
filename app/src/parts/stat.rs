//! One figure of a window of time, and how it came about.

use super::chart::sparkline;
use super::chip::Tone;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    pub label: &'static str,
    /// The figure, made for showing.
    pub value: String,
    /// A few words below: a share, a comparison.
    pub note: Option<String>,
    /// Oldest first.
    pub trend: Vec<u64>,
    /// Where the calls behind the figure are.
    pub href: Option<String>,
    pub tone: Tone,
}

impl Stat {
    #[must_use]
    pub fn show(self) -> AnyView {
        let Self { label, value, note, trend, href, tone } = self;
        let name = match href {
            Some(href) => view! { <a href=href>{label}</a> }.into_any(),
            None => view! { <span>{label}</span> }.into_any(),
        };
        let note = note.map(|note| view! { <p class="quiet">{note}</p> });
        let trend =
            (!trend.is_empty()).then(|| sparkline(&trend, &format!("{label} over the time shown"), tone));
        view! {
            <div class="stat"><p>{name}</p><strong>{value}</strong>{note}{trend}</div>
        }
        .into_any()
    }
}
