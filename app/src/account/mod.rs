//! Everything about oneself: what one may read, how one signs in, where one is signed in, and who reads on one's behalf.

mod connect;
mod password;
mod reading;

use crate::parts::text::line;
use crate::parts::{
    BudgetRow, Choice, Facts, Field, Flash, Heading, Kind, Moment, PostForm, Section, Shell, Width, budgets,
    field, post_form, section,
};
use leptos::prelude::*;

pub use password::{ChangePassword, ChangePasswordPage};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub shell: Shell,
    pub display_name: String,
    pub email: String,
    /// What the person is beside a person, in a word.
    pub standing: String,
    pub profiles: Vec<String>,
    /// Since when there is a second factor.
    pub factor: Option<Moment>,
    pub codes_left: i64,
    /// The time zones to choose from, and the chosen one.
    pub zones: Vec<Choice>,
    pub zone: String,
    /// Living sessions, this one first.
    pub sessions: Vec<SessionRow>,
    /// Living tokens, the last used first.
    pub tokens: Vec<TokenRow>,
    /// The budgets of the profiles that they hold.
    pub budgets: Vec<BudgetRow>,
    /// Where agents ask: `https://portcullis.example.com/mcp/sql/`.
    pub mcp_url: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub id: String,
    /// The browser in words, or what it said of itself.
    pub browser: String,
    pub address: String,
    pub seen: Moment,
    /// The one that shows this page.
    pub is_this: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    pub id: String,
    pub client: String,
    pub profile: String,
    /// Relations of the profile that were left out when it was let in.
    pub left_out: Vec<String>,
    pub since: Moment,
    pub called: Option<Moment>,
    pub until: Moment,
}

impl Account {
    #[must_use]
    pub fn sample() -> Self {
        let session = |id: &str, browser: &str, address: &str, is_this| SessionRow {
            id: id.to_owned(),
            browser: browser.to_owned(),
            address: address.to_owned(),
            seen: Moment::sample(),
            is_this,
        };
        let token = |id: &str, client: &str, left_out: &[&str], called| TokenRow {
            id: id.to_owned(),
            client: client.to_owned(),
            profile: "analyst".to_owned(),
            left_out: left_out.iter().map(|&name| name.to_owned()).collect(),
            since: Moment::sample(),
            called,
            until: Moment { ago: Some("in 5 h".to_owned()), ..Moment::sample() },
        };
        let zone = |name: &str| Choice { value: name.to_owned(), label: name.to_owned() };
        Self {
            shell: Shell {
                flash: Some(Flash::done("The password is changed, and every other session has ended.")),
                ..Shell::sample(Section::Account)
            },
            display_name: "Margarete Klein".to_owned(),
            email: "margarete@example.com".to_owned(),
            standing: "Administrator".to_owned(),
            profiles: vec!["analyst".to_owned(), "support".to_owned()],
            factor: Some(Moment { ago: None, ..Moment::sample() }),
            codes_left: 9,
            zones: vec![zone("UTC"), zone("Europe/Berlin"), zone("America/New_York")],
            zone: "Europe/Berlin".to_owned(),
            sessions: vec![
                session("0199", "Firefox on Linux", "192.0.2.7", true),
                session("0198", "Safari on iPhone", "2001:db8::7", false),
            ],
            tokens: vec![
                token("0197", "Claude Code", &["public.customers"], Some(Moment::sample())),
                token("0196", "ChatGPT", &[], None),
            ],
            budgets: Vec::new(),
            mcp_url: "https://portcullis.example.com/mcp/sql/".to_owned(),
        }
    }
}

#[must_use]
pub fn AccountPage(page: Account) -> impl IntoView {
    let csrf = page.shell.csrf.clone();
    let facts = facts(&page);
    let Account { shell, display_name, zones, zone, sessions, tokens, mcp_url, .. } = page;
    let budgets = (!page.budgets.is_empty()).then(|| section("Your budgets", budgets(page.budgets)));
    let zone = Field::new("zone", "Time zone", Kind::Select(zones)).value(zone);
    let zone = view! { {field(zone)}<button type="submit">"Save"</button> };
    let content = view! {
        {Heading::new(line(&display_name, 80)).with(view! { <a class="button" href="/account/calls">"Your calls"</a> })}
        {facts}
        <div class="inline">{post_form(PostForm::new("/account/time-zone", &csrf), zone)}</div>
        {section("Who reads on your behalf", reading::tokens(tokens, &csrf))}
        {budgets}
        {section("Where you are signed in", reading::sessions(sessions, &csrf))}
        {connect::connect(&mcp_url)}
    };
    shell.around(Width::Narrow, content)
}

fn facts(page: &Account) -> AnyView {
    let profiles = if page.profiles.is_empty() {
        "none; an administrator assigns them".to_owned()
    } else {
        page.profiles.join(", ")
    };
    let codes = match page.codes_left {
        0 => "none left".to_owned(),
        1 => "one left".to_owned(),
        n => format!("{n} left"),
    };
    let factor = match page.factor.clone() {
        Some(since) => view! { "An authenticator app, since "{since.show()} }.into_any(),
        None => "none yet; you are asked to enrol one when you next sign in".into_any(),
    };
    Facts::new()
        .line("Username", line(&page.shell.username, 64))
        .line("E-mail", line(&page.email, 254))
        .line("Standing", page.standing.clone())
        .line("Profiles", profiles)
        .line("Password", view! { <a href="/account/password">"Change it"</a> })
        .line("Second factor", factor)
        .line(
            "Recovery codes",
            view! { {format!("{codes} · ")}<a href="/account/recovery-codes">"Make new ones"</a> },
        )
        .show()
}
