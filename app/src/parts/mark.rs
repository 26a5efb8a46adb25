//! The gate that gives the program its name.

use leptos::prelude::*;

/// The mark, so many pixels wide. It stands beside its name or alone as an ornament, so it says nothing itself.
#[must_use]
pub fn mark(size: u32) -> AnyView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width=size height=size aria-hidden="true">
            <path d="M5 28V14a11 11 0 0 1 22 0v14" />
            <path d="M10.5 6v19l-1.2 2M16 4v21v2M21.5 6v19l1.2 2M6 13h20M6 20h20" />
        </svg>
    }
    .into_any()
}
