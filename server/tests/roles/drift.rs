//! Nine ways in which a warehouse drifts from its declaration, each made by hand and each named by everybody who looks.

use crate::page;
use crate::world::{DECLARED, World, named};

/// What was done, and how it must be called.
struct Drift {
    done: &'static str,
    kind: &'static str,
    subject: &'static str,
}

async fn is_named(drift: Drift) {
    let world = World::new(DECLARED).await;
    world.lock().await;
    world.apply("test").await.unwrap();
    assert_eq!(named(&world.findings().await), []);
    world.say(drift.done).await;

    let subject = world.named(drift.subject);
    let findings = world.findings().await;
    assert!(named(&findings).contains(&(drift.kind, &subject)), "{findings:#?}");
    let differences = world.differences().await;
    assert!(named(&differences).contains(&(drift.kind, &subject)), "{differences:#?}");

    let message = &findings.iter().find(|finding| finding.kind.code() == drift.kind).unwrap().message;
    for command in ["doctor", "grants"] {
        let (ended_well, said) = world.run(command);
        assert!(!ended_well, "{command}: {said}");
        assert!(said.contains(&format!("{}: {message}", drift.kind)), "{command}: {said}");
    }
    let page = page::surface(&world).await;
    let told = format!("{} {}", drift.kind.replace('_', " "), message.replace('`', ""));
    assert!(page.contains(&told), "no {told:?} in {page}");
}

#[tokio::test]
async fn an_extra_grant_is_named() {
    let done = "grant select on public.secrets to {role}";
    is_named(Drift { done, kind: "extra_grant", subject: "public.secrets" }).await;
}

#[tokio::test]
async fn a_missing_grant_is_named() {
    let done = "revoke select on public.orders from {role}";
    is_named(Drift { done, kind: "missing_grant", subject: "public.orders" }).await;
}

#[tokio::test]
async fn a_grant_to_public_is_named() {
    let done = "grant select on public.secrets to public";
    is_named(Drift { done, kind: "public_grant", subject: "public.secrets" }).await;
}

#[tokio::test]
async fn ownership_is_named() {
    let done = "alter table public.secrets owner to {role}";
    is_named(Drift { done, kind: "ownership", subject: "public.secrets" }).await;
}

#[tokio::test]
async fn membership_is_named() {
    let done = "grant pg_read_all_data to {role}; alter role {role} inherit";
    is_named(Drift { done, kind: "membership", subject: "{role}" }).await;
}

#[tokio::test]
async fn a_new_column_is_named() {
    let done = "alter table public.orders add column margin int";
    is_named(Drift { done, kind: "new_column", subject: "public.orders.margin" }).await;
}

#[tokio::test]
async fn a_changed_view_is_named() {
    let done = "create or replace view public.open_orders as select id, total from public.orders";
    is_named(Drift { done, kind: "changed_view", subject: "public.open_orders" }).await;
}

#[tokio::test]
async fn a_dropped_relation_is_named() {
    let done = "drop view public.open_orders";
    is_named(Drift { done, kind: "dropped_relation", subject: "public.open_orders" }).await;
}

#[tokio::test]
async fn a_missing_role_is_named() {
    let done = "drop owned by {role}; drop role {role}";
    is_named(Drift { done, kind: "role_missing", subject: "{role}" }).await;
}

#[tokio::test]
async fn a_missing_login_is_named() {
    let done = "drop owned by {login}; drop role {login}";
    is_named(Drift { done, kind: "role_missing", subject: "{login}" }).await;
}
