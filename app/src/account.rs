//! Everything about oneself: what one may read, how one signs in, where one is signed in, and who reads on one's behalf.

use crate::parts::text::line;
use crate::parts::{
    Confirm, Facts, Field, Flash, Heading, Kind, PostForm, Section, Shell, Tone, Width, button, chip, empty,
    field, post_form, section,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub shell: Shell,
    pub display_name: String,
    pub email: String,
    /// What the person is beside a person, in a word.
    pub standing: String,
    pub profiles: Vec<String>,
    pub codes_left: i64,
    pub sessions: Vec<SessionRow>,
    pub tokens: Vec<TokenRow>,
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
            shell: Shell {
                flash: Some(Flash::done("The password is changed, and every other session has ended.")),
                ..Shell::sample(Section::Account)
            },
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
        }
    }
}

#[must_use]
pub fn AccountPage(page: Account) -> impl IntoView {
    let Account { shell, display_name, email, standing, profiles, codes_left, sessions, tokens } = page;
    let csrf = shell.csrf.clone();
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
    let facts = Facts::new()
        .line("E-mail", line(&email, 254))
        .line("Standing", standing)
        .line("Profiles", profiles)
        .line("Password", view! { <a href="/account/password">"Change it"</a> })
        .line("Recovery codes", view! { {codes}" · "<a href="/account/recovery-codes">"Make new ones"</a> })
        .show();
    let content = view! {
        {Heading::new(line(&display_name, 80)).show()}
        {facts}
        {section("Where you are signed in", session_list(sessions, &csrf))}
        {section("Who reads on your behalf", token_list(tokens, &csrf))}
    };
    shell.around(Width::Narrow, content)
}

fn session_list(sessions: Vec<SessionRow>, csrf: &str) -> AnyView {
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|row| {
            let end = if row.is_this { chip(Tone::Good, "this one") } else { end_session(row.id, &row.browser, csrf) };
            let quiet = format!("{} · last seen {}", row.address, row.seen);
            view! { <li><div><strong>{line(&row.browser, 80)}</strong><span class="quiet">{quiet}</span></div>{end}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

fn end_session(id: String, browser: &str, csrf: &str) -> AnyView {
    let confirm = Confirm {
        form: PostForm::new("/account/sessions/end", csrf),
        act: "End",
        about: format!("the session in {}", line(browser, 80)),
        ends: "This browser is signed out, and agents that you let in from there lose their access."
            .to_owned(),
        yes: "End this session",
        id: Some(id),
    };
    confirm.show()
}

fn token_list(tokens: Vec<TokenRow>, csrf: &str) -> AnyView {
    if tokens.is_empty() {
        return empty("Nobody, at the moment", "An agent appears here once you let it in.");
    }
    let rows: Vec<_> = tokens
        .into_iter()
        .map(|row| {
            let quiet = format!("profile {} · until {}", row.profile, row.until);
            let client = line(&row.client, 80);
            let revoke = Confirm {
                form: PostForm::new("/account/tokens/revoke", csrf),
                act: "Revoke",
                about: format!("the access of {client}"),
                ends: format!("{client} can read nothing more on your behalf, from its next request on."),
                yes: "Revoke this access",
                id: Some(row.id),
            };
            view! { <li><div><strong>{client}</strong><span class="quiet">{quiet}</span></div>{revoke.show()}</li> }
        })
        .collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

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
