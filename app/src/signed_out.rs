//! The last page.

use crate::parts::mark;
use leptos::prelude::*;

#[must_use]
pub fn SignedOutPage() -> impl IntoView {
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>"You are signed out"</h1>
            <p>"The session has ended, and with it the access of every agent that read on your behalf."</p>
            <p><a class="button primary" href="/sign-in">"Sign in again"</a></p>
        </main>
    }
}
