//! Changes one's own password.

use crate::parts::{Field, Heading, Kind, PostForm, Section, Shell, Width, button, field, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePassword {
    pub shell: Shell,
    pub current_problem: Option<String>,
    pub new_problem: Option<String>,
}

impl ChangePassword {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Account),
            current_problem: None,
            new_problem: Some("Use at least 12 characters.".to_owned()),
        }
    }
}

#[must_use]
pub fn ChangePasswordPage(page: ChangePassword) -> impl IntoView {
    let form = PostForm::new("/account/password", &page.shell.csrf);
    let username = page.shell.username.clone();
    let fields = view! {
        // A password manager wants to know whose password it is.
        <input type="hidden" name="username" autocomplete="username" value=username />
        {field(Field::new("current", "Current password", Kind::CurrentPassword).problem(page.current_problem))}
        {field(Field::new("new", "New password", Kind::NewPassword).problem(page.new_problem)
            .hint("At least 12 characters; several words are easy to remember. Everything else is up to you."))}
        {button("Change the password")}
    };
    let content = view! {
        {Heading::new("Change your password").above("/account", "Account").lead("Every other session of yours ends.").show()}
        {post_form(form, fields)}
        <p class="quiet"><a href="/account">"Leave it as it is"</a></p>
    };
    page.shell.around(Width::Narrow, content)
}
