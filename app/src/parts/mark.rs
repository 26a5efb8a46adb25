//! The gate that gives the program its name.

use leptos::prelude::*;

#[must_use]
pub fn mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" width="48" height="48" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
            <path d="M5 28V14a11 11 0 0 1 22 0v14" />
            <path d="M10.5 6v19l-1.2 2M16 4v21v2M21.5 6v19l1.2 2M6 13h20M6 20h20" />
        </svg>
    }
}
