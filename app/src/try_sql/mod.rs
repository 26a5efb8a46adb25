//! Tries a statement as an agent would say it: the verdict of the gate step by step, and if wished the answer.

mod verdict;

use crate::parts::{Choice, Field, Heading, Kind, PostForm, Section, Shell, Width, empty, field, post_form};
use leptos::prelude::*;

pub use verdict::{Answer, Refused, Step, StepState, Verdict};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TryModel {
    pub shell: Shell,
    /// Every profile of the configuration, and the chosen one.
    pub profiles: Vec<String>,
    pub profile: String,
    /// The username of the person as whom the statement is judged; empty for the viewer.
    pub person: String,
    pub person_problem: Option<String>,
    pub sql: String,
    pub sql_problem: Option<String>,
    /// Whether the viewer may run it too: an administrator who holds a profile.
    pub can_run: bool,
    /// What came of it; nothing before the form is sent.
    pub verdict: Option<Verdict>,
}

impl TryModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Try),
            profiles: vec!["analyst".to_owned(), "support".to_owned()],
            profile: "analyst".to_owned(),
            person: String::new(),
            person_problem: None,
            sql: "select city, count(*)\nfrom customers\ngroup by city\norder by 2 desc".to_owned(),
            sql_problem: None,
            can_run: true,
            verdict: Some(Verdict::sample()),
        }
    }

    /// A statement that the gate refuses.
    #[must_use]
    pub fn sample_refused() -> Self {
        let verdict = Verdict::sample_refused();
        Self { sql: verdict.raw.clone(), can_run: false, verdict: Some(verdict), ..Self::sample() }
    }
}

#[must_use]
pub fn TryPage(page: TryModel) -> impl IntoView {
    let TryModel { shell, profiles, profile, person, person_problem, sql, sql_problem, can_run, verdict } =
        page;
    let select = profiles.iter().map(|name| Choice { value: name.clone(), label: name.clone() }).collect();
    let person = Field::new("person", "As the person", Kind::Text)
        .hint("A username; judged as this person would be. Empty: as yourself.")
        .value(person)
        .problem(person_problem)
        .optional();
    let run =
        can_run.then(|| view! { <button name="deed" value="run" type="submit">"Judge and run"</button> });
    let told = if can_run {
        "Judging leaves no trace. Running is recorded like any other call of yours."
    } else {
        "Nothing is run, and judging leaves no trace."
    };
    let fields = view! {
        <div class="versions">
            {field(Field::new("profile", "Profile", Kind::Select(select)).value(profile))}
            {field(person)}
        </div>
        {field(Field::new("sql", "Statement", Kind::Lines { rows: 8 }).value(sql).problem(sql_problem))}
        <div class="acts">
            <button class="primary" name="deed" value="judge" type="submit">"Judge"</button>
            {run}
            <span class="quiet">{told}</span>
        </div>
    };
    let form = if profiles.is_empty() {
        empty(
            "No profile yet",
            "Write one in the configuration; a statement is judged against what a profile opens.",
        )
    } else {
        view! { <div class="sheet">{post_form(PostForm::new("/try", &shell.csrf), fields)}</div> }.into_any()
    };
    let content = view! {
        {Heading::new("Try a statement").lead("What the gate makes of it, why, and what to write instead.").show()}
        {form}
        {verdict.map(Verdict::show)}
    };
    shell.around(Width::Wide, content)
}
