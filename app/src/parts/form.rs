//! A form that changes something. Each one bears the token that shows that it comes from a page of ours.

use leptos::prelude::*;

/// Where a form goes, and the token of this browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostForm {
    pub action: String,
    pub csrf: String,
}

impl PostForm {
    pub fn new(action: impl Into<String>, csrf: &str) -> Self {
        Self { action: action.into(), csrf: csrf.to_owned() }
    }
}

#[must_use]
pub fn post_form(form: PostForm, body: impl IntoView) -> impl IntoView {
    view! {
        <form method="post" action=form.action>
            <input type="hidden" name="csrf" value=form.csrf />
            {body}
        </form>
    }
}

/// The button that sends a form.
#[must_use]
pub fn button(label: &'static str) -> impl IntoView {
    view! { <button class="primary" type="submit">{label}</button> }
}
