//! One field of a form: its label, its input, and what is wrong with it.

use super::blocks::told;
use super::text::line;
use leptos::prelude::*;

/// What a field takes; it decides about the keyboard of a phone and about what a password manager fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Anything short.
    Text,
    /// A moment in the viewer's time zone.
    DateTime,
    /// Several lines of text: addresses one per line, or a statement.
    Lines {
        rows: u8,
    },
    Select(Vec<Choice>),
    /// The value decides: `true` is ticked.
    Checkbox,
}

/// One entry of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    /// Entries that are called as they are sent, after one that stands for no choice.
    #[must_use]
    pub fn any_of(none: &str, values: &[String]) -> Vec<Self> {
        let none = Self { value: String::new(), label: none.to_owned() };
        let each = values.iter().map(|value| Self { value: value.clone(), label: value.clone() });
        std::iter::once(none).chain(each).collect()
    }
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
    is_required: bool,
}

impl Field {
    #[must_use]
    pub fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, label, kind, value: String::new(), hint: None, problem: None, is_required: true }
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

    /// The field may stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { is_required: false, ..self }
    }
}

#[must_use]
pub fn field(field: Field) -> AnyView {
    let Field { name, label, kind, value, hint, problem, is_required } = field;
    let hint = hint.filter(|_| problem.is_none());
    let hint_id = hint.map(|_| format!("{name}-hint"));
    let problem_id = problem.as_ref().map(|_| format!("{name}-problem"));
    let input = Input {
        name,
        kind,
        value,
        is_required,
        described: problem_id.clone().or(hint_id.clone()),
        is_wrong: problem.is_some(),
    };
    let is_box = input.kind == Kind::Checkbox;
    let class = if is_box { "field box" } else { "field" };
    let (before, after) = if is_box { (Some(input.show()), None) } else { (None, Some(input.show())) };
    view! {
        <div class=class>
            {before}
            <label for=name>{label}</label>
            {after}
            {problem.map(|problem| view! { <p class="problem" id=problem_id>{told(&problem, 300)}</p> })}
            {hint.map(|hint| view! { <p class="quiet" id=hint_id>{hint}</p> })}
        </div>
    }
    .into_any()
}

/// The control itself.
struct Input {
    name: &'static str,
    kind: Kind,
    value: String,
    is_required: bool,
    described: Option<String>,
    is_wrong: bool,
}

impl Input {
    fn show(self) -> AnyView {
        let Self { name, kind, value, is_required, described, is_wrong } = self;
        let invalid = is_wrong.then_some("true");
        match kind {
            Kind::Select(mut choices) => {
                // What was sent stays in the field, even where it is none of the choices.
                if !value.is_empty() && choices.iter().all(|choice| choice.value != value) {
                    choices.push(Choice { value: value.clone(), label: line(&value, 60) });
                }
                let options: Vec<_> = choices
                    .into_iter()
                    .map(|choice| {
                        let is_chosen = choice.value == value;
                        view! { <option value=choice.value selected=is_chosen>{choice.label}</option> }
                    })
                    .collect();
                view! { <select id=name name=name required=is_required aria-invalid=invalid aria-describedby=described>{options}</select> }
                    .into_any()
            }
            Kind::Lines { rows } => view! {
                <textarea id=name name=name rows=rows required=is_required spellcheck="false" autocomplete="off" autocapitalize="none"
                    aria-invalid=invalid aria-describedby=described>{kept(&value)}</textarea>
            }
            .into_any(),
            Kind::Checkbox => {
                let is_ticked = value == "true";
                view! { <input id=name name=name type="checkbox" value="true" checked=is_ticked autocomplete="off" aria-describedby=described /> }
                    .into_any()
            }
            kind => {
                let (sort, autocomplete, mode) = line_kind(&kind);
                let code = matches!(kind, Kind::Code | Kind::Recovery).then_some("code");
                let value = (sort != "password").then_some(value);
                view! {
                    <input id=name name=name type=sort class=code value=value autocomplete=autocomplete inputmode=mode
                        autocapitalize="none" spellcheck="false" required=is_required
                        aria-invalid=invalid aria-describedby=described />
                }
                .into_any()
            }
        }
    }
}

/// The inside of a text area. Leptos writes it as it is, unlike any other text, so it is escaped here. A browser swallows
/// the first line break, and an empty text would be shown as a space.
fn kept(value: &str) -> Option<String> {
    (!value.is_empty())
        .then(|| format!("\n{}", value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")))
}

/// The type, the autocompletion and the keyboard of a line.
const fn line_kind(kind: &Kind) -> (&'static str, &'static str, Option<&'static str>) {
    match kind {
        Kind::Username => ("text", "username", None),
        Kind::Name => ("text", "name", None),
        Kind::Email => ("email", "email", Some("email")),
        Kind::CurrentPassword => ("password", "current-password", None),
        Kind::NewPassword => ("password", "new-password", None),
        Kind::Code => ("text", "one-time-code", Some("numeric")),
        Kind::DateTime => ("datetime-local", "off", None),
        Kind::Recovery | Kind::Text | Kind::Lines { .. } | Kind::Select(_) | Kind::Checkbox => {
            ("text", "off", None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choice, Field, Kind, field};
    use leptos::prelude::*;

    fn html(one: Field) -> String {
        Owner::new().with(|| field(one).to_html())
    }

    #[test]
    fn a_secret_is_never_given_back() {
        let html = html(Field::new("password", "Password", Kind::CurrentPassword).value("hunter2"));
        assert!(!html.contains("hunter2"), "{html}");
    }

    #[test]
    fn a_problem_is_told_at_its_field() {
        let html =
            html(Field::new("code", "Code", Kind::Code).problem(Some("this code is wrong".to_owned())));
        for part in ["aria-invalid=\"true\"", "aria-describedby=\"code-problem\"", "id=\"code-problem\""] {
            assert!(html.contains(part), "{html}");
        }
    }

    #[test]
    fn what_was_chosen_stays_chosen() {
        let tools = Choice::any_of("any tool", &["list_tables".to_owned(), "run_query".to_owned()]);
        let html = html(Field::new("tool", "Tool", Kind::Select(tools)).value("run_query").optional());
        assert_eq!(html.matches(" selected").count(), 1, "{html}");
        assert!(html.contains("value=\"run_query\" selected") && !html.contains("required"), "{html}");
    }

    #[test]
    fn lines_come_back_as_they_were_typed_and_only_as_text() {
        let html =
            html(Field::new("sql", "SQL", Kind::Lines { rows: 8 }).value("\nselect 1 &lt; </textarea><b>"));
        assert!(html.contains(">\n\nselect 1 &amp;lt; &lt;/textarea&gt;&lt;b&gt;</textarea>"), "{html}");
    }
}
