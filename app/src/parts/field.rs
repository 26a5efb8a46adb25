//! One field of a form: its label, its input, and what is wrong with it.

use leptos::prelude::*;

/// What a field takes; it decides about the keyboard of a phone and about what a password manager fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Username,
    Name,
    Email,
    CurrentPassword,
    NewPassword,
    /// Six digits of an authenticator app.
    Code,
    /// A recovery code.
    Recovery,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    /// What was typed before; a secret is never given back.
    pub value: String,
    pub hint: Option<&'static str>,
    pub problem: Option<String>,
}

impl Field {
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, label, kind, value: String::new(), hint: None, problem: None }
    }

    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    #[must_use]
    pub fn problem(self, problem: Option<String>) -> Self {
        Self { problem, ..self }
    }
}

#[must_use]
pub fn field(field: Field) -> impl IntoView {
    let Field { name, label, kind, value, hint, problem } = field;
    let (kind, autocomplete, mode) = match kind {
        Kind::Username => ("text", "username", "text"),
        Kind::Name => ("text", "name", "text"),
        Kind::Email => ("email", "email", "email"),
        Kind::CurrentPassword => ("password", "current-password", "text"),
        Kind::NewPassword => ("password", "new-password", "text"),
        Kind::Code => ("text", "one-time-code", "numeric"),
        Kind::Recovery => ("text", "off", "text"),
    };
    let code = (mode == "numeric" || autocomplete == "off").then_some("code");
    let value = (kind != "password").then_some(value);
    let has_problem = problem.is_some();
    let hint_id = hint.filter(|_| !has_problem).map(|_| format!("{name}-hint"));
    let problem_id = problem.as_ref().map(|_| format!("{name}-problem"));
    let described: Vec<String> = problem_id.iter().chain(&hint_id).cloned().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = problem.as_ref().map(|_| "true");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                class=code
                value=value
                autocomplete=autocomplete
                inputmode=mode
                autocapitalize="none"
                spellcheck="false"
                required
                aria-invalid=invalid
                aria-describedby=described
            />
            {problem.map(|problem| view! { <p class="problem" id=problem_id>{problem}</p> })}
            {hint.filter(|_| !has_problem).map(|hint| view! { <p class="quiet" id=hint_id>{hint}</p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Kind, field};
    use leptos::prelude::*;

    #[test]
    fn a_secret_is_never_given_back() {
        let secret = Field::new("password", "Password", Kind::CurrentPassword).value("hunter2");
        let html = Owner::new().with(|| field(secret).to_html());
        assert!(!html.contains("hunter2"), "{html}");
    }

    #[test]
    fn a_problem_is_told_at_its_field() {
        let code = Field::new("code", "Code", Kind::Code).problem(Some("this code is wrong".to_owned()));
        let html = Owner::new().with(|| field(code).to_html());
        for part in ["aria-invalid=\"true\"", "aria-describedby=\"code-problem\"", "id=\"code-problem\""] {
            assert!(html.contains(part), "{html}");
        }
    }
}
