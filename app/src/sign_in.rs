//! The first step of signing in.

use crate::parts::{Field, Kind, PostForm, button, field, mark, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub csrf: String,
    /// Where the person wanted to go, if anywhere.
    pub next: Option<String>,
    pub username: String,
    pub problem: Option<String>,
}

impl SignIn {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            csrf: "dG9rZW4".to_owned(),
            next: Some("/account".to_owned()),
            username: "margarete".to_owned(),
            problem: Some("The username or the password is wrong.".to_owned()),
        }
    }
}

#[must_use]
pub fn SignInPage(page: SignIn) -> impl IntoView {
    let username = Field::new("username", "Username", Kind::Username).value(page.username);
    let password = Field::new("password", "Password", Kind::CurrentPassword).problem(page.problem);
    let next = page.next.map(|next| view! { <input type="hidden" name="next" value=next /> });
    let fields = view! {
        {next}
        {field(username)}
        {field(password)}
        {button("Continue")}
    };
    view! {
        <main id="main" class="card narrow">
            {mark(44)}
            <h1>"Sign in"</h1>
            <p class="quiet">"to Portcullis, which lets AI agents read a database on your behalf."</p>
            {post_form(PostForm::new("/sign-in", &page.csrf), fields)}
        </main>
    }
}
