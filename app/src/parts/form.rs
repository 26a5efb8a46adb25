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

pub fn post_form(form: PostForm, body: impl IntoView + 'static) -> AnyView {
    view! {
        <form method="post" action=form.action>
            <input type="hidden" name="csrf" value=form.csrf />
            {body.into_any()}
        </form>
    }
    .into_any()
}

/// The button that sends a form.
#[must_use]
pub fn button(label: &'static str) -> AnyView {
    view! { <button class="primary" type="submit">{label}</button> }.into_any()
}

/// A button that does one thing that is easily done again, to the row `id`.
#[must_use]
pub fn act(form: PostForm, label: &'static str, id: String) -> AnyView {
    let body = view! {
        <input type="hidden" name="id" value=id />
        <button type="submit">{label}</button>
    };
    post_form(form, body)
}

/// What a form sends without asking.
#[must_use]
pub fn hidden(sent: Vec<(&'static str, String)>) -> AnyView {
    sent.into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect::<Vec<_>>()
        .into_any()
}
