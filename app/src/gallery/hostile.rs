//! What strangers can write never becomes more than text, never hides or displaces what stands beside it, and never fills
//! a page.

use super::tags;
use crate::account_calls::{AccountCallsModel, AccountCallsPage};
use crate::alerts::{Acknowledged, AlertsModel, AlertsPage};
use crate::client::{ClientModel, ClientPage};
use crate::clients::{ClientsModel, ClientsPage};
use crate::consent::{Consent, ConsentPage};
use crate::denial::{DenialModel, DenialPage};
use crate::denials::{DenialRow, DenialsModel, DenialsPage};
use crate::events::{EventsModel, EventsPage};
use crate::handover::{Handover, HandoverPage};
use crate::overview::{OverviewModel, OverviewPage};
use crate::parts::{CallRow, Decision};
use crate::people::{PeopleModel, PeoplePage};
use crate::person::{PersonModel, PersonPage};
use crate::queries::{QueriesModel, QueriesPage};
use crate::query::{QueryModel, QueryPage, Refusal};
use crate::try_sql::{TryModel, TryPage};
use crate::usage_person::{UsagePersonModel, UsagePersonPage};
use leptos::prelude::*;

/// What a page may be, in bytes.
const HEAVIEST: usize = 60_000;

/// Markup, an override of the direction of writing, and far too much of it.
fn evil() -> String {
    format!("\"><script>alert(1)</script></textarea><img src=x>\u{202e}\u{200b}\u{7}{}", "x".repeat(10_000))
}

fn pages(evil: &str) -> Vec<(&'static str, String)> {
    Owner::new().with(|| {
        let mut all = doors(evil);
        all.extend(lists(evil));
        all.extend(details(evil));
        all
    })
}

/// Calls of which everything that can be chosen was chosen badly.
fn evil_calls(evil: &str, count: usize) -> Vec<CallRow> {
    let evil = || evil.to_owned();
    let row = CallRow {
        decision: Decision::Refused,
        person: Some(evil()),
        client: evil(),
        reason: Some("disallowed_construct".to_owned()),
        asked: Some(evil()),
        ..CallRow::samples().remove(0)
    };
    vec![row; count]
}

fn doors(evil: &str) -> Vec<(&'static str, String)> {
    let evil = || evil.to_owned();
    let mut consent = Consent::sample();
    (consent.client, consent.place, consent.registered) = (evil(), evil(), evil());
    let handover = Handover { client: evil(), place: evil(), ..Handover::sample() };
    vec![("consent", ConsentPage(consent).to_html()), ("handover", HandoverPage(handover).to_html())]
}

/// Pages of at least as many rows as the server asks for.
fn lists(evil: &str) -> Vec<(&'static str, String)> {
    let calls = evil_calls(evil, 50);
    let evil = || evil.to_owned();
    let mut queries = QueriesModel { rows: calls.clone(), ..QueriesModel::sample() };
    for active in &mut queries.active {
        active.value = evil();
    }
    let denial = DenialRow { client: evil(), ..DenialRow::sample() };
    let denials = DenialsModel { rows: vec![denial; 50], ..DenialsModel::sample() };
    let mut events = EventsModel::sample();
    let mut event = events.rows.remove(1);
    (event.subject, event.detail, event.actor.text) = (evil(), Some(evil()), evil());
    events.rows = vec![event; 50];
    let mut alerts = AlertsModel::sample();
    let mut alert = alerts.open.remove(0);
    alert.text = evil();
    alerts.acknowledged = vec![Acknowledged { alert: alert.clone(), by: evil(), at: alert.at.clone() }; 200];
    alerts.open = vec![alert; 200];
    let mut people = PeopleModel::sample();
    let mut person = people.rows.remove(0);
    (person.display_name, person.email) = (evil(), evil());
    people.rows = vec![person; 50];
    let mut clients = ClientsModel::sample();
    let mut client = clients.rows.remove(0);
    (client.name, client.hosts) = (evil(), vec![evil(); 10]);
    clients.rows = vec![client; 50];
    let own = calls.into_iter().map(CallRow::of_one).collect();
    let own = AccountCallsModel { rows: own, ..AccountCallsModel::sample() };
    vec![
        ("account_calls", AccountCallsPage(own).to_html()),
        ("alerts", AlertsPage(alerts).to_html()),
        ("clients", ClientsPage(clients).to_html()),
        ("denials", DenialsPage(denials).to_html()),
        ("events", EventsPage(events).to_html()),
        ("people", PeoplePage(people).to_html()),
        ("queries", QueriesPage(queries).to_html()),
    ]
}

