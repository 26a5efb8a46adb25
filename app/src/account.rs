//! Everything about oneself: what one may read, how one signs in, where one is signed in, and who reads on one's behalf.

use crate::parts::{Bar, Field, Kind, PostForm, button, field, post_form};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub bar: Bar,
    pub display_name: String,
    pub email: String,
    /// What the person is beside a person, in a word.
    pub standing: String,
    pub profiles: Vec<String>,
    pub codes_left: i64,
    pub sessions: Vec<SessionRow>,
    pub tokens: Vec<TokenRow>,
    /// What was just done.
    pub done: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub id: String,
    pub browser: String,
    pub address: String,
    pub seen: String,
    /// The one that shows this page.
    pub is_this: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    pub id: String,
    pub client: String,
    pub profile: String,
    pub until: String,
}

impl Account {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            bar: Bar::sample(),
            display_name: "Margarete Klein".to_owned(),
            email: "margarete@example.com".to_owned(),
            standing: "Administrator".to_owned(),
            profiles: vec!["analyst".to_owned(), "support".to_owned()],
            codes_left: 9,
            sessions: vec![
                SessionRow {
                    id: "0199".to_owned(),
                    browser: "Firefox on Linux".to_owned(),
                    address: "192.0.2.7".to_owned(),
                    seen: "2026-01-02 03:04 UTC".to_owned(),
                    is_this: true,
                },
                SessionRow {
                    id: "0198".to_owned(),
                    browser: "Safari on iPhone".to_owned(),
                    address: "2001:db8::7".to_owned(),
                    seen: "2026-01-01 22:10 UTC".to_owned(),
                    is_this: false,
                },
            ],
            tokens: vec![TokenRow {
                id: "0197".to_owned(),
                client: "Claude Code".to_owned(),
                profile: "analyst".to_owned(),
                until: "2026-01-02 09:04 UTC".to_owned(),
            }],
            done: Some("The password is changed, and every other session has ended."),
        }
    }
}

#[must_use]
pub fn AccountPage(page: Account) -> impl IntoView {
    let Account { bar, display_name, email, standing, profiles, codes_left, sessions, tokens, done } = page;
    let csrf = bar.csrf.clone();
    let profiles = if profiles.is_empty() {
        "none; an administrator assigns them".to_owned()
    } else {
        profiles.join(", ")
    };
    let codes = match codes_left {
        0 => "none left".to_owned(),
        1 => "one left".to_owned(),
        n => format!("{n} left"),
    };
    view! {
        {bar.show()}
        <main id="main" class="card">
            <h1>{display_name}</h1>
            {done.map(|done| view! { <p class="done" role="status">{done}</p> })}
            <dl class="facts">
                <dt>"E-mail"</dt>
                <dd>{email}</dd>
                <dt>"Standing"</dt>
                <dd>{standing}</dd>
                <dt>"Profiles"</dt>
                <dd>{profiles}</dd>
                <dt>"Password"</dt>
                <dd><a href="/account/password">"Change it"</a></dd>
                <dt>"Recovery codes"</dt>
                <dd>{codes}" · "<a href="/account/recovery-codes">"Make new ones"</a></dd>
            </dl>
            <h2>"Where you are signed in"</h2>
            {session_list(sessions, &csrf)}
            <h2>"Who reads on your behalf"</h2>
            {token_list(tokens, &csrf)}
        </main>
    }
}

fn session_list(sessions: Vec<SessionRow>, csrf: &str) -> impl IntoView + use<> {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|row| {
            let end = if row.is_this {
                view! { <span class="quiet">"this one"</span> }.into_any()
            } else {
                act("/account/sessions/end", "End", row.id, csrf).into_any()
            };
            let quiet = format!("{} · last seen {}", row.address, row.seen);
            view! { <li><div><strong>{row.browser}</strong><span class="quiet">{quiet}</span></div>{end}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }
}

fn token_list(tokens: Vec<TokenRow>, csrf: &str) -> impl IntoView + use<> {
    if tokens.is_empty() {
        return view! { <p class="quiet">"Nobody, at the moment."</p> }.into_any();
    }
    let rows: Vec<_> = tokens
        .into_iter()
        .map(|row| {
            let quiet = format!("profile {} · until {}", row.profile, row.until);
            let revoke = act("/account/tokens/revoke", "Revoke", row.id, csrf);
            view! { <li><div><strong>{row.client}</strong><span class="quiet">{quiet}</span></div>{revoke}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

/// A button that does one thing to one row.
fn act(action: &'static str, label: &'static str, id: String, csrf: &str) -> impl IntoView + use<> {
    let body = view! {
        <input type="hidden" name="id" value=id />
        <button class="secondary" type="submit">{label}</button>
    };
    post_form(PostForm::new(action, csrf), body)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePassword {
    pub bar: Bar,
    pub current_problem: Option<String>,
    pub new_problem: Option<String>,
}

impl ChangePassword {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            bar: Bar::sample(),
            current_problem: None,
            new_problem: Some("Use at least 12 characters.".to_owned()),
        }
    }
}

#[must_use]
pub fn ChangePasswordPage(page: ChangePassword) -> impl IntoView {
    let form = PostForm::new("/account/password", &page.bar.csrf);
    let username = page.bar.username.clone();
    let fields = view! {
        // A password manager wants to know whose password it is.
        <input type="hidden" name="username" autocomplete="username" value=username />
        {field(Field::new("current", "Current password", Kind::CurrentPassword).problem(page.current_problem))}
        {field(Field::new("new", "New password", Kind::NewPassword).problem(page.new_problem)
            .hint("At least 12 characters; several words are easy to remember. Everything else is up to you."))}
        {button("Change the password")}
    };
    view! {
        {page.bar.show()}
        <main id="main" class="card narrow">
            <h1>"Change your password"</h1>
            <p class="quiet">"Every other session of yours ends."</p>
            {post_form(form, fields)}
            <p class="quiet"><a href="/account">"Leave it as it is"</a></p>
        </main>
    }
}
