//! What strangers can write never becomes more than text, and never hides or displaces what stands beside it.

use super::tags;
use crate::consent::{Consent, ConsentPage};
use crate::denials::{DenialsModel, DenialsPage};
use crate::events::{EventsModel, EventsPage};
use crate::handover::{Handover, HandoverPage};
use crate::queries::{QueriesModel, QueriesPage};
use crate::query::{QueryModel, QueryPage};
use leptos::prelude::*;

/// Markup, an override of the direction of writing, and far too much of it.
fn evil() -> String {
    format!("\"><script>alert(1)</script></textarea><img src=x>\u{202e}\u{200b}\u{7}{}", "x".repeat(10_000))
}

fn pages() -> Vec<(&'static str, String)> {
    let mut consent = Consent::sample();
    (consent.client, consent.place, consent.registered) = (evil(), evil(), evil());
    let handover = Handover { client: evil(), place: evil(), ..Handover::sample() };
    let mut queries = QueriesModel::sample();
    queries.filter.words = evil();
    for row in &mut queries.rows {
        (row.client, row.person, row.asked, row.reason) = (evil(), evil(), Some(evil()), Some(evil()));
    }
    for active in &mut queries.active {
        active.value = evil();
    }
    let mut query = QueryModel::sample_refused();
    (query.raw, query.canonical, query.executed) = (Some(evil()), Some(evil()), Some(evil()));
    (query.user_agent, query.redirect, query.error) = (Some(evil()), Some(evil()), Some(evil()));
    (query.arguments, query.client.text, query.relations) = (evil(), evil(), vec![evil()]);
    let mut denials = DenialsModel::sample();
    for row in &mut denials.rows {
        row.client = evil();
    }
    let mut events = EventsModel::sample();
    for row in &mut events.rows {
        (row.subject, row.detail, row.actor.text) = (evil(), Some(evil()), evil());
    }
    Owner::new().with(|| {
        vec![
            ("consent", ConsentPage(consent).to_html()),
            ("handover", HandoverPage(handover).to_html()),
            ("queries", QueriesPage(queries).to_html()),
            ("query", QueryPage(query).to_html()),
            ("denials", DenialsPage(denials).to_html()),
            ("events", EventsPage(events).to_html()),
        ]
    })
}

#[test]
fn what_strangers_write_is_only_ever_text() {
    for (name, html) in pages() {
        assert_eq!(tags(&html, "script").count() + tags(&html, "img").count(), 0, "{name}");
        assert!(html.contains("&lt;script"), "{name}");
    }
}

#[test]
fn what_strangers_hide_is_shown() {
    for (name, html) in pages() {
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
    for (name, html) in pages() {
        // The detail of one call shows statements and errors at length.
        let most = if name == "query" { 160 * 1024 } else { 60 * 1024 };
        assert!(html.len() <= most, "{name}: {}", html.len());
    }
}
