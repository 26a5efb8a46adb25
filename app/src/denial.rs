//! One time that somebody was turned away.

use crate::denials::{DenialRow, denial_table};
use crate::parts::text::line;
use crate::parts::{Decision, Facts, Heading, Moment, Section, Shell, Tone, Width, chip, section};
use crate::query::{Link, Refusal};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DenialModel {
    pub shell: Shell,
    pub at: Moment,
    /// Which gate was shut, and what the person can do about it. The subject stays empty.
    pub refusal: Refusal,
    pub person: Link,
    pub client: Link,
    /// `None` where the person was turned away before there was one.
    pub token: Option<Link>,
    pub profile: Option<Link>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
    /// Other denials of the same person around this one, newest first.
    pub others: Vec<DenialRow>,
}

impl DenialModel {
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Section::Denials),
            at: Moment::sample(),
            refusal: Refusal {
                code: "session_logout".to_owned(),
                subject: None,
                advice: "Sign in, and connect again.".to_owned(),
            },
            person: Link::to("grace", "/people/grace"),
            client: Link::to("Claude Code", "/clients/0199"),
            token: Some(Link::to("0199c2f4-8d1e", "/people/grace#tokens")),
            profile: Some(Link::to("analyst", "/surface#analyst")),
            ip: Some("192.0.2.7".to_owned()),
            user_agent: Some("claude-code/2.1.0 (cli)".to_owned()),
            request_id: "0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned(),
            others: vec![DenialRow::sample()],
        }
    }
}

#[must_use]
pub fn DenialPage(page: DenialModel) -> impl IntoView {
    let facts = Facts::new()
        .line("When", page.at.show())
        .line("Person", page.person.show())
        .line("Client", page.client.show())
        .maybe("Profile", page.profile.map(Link::show))
        .maybe("Token", page.token.map(Link::show))
        .maybe("Address", page.ip)
        .maybe("Program", page.user_agent.map(|agent| line(&agent, 300)))
        .line("Request", view! { <code>{page.request_id}</code> })
        .show();
    let others = (!page.others.is_empty())
        .then(|| section("The same person, around that time", denial_table(page.others)));
    let heading = Heading::new("A denial").above("/audit/denials", "Denials");
    let content = view! {
        {heading.with(chip(Tone::Bad, "turned away"))}
        {page.refusal.show(Decision::Refused)}
        {facts}
        {others}
    };
    page.shell.around(Width::Wide, content)
}
