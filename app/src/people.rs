//! Everybody who has an account, in the order of their names.

use crate::parts::text::line;
use crate::parts::{
    Active, Choice, Column, Field, Heading, Kind, Moment, Section, Shell, Tone, Width, chip, empty, filter,
    table,
};
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleModel {
    pub shell: Shell,
    /// The words that were searched for in names and addresses, as they were typed.
    pub q: String,
    /// `yes`, `no`, or empty for all.
    pub active: String,
    /// The filters that are on; the server knows the addresses without them.
    pub filters: Vec<Active>,
    pub rows: Vec<PersonRow>,
    /// What is shown: `50 of 312 people`.
    pub shown: String,
    /// The first page, unless this is it.
    pub first: Option<String>,
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    pub username: String,
    pub display_name: String,
    pub email: String,
    pub standing: Standing,
    pub profiles: Vec<String>,
    /// When the person last used the console or had an agent read.
    pub seen: Option<Moment>,
}

/// Whether somebody may sign in, and what they may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub access: Access,
    pub powers: Powers,
    pub has_factor: bool,
    pub is_paused: bool,
}

/// What somebody may do in the console.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Powers {
    pub staff: bool,
    pub auditor: bool,
    pub admin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Active,
    /// Too many wrong passwords or codes; it ends by itself.
    LockedOut,
    Deactivated,
}

impl Standing {
    /// Somebody who is active and nothing beside that.
    #[must_use]
    pub const fn plain() -> Self {
        let powers = Powers { staff: false, auditor: false, admin: false };
        Self { access: Access::Active, powers, has_factor: true, is_paused: false }
    }

    /// A chip for each thing that is to be known.
    #[must_use]
    pub fn show(self) -> AnyView {
        let access = match self.access {
            Access::Active => (Tone::Good, "active"),
            Access::LockedOut => (Tone::Warning, "locked out"),
            Access::Deactivated => (Tone::Bad, "deactivated"),
        };
        let others = [
            (self.is_paused, Tone::Warning, "paused"),
            (!self.has_factor, Tone::Warning, "no second factor"),
            (self.powers.admin, Tone::Accent, "admin"),
            (self.powers.auditor, Tone::Plain, "auditor"),
            (self.powers.staff, Tone::Plain, "staff"),
        ];
        let others = others.into_iter().filter(|(is_so, ..)| *is_so).map(|(_, tone, word)| (tone, word));
        let chips: Vec<_> =
            std::iter::once(access).chain(others).map(|(tone, word)| chip(tone, word)).collect();
        view! { <span class="chips">{chips}</span> }.into_any()
    }
}

impl PeopleModel {
    #[must_use]
    pub fn sample() -> Self {
        let row = |username: &str, display_name: &str, standing: Standing, profiles: &[&str]| PersonRow {
            username: username.to_owned(),
            display_name: display_name.to_owned(),
            email: format!("{username}@example.com"),
            standing,
            profiles: profiles.iter().map(|&profile| profile.to_owned()).collect(),
            seen: Some(Moment::sample()),
        };
        let plain = Standing::plain();
        Self {
            shell: Shell::sample(Section::People),
            q: String::new(),
            active: String::new(),
            filters: Vec::new(),
            rows: vec![
                row(
                    "ada",
                    "Ada Brandt",
                    Standing { powers: Powers { staff: true, auditor: true, admin: false }, ..plain },
                    &["analyst", "support"],
                ),
                row("jonas", "Jonas Weber", Standing { access: Access::LockedOut, ..plain }, &["support"]),
                row(
                    "margarete",
                    "Margarete Klein",
                    Standing { powers: Powers { staff: true, auditor: false, admin: true }, ..plain },
                    &["analyst"],
                ),
                row("mei", "Mei Tanaka", Standing { is_paused: true, ..plain }, &["support"]),
                PersonRow {
                    seen: None,
                    ..row("paul", "Paul Ott", Standing { has_factor: false, ..plain }, &[])
                },
                row("rita", "Rita Sommer", Standing { access: Access::Deactivated, ..plain }, &[]),
            ],
            shown: "6 people".to_owned(),
            first: None,
            next: Some("/people?after=rita".to_owned()),
        }
    }
}

#[must_use]
pub fn PeoplePage(page: PeopleModel) -> impl IntoView {
    let PeopleModel { shell, q, active, filters, rows, shown, first, next } = page;
    let is_filtered = !filters.is_empty();
    let choice = |value: &str, label: &str| Choice { value: value.to_owned(), label: label.to_owned() };
    let choices = vec![choice("", "everybody"), choice("yes", "active"), choice("no", "deactivated")];
    let fields = vec![
        Field::new("q", "Name or e-mail", Kind::Text).value(q),
        Field::new("active", "Standing", Kind::Select(choices)).value(active),
    ];
    let list = match (rows.is_empty(), is_filtered) {
        (false, _) => people(rows),
        (true, true) => empty("Nobody fits", "Take a filter away, or look for a part of the name."),
        (true, false) => empty("Nobody yet", view! { <a href="/people/new">"Make the first account"</a> }),
    };
    let content = view! {
        {Heading::new("People").lead("Who may sign in, and which data their agents may read.")
            .with(view! { <a class="button primary" href="/people/new">"New person"</a> })}
        {filter("/people", fields, filters)}
        {list}
        <nav class="pager" aria-label="Pages of this list">
            <p class="quiet">{shown}</p>
            {first.map(|href| view! { <a class="button" href=href>"First"</a> })}
            {next.map(|href| view! { <a class="button" rel="next" href=href>"Next"</a> })}
        </nav>
    };
    shell.around(Width::Wide, content)
}

fn people(rows: Vec<PersonRow>) -> AnyView {
    let columns = [
        Column::plain("Person"),
        Column::text("Standing"),
        Column::text("Profiles"),
        Column::text("Last seen"),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let quiet = format!("{} · {}", line(&row.username, 64), line(&row.email, 80));
            let person = view! {
                <div><a href=format!("/people/{}", row.username)>{line(&row.display_name, 80)}</a><span class="quiet">{quiet}</span></div>
            };
            let profiles = if row.profiles.is_empty() { "none".to_owned() } else { row.profiles.join(", ") };
            let seen = row.seen.map_or_else(|| "never".into_any(), Moment::brief);
            vec![person.into_any(), row.standing.show(), profiles.into_any(), seen]
        })
        .collect();
    table("People", &columns, rows)
}
