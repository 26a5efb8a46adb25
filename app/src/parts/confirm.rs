//! An act that cannot easily be undone asks once, and names what will end.

use super::form::{PostForm, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    pub form: PostForm,
    /// The word that opens the question, and for those who cannot see its surroundings what it is about.
    pub act: &'static str,
    pub about: String,
    /// What will end.
    pub ends: String,
    /// The button that does it.
    pub yes: &'static str,
    /// The row that it is about, as the field `id`.
    pub id: Option<String>,
}

impl Confirm {
    #[must_use]
    pub fn show(self) -> AnyView {
        let Self { form, act, about, ends, yes, id } = self;
        let id = id.map(|id| view! { <input type="hidden" name="id" value=id /> });
        let body = view! { {id}<button class="danger" type="submit">{yes}</button> };
        view! {
            <details class="confirm">
                <summary>{act}<span class="unseen">{format!(" {about}")}</span></summary>
                <div class="ask"><p>{ends}</p>{post_form(form, body)}</div>
            </details>
        }
        .into_any()
    }
}
