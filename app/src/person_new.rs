//! Makes an account for somebody.

use crate::parts::{Field, Heading, Kind, PostForm, Section, Shell, Width, button, field, post_form};
use crate::people::Powers;
use leptos::prelude::*;

/// What was typed, and what is wrong with it. The password is never given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonNewModel {
    pub shell: Shell,
    pub username: Typed,
    pub email: Typed,
    pub display_name: Typed,
    pub password_problem: Option<String>,
    /// Sent as the fields `staff`, `auditor` and `admin`.
    pub powers: Powers,
    /// Every profile of the configuration, and whether it was ticked. Each is sent as a field `profiles` of its own.
    pub profiles: Vec<(String, bool)>,
    /// What is wrong with the whole: the profiles or the powers that were chosen.
    pub problem: Option<String>,
}

/// What somebody typed into a field, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub value: String,
    pub problem: Option<String>,
}

impl Typed {
    pub fn new(value: &str) -> Self {
        Self { value: value.to_owned(), problem: None }
    }

    /// The field as it was sent.
    #[must_use]
    pub fn into(self, field: Field) -> Field {
        field.value(self.value).problem(self.problem)
    }
}

impl PersonNewModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::People),
            username: Typed { value: "ada".to_owned(), problem: Some("`ada` is taken".to_owned()) },
            email: Typed::new("ada@example.com"),
            display_name: Typed::new("Ada Brandt"),
            password_problem: None,
            powers: Powers { staff: true, auditor: true, admin: false },
            profiles: vec![("analyst".to_owned(), true), ("support".to_owned(), false)],
            problem: None,
        }
    }
}

#[must_use]
pub fn PersonNewPage(page: PersonNewModel) -> impl IntoView {
    let form = PostForm::new("/people/new", &page.shell.csrf);
    let username = Field::new("username", "Username", Kind::Username)
        .hint("What they sign in with, and what stands in the record. It stays for good.");
    let password = Field::new("password", "Password", Kind::NewPassword)
        .hint("At least 12 characters. Hand it over on a safe way; they can change it under Account.");
    let fields = view! {
        {page.problem.map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
        {field(page.username.into(username))}
        {field(page.display_name.into(Field::new("display_name", "Display name", Kind::Name)))}
        {field(page.email.into(Field::new("email", "E-mail", Kind::Email)))}
        {field(password.problem(page.password_problem))}
        <fieldset class="stat">
            <legend>"What they may do here"</legend>
            {powers(page.powers)}
        </fieldset>
        <fieldset class="stat">
            <legend>"What their agents may read"</legend>
            {profile_boxes(page.profiles)}
        </fieldset>
        {button("Make the account")}
    };
    let lead =
        "They enrol a second factor when they first sign in, and only then can an agent read for them.";
    let content = view! {
        {Heading::new("New person").above("/people", "People").lead(lead).show()}
        {post_form(form, fields)}
    };
    page.shell.around(Width::Narrow, content)
}

/// The boxes of what somebody may do in the console.
pub(crate) fn powers(held: Powers) -> AnyView {
    let Powers { staff, auditor, admin } = held;
    let power = |name, label, hint, is_held: bool| {
        field(Field::new(name, label, Kind::Checkbox).value(is_held.to_string()).hint(hint).optional())
    };
    view! {
        {power("staff", "Staff", "Agents may read on their behalf, within the profiles that they hold.", staff)}
        {power("auditor", "Auditor", "Sees the record, the usage and the surface, and acknowledges alerts.", auditor)}
        {power("admin", "Administrator", "Sees everything, manages people and clients, pauses and revokes.", admin)}
    }
    .into_any()
}

fn profile_boxes(profiles: Vec<(String, bool)>) -> AnyView {
    if profiles.is_empty() {
        return view! { <p class="quiet">"The configuration has no profiles yet."</p> }.into_any();
    }
    let boxes: Vec<_> = profiles
        .into_iter()
        .map(|(name, is_ticked)| {
            let id = format!("profile-{name}");
            view! {
                <div class="field box">
                    <input id=id.clone() name="profiles" type="checkbox" value=name.clone() checked=is_ticked autocomplete="off" />
                    <label for=id>{name}</label>
                </div>
            }
        })
        .collect();
    boxes.into_any()
}
