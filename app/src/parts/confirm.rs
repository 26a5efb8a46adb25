//! An act that cannot easily be undone asks once, and names what will end.

use super::form::{PostForm, hidden, post_form};
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
    pub fn show(mut self) -> AnyView {
        let id = self.id.take();
        self.show_with(id.map(|id| ("id", id)).into_iter().collect())
    }

    /// With other things to send than an id.
    #[must_use]
    pub fn show_with(self, sent: Vec<(&'static str, String)>) -> AnyView {
        let Self { form, act, about, ends, yes, id: _ } = self;
        let body = view! { {hidden(sent)}<button class="danger" type="submit">{yes}</button> };
        view! {
            <details class="confirm">
                <summary>{act}<span class="unseen">{format!(" {about}")}</span></summary>
                <div class="ask"><p>{ends}</p>{post_form(form, body)}</div>
            </details>
        }
        .into_any()
    }
}
