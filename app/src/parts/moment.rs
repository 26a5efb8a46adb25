//! A moment, in the time zone of whoever looks.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The instant in RFC 3339, for machines.
    pub iso: String,
    /// The same in the viewer's time zone, as `2026-01-02 03:04:05`.
    pub shown: String,
    /// How long ago, where that says more than the date: `3 min ago`.
    pub ago: Option<String>,
}

impl Moment {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            iso: "2026-01-02T03:04:05Z".to_owned(),
            shown: "2026-01-02 03:04:05".to_owned(),
            ago: Some("3 min ago".to_owned()),
        }
    }

    /// The date and the time; how long ago stands behind it, more quietly.
    #[must_use]
    pub fn show(self) -> AnyView {
        let Self { iso, shown, ago } = self;
        let ago = ago.map(|ago| view! { " " <span class="ago">{ago}</span> });
        view! { <time datetime=iso>{shown}{ago}</time> }.into_any()
    }

    /// The shortest form that is not ambiguous: how long ago, or else the date.
    #[must_use]
    pub fn brief(self) -> AnyView {
        let Self { iso, shown, ago } = self;
        let title = ago.as_ref().map(|_| shown.clone());
        view! { <time datetime=iso title=title>{ago.unwrap_or(shown)}</time> }.into_any()
    }
}
