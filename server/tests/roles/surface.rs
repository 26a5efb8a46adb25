//! What came since somebody last looked stays hidden, and is named.

use crate::world::{DECLARED, World};
use server::flow::surface;
use std::sync::Arc;

/// What the gate knows: each relation with its columns.
async fn surface_of(world: &World) -> Vec<String> {
    let portcullis = world.portcullis();
    let profile = Arc::clone(portcullis.profiles().next().unwrap());
    let reading = surface::surface(&profile).await.unwrap();
    let relations = reading.surface.relations().iter().map(|relation| {
        let columns: Vec<&str> = relation.columns.iter().map(|column| column.name.as_str()).collect();
        format!("{}({})", relation.full_name(), columns.join(", "))
    });
    relations.collect()
}

#[tokio::test]
async fn a_new_column_stays_hidden_until_the_lock_knows_it() {
    let world = World::granted(DECLARED).await;
    let before = surface_of(&world).await;
    assert!(world.run("surface lock").0);
    assert_eq!(surface_of(&world).await, before);

    world.say("alter table public.orders add column margin int").await;
    assert_eq!(surface_of(&world).await, before);
    let (ended_well, said) = world.run("check-config");
    assert!(ended_well && said.contains("column `margin` of `public.orders` stays hidden"), "{said}");
    // The role is narrowed as well.
    let (ended_well, said) = world.run("grants --apply");
    assert!(said.contains("grant select (id, customer, total) on public.orders"), "{said}");
    let _ = ended_well;

    let (ended_well, said) = world.run("surface lock");
    assert!(ended_well && said.contains("support: `public.orders` gained a column `margin`"), "{said}");
    assert!(world.run("grants --apply").0);
    assert!(surface_of(&world).await.contains(&"public.orders(id, customer, total, margin)".to_owned()));
}

#[tokio::test]
async fn without_a_lock_a_new_column_opens() {
    let world = World::granted(DECLARED).await;
    world.say("alter table public.orders add column margin int").await;
    assert!(surface_of(&world).await.contains(&"public.orders(id, customer, total, margin)".to_owned()));
}

#[tokio::test]
async fn every_change_is_named() {
    let world = World::granted(DECLARED).await;
    assert!(!world.run("surface check").0, "there is nothing to compare with");
    assert!(world.run("surface lock").0);
    let text = std::fs::read_to_string(world.file().with_file_name("portcullis.surface.lock")).unwrap();
    assert!(world.run("surface lock").0);
    let again = std::fs::read_to_string(world.file().with_file_name("portcullis.surface.lock")).unwrap();
    assert_eq!(text, again);
    let (ended_well, said) = world.run("surface check");
    assert!(ended_well, "{said}");

    world
        .say(
            "alter table public.events add column place text; alter table public.customers add column phone text;
             drop materialized view public.totals;
             create or replace view public.open_orders as select id, total from public.orders where total >= 0;
             alter table \"Odd \"\"Schema\"\"\".\"Select\" drop column \"from\", alter column id type bigint",
        )
        .await;
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well, "{said}");
    let changes: Vec<&str> = said.lines().filter(|line| line.starts_with("support: ")).collect();
    assert_eq!(
        changes,
        [
            "support: column `id` of `Odd \"Schema\".Select` is a bigint now, it was a integer",
            "support: `Odd \"Schema\".Select` lost its column `from`",
            "support: `public.events` gained a column `place`",
            "support: view `public.open_orders` changed",
            "support: relation `public.totals` is gone",
        ]
    );
}

#[tokio::test]
async fn a_view_beneath_a_view_counts() {
    let world = World::new(DECLARED).await;
    world
        .say(
            "create view public.inner_orders as select id, total from public.orders;
             create or replace view public.open_orders as select id, total from public.inner_orders",
        )
        .await;
    assert!(world.run("surface lock").0);
    world
        .say("create or replace view public.inner_orders as select customer as id, total from public.orders")
        .await;
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well && said.contains("view `public.open_orders` changed"), "{said}");
}

#[tokio::test]
async fn a_lock_that_cannot_be_read_is_a_fault() {
    let world = World::granted(DECLARED).await;
    let lock = world.file().with_file_name("portcullis.surface.lock");
    std::fs::write(&lock, "version = 2\n").unwrap();
    let (ended_well, said) = world.run("doctor");
    assert!(!ended_well && said.contains("warehouse.surface_lock") && said.contains("version 2"), "{said}");
    std::fs::remove_file(&lock).unwrap();
    world.configure(|text| text.replace("pool = 2", "pool = 2\nsurface_lock = \"portcullis.surface.lock\""));
    let (ended_well, said) = world.run("serve");
    assert!(!ended_well && said.contains("there is no surface lock"), "{said}");
}