fn details(evil: &str) -> Vec<(&'static str, String)> {
    let calls = |count| evil_calls(evil, count);
    let evil = || evil.to_owned();
    let mut query = QueryModel::sample();
    let refusal = Refusal { code: "timeout".to_owned(), subject: Some(evil()), advice: evil() };
    (query.raw, query.canonical, query.executed) = (Some(evil()), Some(evil()), Some(evil()));
    (query.user_agent, query.redirect, query.error) = (Some(evil()), Some(evil()), Some(evil()));
    (query.arguments, query.client.text, query.refusal) = (evil(), evil(), Some(refusal));
    (query.relations, query.functions) = (vec![evil(); 100], vec![evil(); 100]);
    (query.before, query.after) = (calls(3), calls(3));
    let mut denial = DenialModel::sample();
    (denial.user_agent, denial.client.text) = (Some(evil()), evil());
    denial.others = vec![DenialRow { client: evil(), ..DenialRow::sample() }; 6];
    let overview = OverviewModel { refusals: calls(6), ..OverviewModel::sample() };
    let mut person = PersonModel { calls: calls(5), ..PersonModel::sample() };
    let (mut agent, mut session) = (person.agents.remove(0), person.sessions.remove(0));
    (agent.client, session.browser) = (evil(), evil());
    (person.agents, person.sessions) = (vec![agent; 50], vec![session; 100]);
    let mut client = ClientModel::sample();
    let token = client.tokens.remove(0);
    (client.tokens, client.name, client.identifier) = (vec![token; 100], evil(), evil());
    client.redirect_uris = vec![evil(); 20];
    let usage = UsagePersonModel { latest: calls(10), ..UsagePersonModel::sample() };
    let mut tried = TryModel::sample();
    if let Some(verdict) = &mut tried.verdict {
        (verdict.raw, verdict.canonical) = (evil(), Some(evil()));
        for value in verdict.answer.iter_mut().flat_map(|answer| &mut answer.rows).flatten() {
            *value = Some(evil());
        }
        if let Some(answer) = &mut verdict.answer {
            answer.rows = answer.rows.iter().cycle().take(100).cloned().collect();
        }
    }
    vec![
        ("client", ClientPage(client).to_html()),
        ("denial", DenialPage(denial).to_html()),
        ("overview", OverviewPage(overview).to_html()),
        ("person", PersonPage(person).to_html()),
        ("query", QueryPage(query).to_html()),
        ("try", TryPage(tried).to_html()),
        ("usage_person", UsagePersonPage(usage).to_html()),
    ]
}

#[test]
fn what_strangers_write_is_only_ever_text() {
    for (name, html) in pages(&evil()) {
        assert_eq!(tags(&html, "script").count() + tags(&html, "img").count(), 0, "{name}");
        assert!(html.contains("&lt;script"), "{name}");
    }
}

#[test]
fn what_strangers_hide_is_shown() {
    for (name, html) in pages(&evil()) {
        // What was typed into a field goes back into it as it was; everywhere else it is made visible.
        let shown: String =
            html.split('<').map(|rest| rest.split_once('>').map_or(rest, |(_, text)| text)).collect();
        for hidden in ['\u{202e}', '\u{200b}', '\u{7}'] {
            assert!(!shown.contains(hidden), "{name}: {hidden:?}");
        }
        assert!(shown.contains("⟨U+202E⟩"), "{name}");
    }
}

#[test]
fn what_strangers_write_does_not_fill_the_page() {
    let heavy = ["<", "&", "1'", "\u{202e}", "\u{1f512}", "select 1 from t where a = 'b' "]
        .map(|piece| piece.repeat(10_000));
    let too_heavy: Vec<_> = heavy
        .iter()
        .chain([&evil()])
        .flat_map(|evil| {
            pages(evil)
                .into_iter()
                .map(|(name, html)| (name, html.len(), evil.chars().take(9).collect::<String>()))
        })
        .filter(|(_, length, _)| *length > HEAVIEST)
        .collect();
    assert!(too_heavy.is_empty(), "{too_heavy:?}");
}
