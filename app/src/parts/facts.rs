//! A list of facts: a name and what is known under it.

use leptos::prelude::*;

#[derive(Default)]
pub struct Facts {
    lines: Vec<AnyView>,
}

impl Facts {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn line(mut self, name: &'static str, value: impl IntoView + 'static) -> Self {
        self.lines.push(view! { <div><dt>{name}</dt><dd>{value.into_any()}</dd></div> }.into_any());
        self
    }

    /// A fact that may be missing; then there is no line.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl IntoView + 'static>) -> Self {
        match value {
            Some(value) => self.line(name, value),
            None => self,
        }
    }

    #[must_use]
    pub fn show(self) -> AnyView {
        view! { <dl class="facts">{self.lines}</dl> }.into_any()
    }
}
