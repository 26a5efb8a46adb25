//! One person: what they may do and read, how they sign in, who reads for them, and everything that can be ended.

mod access;
mod reading;

use crate::parts::text::line;
use crate::parts::{CallRow, Facts, Heading, Moment, Paused, Section, Shell, Width};
use crate::people::{Access, Powers, Standing};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonModel {
    pub shell: Shell,
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub standing: Standing,
    pub created: Moment,
    pub seen: Option<Moment>,
    /// The profiles that are held.
    pub profiles: Vec<String>,
    /// The profiles of the configuration that are not held.
    pub assignable: Vec<String>,
    /// What views may know of them: names and values.
    pub attributes: Vec<(String, String)>,
    pub factor: Factor,
    /// What is wrong with the password that was just to be set.
    pub password_problem: Option<String>,
    /// Living sessions, the last used first.
    pub sessions: Vec<PersonSession>,
    /// Living tokens, the last used first.
    pub agents: Vec<Agent>,
    pub paused: Option<Paused>,
    /// The last few calls, newest first.
    pub calls: Vec<CallRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Factor {
    Missing,
    Enrolled { since: Moment, codes_left: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSession {
    pub id: String,
    /// The browser in words, or what it said of itself.
    pub browser: String,
    pub address: String,
    pub began: Moment,
    pub seen: Moment,
}

/// A living token of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    pub id: String,
    pub client: String,
    /// Where the client's page is.
    pub client_href: String,
    pub profile: String,
    pub issued: Moment,
    pub expires: Moment,
    pub called: Option<Moment>,
}

impl PersonModel {
    #[must_use]
    pub fn sample() -> Self {
        let agent = |id: &str, client: &str, profile: &str, called| Agent {
            id: id.to_owned(),
            client: client.to_owned(),
            client_href: format!("/clients/{id}"),
            profile: profile.to_owned(),
            issued: Moment::sample(),
            expires: Moment { ago: Some("in 5 h".to_owned()), ..Moment::sample() },
            called,
        };
        Self {
            shell: Shell::sample(Section::People),
            username: "ada".to_owned(),
            display_name: "Ada Brandt".to_owned(),
            email: "ada@example.com".to_owned(),
            standing: Standing {
                powers: Powers { staff: true, auditor: true, admin: false },
                ..Standing::plain()
            },
            created: Moment { ago: None, ..Moment::sample() },
            seen: Some(Moment::sample()),
            profiles: vec!["analyst".to_owned()],
            assignable: vec!["finance".to_owned(), "support".to_owned()],
            attributes: vec![("region".to_owned(), "emea".to_owned())],
            factor: Factor::Enrolled { since: Moment { ago: None, ..Moment::sample() }, codes_left: 8 },
            password_problem: None,
            sessions: vec![PersonSession {
                id: "0198".to_owned(),
                browser: "Firefox on Linux".to_owned(),
                address: "192.0.2.7".to_owned(),
                began: Moment::sample(),
                seen: Moment::sample(),
            }],
            agents: vec![
                agent("0197", "Claude Code", "analyst", Some(Moment::sample())),
                agent("0196", "ChatGPT", "analyst", None),
            ],
            paused: None,
            calls: CallRow::samples().into_iter().map(CallRow::of_one).take(3).collect(),
        }
    }
}

#[must_use]
pub fn PersonPage(page: PersonModel) -> impl IntoView {
    let base = format!("/people/{}", page.username);
    let links = view! {
        <a class="button" href=format!("/audit/queries?person={}", page.username)>"All calls"</a>
        <a class="button" href=format!("/usage/{}", page.username)>"Usage"</a>
    };
    let content = view! {
        {Heading::new(line(&page.display_name, 80)).above("/people", "People").with(links)}
        {facts(&page)}
        {reading::hold(&page, &base)}
        <div class="halves">
            {access::profiles(&page, &base)}
            {access::powers_form(&page, &base)}
            {access::factor(&page, &base)}
            {access::password(&page, &base)}
            {access::attributes(&page, &base)}
        </div>
        {reading::agents(&page, &base)}
        {reading::sessions(&page, &base)}
        {reading::recent(&page)}
        {access::life(&page, &base)}
    };
    page.shell.around(Width::Wide, content)
}

fn facts(page: &PersonModel) -> AnyView {
    Facts::new()
        .line("Username", line(&page.username, 64))
        .line("E-mail", line(&page.email, 254))
        .line("Standing", page.standing.show())
        .line("Account since", page.created.clone().show())
        .line("Last seen", page.seen.clone().map_or_else(|| "never".into_any(), Moment::show))
        .show()
}

const fn is_active(page: &PersonModel) -> bool {
    !matches!(page.standing.access, Access::Deactivated)
}
