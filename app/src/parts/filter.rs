//! A form that narrows a list. All of it stands in the address, so a filtered list can be shared.

use super::field::{Field, field};
use super::text::line;
use leptos::prelude::*;

/// One filter that is on, and the address of the list without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    pub label: String,
    pub value: String,
    pub without: String,
}

impl Active {
    pub fn new(label: &str, value: &str, without: &str) -> Self {
        Self { label: label.to_owned(), value: value.to_owned(), without: without.to_owned() }
    }
}

/// What is wrong with the fields of a filter, each by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<(&'static str, String)>);

impl Problems {
    pub fn add(&mut self, field: &'static str, problem: impl Into<String>) {
        self.0.push((field, problem.into()));
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields, each with what is wrong with it.
    pub(crate) fn beside(self, fields: Vec<Field>) -> Vec<Field> {
        let problem = |name| self.0.iter().find(|(field, _)| *field == name).map(|(_, told)| told.clone());
        let beside = |field: Field| {
            let problem = problem(field.name);
            field.problem(problem)
        };
        fields.into_iter().map(beside).collect()
    }
}

/// Draws the form, folded where there is little room unless something is wrong with it, and what is on as chips that can
/// be taken away.
#[must_use]
pub fn filter(action: &'static str, fields: Vec<Field>, active: Vec<Active>) -> AnyView {
    let is_on = !active.is_empty();
    let is_wrong = fields.iter().any(|one| one.problem.is_some());
    let fields: Vec<_> = fields.into_iter().map(|one| field(one.optional())).collect();
    let chips: Vec<_> = active
        .into_iter()
        .map(|Active { label, value, without }| {
            let (label, value) = (line(&label, 40), line(&value, 60));
            let told = format!("Remove the filter {label}: {value}");
            view! { <li><a class="chip" href=without aria-label=told>{format!("{label}: {value}")}<span aria-hidden="true">" ×"</span></a></li> }
        })
        .collect();
    let chips = is_on.then(|| {
        view! { <ul class="active" aria-label="Filters that are on">{chips}<li><a href=action>"Clear all"</a></li></ul> }
    });
    view! {
        <div class="filter">
            <details open=is_wrong>
                <summary>"Filter"</summary>
                <form method="get" action=action>
                    {fields}
                    <div class="go"><button class="primary">"Apply"</button></div>
                </form>
            </details>
            {chips}
        </div>
    }
    .into_any()
}

/// A switch between a few addresses of the same page, like windows of time: label, address, and whether it is shown.
#[must_use]
pub fn switch(label: &'static str, choices: Vec<(String, String, bool)>) -> AnyView {
    let links: Vec<_> = choices
        .into_iter()
        .map(|(name, href, is_here)| {
            let current = is_here.then_some("true");
            view! { <a href=href aria-current=current>{name}</a> }
        })
        .collect();
    view! { <nav class="switch" aria-label=label>{links}</nav> }.into_any()
}
