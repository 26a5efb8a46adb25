//! The first administrator makes themselves known.

use crate::parts::{Field, Kind, PostForm, button, field, mark, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetUp {
    pub csrf: String,
    pub token: String,
    pub username: String,
    pub email: String,
    pub display_name: String,
    pub problems: SetUpProblems,
}

/// What is wrong, field by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetUpProblems {
    pub username: Option<String>,
    pub email: Option<String>,
    pub display_name: Option<String>,
    pub password: Option<String>,
}

impl SetUp {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            csrf: "dG9rZW4".to_owned(),
            token: "c2V0dXA".to_owned(),
            username: "margarete".to_owned(),
            email: "margarete@example.com".to_owned(),
            display_name: "Margarete Klein".to_owned(),
            problems: SetUpProblems {
                password: Some("Use at least 12 characters.".to_owned()),
                ..SetUpProblems::default()
            },
        }
    }
}

#[must_use]
pub fn SetUpPage(page: SetUp) -> impl IntoView {
    let SetUp { csrf, token, username, email, display_name, problems } = page;
    let form = PostForm::new(format!("/setup/{token}"), &csrf);
    let fields = view! {
        {field(Field::new("username", "Username", Kind::Username).value(username).problem(problems.username)
            .hint("Lower-case letters, digits and . _ @ - only; it stands in every record."))}
        {field(Field::new("display_name", "Name", Kind::Name).value(display_name).problem(problems.display_name))}
        {field(Field::new("email", "E-mail", Kind::Email).value(email).problem(problems.email))}
        {field(Field::new("password", "Password", Kind::NewPassword).problem(problems.password)
            .hint("At least 12 characters; several words are easy to remember. Everything else is up to you."))}
        {button("Create the administrator")}
    };
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>"Set up Portcullis"</h1>
            <p class="quiet">"Nobody is known here yet. You become the first administrator; a second factor comes next."</p>
            {post_form(form, fields)}
        </main>
    }
}
