//! Small drawings beside the words of the navigation; they say nothing that the words do not.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Overview,
    Alerts,
    Usage,
    Queries,
    Denials,
    Events,
    People,
    Clients,
    Surface,
    Try,
    Account,
    Calls,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z",
            Self::Alerts => "M8 2 1.5 13.5h13zM8 6.5v3M8 11.5v.2",
            Self::Usage => "M2 14V9M6 14V5M10 14V8M14 14V2",
            Self::Queries => "M2 3h12M2 6.3h8M2 9.6h12M2 13h6",
            Self::Denials => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M3.7 3.7l8.6 8.6",
            Self::Events => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.5V8l2.5 1.8",
            Self::People => {
                "M6 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2M1.5 14c0-5 9-5 9 0M11 2.6a2.5 2.5 0 0 1 0 4.6M12 9.8c1.6.5 2.5 1.9 2.5 4.2"
            }
            Self::Clients => "M2 3h12v8H2zM5 14h6M8 11v3",
            Self::Surface => "M8 1.8 14.2 5 8 8.2 1.8 5zM1.8 8 8 11.2 14.2 8M1.8 11 8 14.2l6.2-3.2",
            Self::Try => "M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3",
            Self::Account => "M8 7.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6M2.5 14.2c0-5.6 11-5.6 11 0",
            Self::Calls => "M2 3h12v8H7l-3.5 3V11H2zM5 6h6M5 8.4h4",
        }
    }
}

pub(crate) fn icon(icon: Icon) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=icon.path() /></svg> }.into_any()
}
