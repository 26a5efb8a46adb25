//! A page for what cannot be shown.

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub title: String,
    pub text: String,
}

impl Problem {
    #[must_use]
    pub fn sample() -> Self {
        Self { title: "There is no such page".to_owned(), text: "The address may be mistyped.".to_owned() }
    }
}

#[must_use]
pub fn ProblemPage(problem: Problem) -> impl IntoView {
    view! {
        <main id="main" class="card">
            <h1>{problem.title}</h1>
            <p>{problem.text}</p>
            <p><a href="/">"To the front page"</a></p>
        </main>
    }
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
