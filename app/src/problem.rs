//! A page for what cannot be shown.

use crate::parts::{mark, told};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub title: String,
    pub text: String,
    /// Leads to the log, where the fault is ours.
    pub request_id: Option<String>,
}

impl Problem {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            title: "Something broke".to_owned(),
            text: "The fault is ours, and it is in the log. Trying again later may help.".to_owned(),
            request_id: Some("0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned()),
        }
    }
}

#[must_use]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    let request = problem.request_id.map(request);
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>{problem.title}</h1>
            <p>{told(&problem.text, 600)}</p>
            {request}
            <p><a class="button" href="/">"To the front page"</a></p>
        </main>
    }
}

pub(crate) fn request(id: String) -> AnyView {
    view! { <p class="quiet">"Whoever runs this finds it by the request "<code>{id}</code></p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{Problem, ProblemPage};
    use leptos::prelude::*;

    #[test]
    fn what_was_asked_for_is_only_ever_text() {
        let mut problem = Problem::sample();
        problem.text = "<script>alert(1)</script>".to_owned();
        let html = Owner::new().with(|| ProblemPage(problem).to_html());
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}
