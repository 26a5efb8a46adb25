//! Who reads on a person's behalf and from where they are signed in.

use super::PersonModel;
use crate::parts::text::line;
use crate::parts::{Column, Confirm, Moment, PauseSwitch, PostForm, calls, empty, first, section, table};
use leptos::prelude::*;

/// Tokens, and sessions, that the page shows.
const SHOWN: usize = 15;

/// The switch that holds all reading of the person.
pub(super) fn hold(page: &PersonModel, base: &str) -> AnyView {
    let name = line(&page.display_name, 80);
    let switch = PauseSwitch {
        paused: page.paused.clone(),
        address: base.to_owned(),
        csrf: page.shell.csrf.clone(),
        about: format!("all reading of {name}"),
        ends: format!(
            "What agents read for {name} at this moment is stopped, and every further call is turned away until somebody \
             resumes. Nobody is signed out, and no token is lost."
        ),
    };
    switch.show()
}

pub(super) fn agents(page: &PersonModel, base: &str) -> AnyView {
    if page.agents.is_empty() {
        let next = "An agent appears here once this person lets it in.";
        return section("Connected agents", empty("None at the moment", next));
    }
    let columns = [
        Column::plain("Client"),
        Column::text("Profile"),
        Column::text("Issued"),
        Column::text("Expires"),
        Column::text("Last call"),
        Column::acts("Revoke"),
    ];
    let (agents, more) = first(page.agents.clone(), SHOWN);
    let rows = agents
        .into_iter()
        .map(|agent| {
            let client = line(&agent.client, 80);
            let revoke = Confirm {
                form: PostForm::new(format!("{base}/revoke-token"), &page.shell.csrf),
                act: "Revoke",
                about: format!("the access of {client}"),
                ends: format!(
                    "{client} can read nothing more for {} with this token.",
                    line(&page.username, 64)
                ),
                yes: "Revoke this token",
                id: Some(agent.id),
            };
            let called = agent.called.map_or_else(|| "never".into_any(), Moment::brief);
            vec![
                view! { <a href=agent.client_href>{client}</a> }.into_any(),
                agent.profile.into_any(),
                agent.issued.brief(),
                agent.expires.brief(),
                called,
                revoke.show(),
            ]
        })
        .collect();
    section("Connected agents", view! { {table("Living tokens", &columns, rows)}{more} })
}

pub(super) fn sessions(page: &PersonModel, base: &str) -> AnyView {
    if page.sessions.is_empty() {
        return section(
            "Sessions",
            empty("Not signed in anywhere", "A session appears here when they sign in."),
        );
    }
    let columns = [
        Column::plain("Browser"),
        Column::text("Address"),
        Column::text("Began"),
        Column::text("Last seen"),
        Column::acts("End"),
    ];
    let (sessions, more) = first(page.sessions.clone(), SHOWN);
    let rows = sessions
        .into_iter()
        .map(|session| {
            let browser = line(&session.browser, 80);
            let end = Confirm {
                form: PostForm::new(format!("{base}/end-session"), &page.shell.csrf),
                act: "End",
                about: format!("the session in {browser}"),
                ends: "This browser is signed out, and agents that were let in from there lose their access."
                    .to_owned(),
                yes: "End this session",
                id: Some(session.id),
            };
            let address = line(&session.address, 60).into_any();
            vec![browser.into_any(), address, session.began.brief(), session.seen.brief(), end.show()]
        })
        .collect();
    section("Sessions", view! { {table("Living sessions", &columns, rows)}{more} })
}

pub(super) fn recent(page: &PersonModel) -> AnyView {
    if page.calls.is_empty() {
        return section("Recent calls", empty("No call yet", "What their agents ask appears here."));
    }
    section("Recent calls", calls("Recent calls", page.calls.clone()))
}
