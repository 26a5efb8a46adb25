//! One client: what is known of it, who let it in, and the switches that hold it.

use crate::clients::{ClientKind, state};
use crate::parts::text::line;
use crate::parts::{
    Column, Confirm, Facts, Heading, Moment, PauseSwitch, Paused, PostForm, Section, Shell, Width, button,
    empty, first, post_form, section, table,
};
use leptos::prelude::*;

/// Tokens that the page shows.
const SHOWN: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientModel {
    pub shell: Shell,
    /// As it stands in `/clients/{id}`.
    pub id: String,
    /// The `client_id` that it says itself.
    pub identifier: String,
    pub name: String,
    pub kind: ClientKind,
    pub redirect_uris: Vec<String>,
    /// Whether an address below one of `redirect_uris` is good too.
    pub is_by_prefix: bool,
    /// Who made it known: an account, or the configuration; nothing where it did so itself.
    pub registered_by: Option<String>,
    /// The network address that it registered from.
    pub registered_from: Option<String>,
    pub known: Moment,
    pub used: Option<Moment>,
    pub disabled: Option<Moment>,
    pub paused: Option<Paused>,
    pub tokens: Vec<ClientToken>,
    /// Whether it can be disabled and paused here: not so parts of the program itself.
    pub can_be_held: bool,
}

/// A living token of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientToken {
    pub id: String,
    /// The username.
    pub person: String,
    pub profile: String,
    pub issued: Moment,
    pub expires: Moment,
}

impl ClientModel {
    #[must_use]
    pub fn sample() -> Self {
        let token = |id: &str, person: &str| ClientToken {
            id: id.to_owned(),
            person: person.to_owned(),
            profile: "analyst".to_owned(),
            issued: Moment::sample(),
            expires: Moment { ago: Some("in 5 h".to_owned()), ..Moment::sample() },
        };
        Self {
            shell: Shell::sample(Section::Clients),
            id: "0199a".to_owned(),
            identifier: "0199c2f4-8d1e-7cc1-a3a5-5d2f6e3b9a10".to_owned(),
            name: "Claude Code".to_owned(),
            kind: ClientKind::Dynamic,
            redirect_uris: vec![
                "http://localhost/callback".to_owned(),
                "http://127.0.0.1/callback".to_owned(),
            ],
            is_by_prefix: false,
            registered_by: None,
            registered_from: Some("192.0.2.7".to_owned()),
            known: Moment { ago: None, ..Moment::sample() },
            used: Some(Moment::sample()),
            disabled: None,
            paused: Some(Paused::sample()),
            tokens: vec![token("0197", "ada"), token("0196", "margarete")],
            can_be_held: true,
        }
    }
}

#[must_use]
pub fn ClientPage(page: ClientModel) -> impl IntoView {
    let base = format!("/clients/{}", page.id);
    let calls = format!("/audit/queries?client={}", page.id);
    let content = view! {
        {Heading::new(line(&page.name, 80)).above("/clients", "Clients").lead("What it calls itself; nobody has checked that.")
            .with(view! { <a class="button" href=calls>"Its calls"</a> })}
        {facts(&page)}
        {page.can_be_held.then(|| hold(&page, &base))}
        {section("Living tokens", tokens(&page, &base))}
        {page.can_be_held.then(|| section("Access", life(&page, &base)))}
    };
    page.shell.around(Width::Wide, content)
}

fn facts(page: &ClientModel) -> AnyView {
    let uris: Vec<_> =
        page.redirect_uris.iter().map(|uri| view! { <li><code>{line(uri, 300)}</code></li> }).collect();
    let uris = if uris.is_empty() { "none".into_any() } else { view! { <ul>{uris}</ul> }.into_any() };
    let below = page.is_by_prefix.then_some("and every address below");
    let by = page.registered_by.as_ref().map(|by| line(by, 64));
    Facts::new()
        .line("State", state(page.disabled.is_some(), page.paused.is_some()))
        .line("Kind", page.kind.word())
        .line("Client id", view! { <code>{line(&page.identifier, 300)}</code> })
        .line("Redirects to", view! { {uris}{below} })
        .line("Known since", page.known.clone().show())
        .line("Registered by", by.unwrap_or_else(|| "itself".to_owned()))
        .maybe("Registered from", page.registered_from.as_ref().map(|from| line(from, 60)))
        .line("Last token", page.used.clone().map_or_else(|| "never".into_any(), Moment::show))
        .maybe("Disabled", page.disabled.clone().map(Moment::show))
        .show()
}

fn hold(page: &ClientModel, base: &str) -> AnyView {
    let name = line(&page.name, 80);
    let switch = PauseSwitch {
        paused: page.paused.clone(),
        address: base.to_owned(),
        csrf: page.shell.csrf.clone(),
        about: format!("all reading through {name}"),
        ends: format!(
            "What {name} reads at this moment is stopped, for everybody, until somebody resumes. No token is lost."
        ),
    };
    switch.show()
}

fn tokens(page: &ClientModel, base: &str) -> AnyView {
    if page.tokens.is_empty() {
        return empty("Nobody has let it in", "A token appears here when a person connects this client.");
    }
    let columns = [
        Column::plain("Person"),
        Column::text("Profile"),
        Column::text("Issued"),
        Column::text("Expires"),
        Column::acts("Revoke"),
    ];
    let (tokens, more) = first(page.tokens.clone(), SHOWN);
    let rows = tokens
        .into_iter()
        .map(|token| {
            let person = line(&token.person, 64);
            let revoke = Confirm {
                form: PostForm::new(format!("{base}/revoke-token"), &page.shell.csrf),
                act: "Revoke",
                about: format!("its access for {person}"),
                ends: format!("{} can read nothing more for {person} with this token.", line(&page.name, 80)),
                yes: "Revoke this token",
                id: Some(token.id),
            };
            vec![
                view! { <a href=format!("/people/{}", token.person)>{person}</a> }.into_any(),
                token.profile.into_any(),
                token.issued.brief(),
                token.expires.brief(),
                revoke.show(),
            ]
        })
        .collect();
    view! { {table("Living tokens", &columns, rows)}{more} }.into_any()
}

fn life(page: &ClientModel, base: &str) -> AnyView {
    let form = |deed| PostForm::new(format!("{base}/{deed}"), &page.shell.csrf);
    if page.disabled.is_some() {
        let told = "Disabled: nothing reads through it, and nobody can connect it. Tokens that still live are good again once it is enabled.";
        return view! { <p class="quiet">{told}</p>{post_form(form("enable"), button("Enable"))} }.into_any();
    }
    let name = line(&page.name, 80);
    let disable = Confirm {
        form: form("disable"),
        act: "Disable",
        about: name.clone(),
        ends: format!(
            "{name} reads nothing more for anybody, and nobody can connect it, until it is enabled again."
        ),
        yes: "Disable the client",
        id: None,
    };
    disable.show()
}
