//! What becomes of them, by whatever hand: it is named, and made good.

use super::{MINE, TEAM, declare, declaring, is_mended_by_applying, is_named, showing};
use crate::world::named;
use server::model::drift::{Mend, Risk};

#[tokio::test]
async fn a_view_changed_by_hand_is_named_and_made_anew() {
    let world = showing(MINE).await;
    for done in [
        "create or replace view shown.my_sales with (security_barrier) as select id, amount, note from public.sales",
        "drop view shown.my_sales; create view shown.my_sales with (security_barrier) as
         select id, amount, note from public.sales; alter view shown.my_sales owner to viewer_{role}",
        "comment on view shown.my_sales is 'all that there is'",
    ] {
        world.say(done).await;
        let finding = is_named(&world, "changed_view", "shown.my_sales").await;
        assert_eq!(finding.risks, [Risk::BeyondDeclaration], "{done}");
        let (ended_well, said) = world.run("serve");
        assert!(!ended_well && said.contains(&finding.message), "{said}");
        is_mended_by_applying(&world).await;
    }
    // A grant that is missing as well, beside the change.
    world
        .say(
            "create or replace view shown.my_sales as select id, amount, note from public.sales;
             revoke select on shown.my_sales from {role}; revoke usage on schema shown from {role}",
        )
        .await;
    is_mended_by_applying(&world).await;
}

#[tokio::test]
async fn a_changed_declaration_is_named_and_applied() {
    let world = showing(MINE).await;
    declare(&world, &MINE.replace("[\"id\", \"amount\", \"note\"]", "[\"note\", \"id\"]"));
    let finding = is_named(&world, "changed_view", "shown.my_sales").await;
    assert!(finding.message.contains("not yet as it is declared"), "{}", finding.message);
    is_mended_by_applying(&world).await;
}

#[tokio::test]
async fn another_owner_is_named() {
    let world = showing(MINE).await;
    world.say("alter view shown.my_sales owner to postgres").await;
    let finding = is_named(&world, "view_owner", "shown.my_sales").await;
    let Mend::Dba(statements) = &finding.mend else { panic!("{finding:?}") };
    world.say(&statements.join(";")).await;
    assert_eq!(named(&world.findings().await), []);
    world.say("alter schema shown owner to postgres").await;
    is_named(&world, "view_owner", "schema shown").await;
}

#[tokio::test]
async fn a_missing_view_is_named_and_made() {
    let world = showing(MINE).await;
    world.say("drop view shown.my_sales").await;
    is_named(&world, "missing_view", "shown.my_sales").await;
    is_mended_by_applying(&world).await;
}

#[tokio::test]
async fn a_stranger_among_the_views_is_named_and_left() {
    let world = showing(MINE).await;
    world
        .say(
            "create view shown.all_sales as select id from public.sales; alter view shown.all_sales owner to viewer_{role};
             grant select on shown.all_sales to {role}",
        )
        .await;
    is_named(&world, "extra_view", "shown.all_sales").await;
    let applied = world.apply("test").await.unwrap();
    assert_eq!(applied.statements, [world.named("revoke select on shown.all_sales from {role}")]);
    assert_eq!(named(&world.findings().await), [("extra_view", "shown.all_sales")]);
}

#[tokio::test]
async fn only_a_view_as_we_made_it_is_dropped_with_its_declaration() {
    let world = showing(&format!("{MINE}{TEAM}")).await;
    declare(&world, MINE);
    is_named(&world, "extra_view", "shown.\"Team Sales\"").await;
    world.say("create or replace view shown.\"Team Sales\" as select id, amount from public.sales").await;
    assert!(world.apply("test").await.unwrap().statements.iter().all(|said| !said.starts_with("drop")));
    is_named(&world, "extra_view", "shown.\"Team Sales\"").await;

    declare(&world, &format!("{MINE}{TEAM}"));
    is_mended_by_applying(&world).await;
    // Even the last one, and nothing that its owner could read remains with it.
    declare(&world, MINE);
    let applied = world.apply("test").await.unwrap();
    for statement in ["drop view shown.\"Team Sales\"", "revoke select on public.teams from viewer_{role}"] {
        assert!(applied.statements.contains(&world.named(statement)), "{applied:#?}");
    }
    declare(&world, "");
    let applied = world.apply("test").await.unwrap();
    assert!(applied.statements.contains(&"drop view shown.my_sales".to_owned()), "{applied:#?}");
    assert_eq!(named(&world.findings().await), []);
}

#[tokio::test]
async fn a_dropped_source_column_is_named() {
    let world = showing(MINE).await;
    world.say("alter table public.sales drop column note cascade").await;
    let finding = is_named(&world, "dropped_column", "shown.my_sales").await;
    assert!(finding.message.contains("`public.sales` has none of that name"), "{}", finding.message);
    is_named(&world, "missing_view", "shown.my_sales").await;
    let applied = world.apply("test").await.unwrap();
    assert!(applied.statements.iter().all(|said| !said.contains("create view")), "{applied:#?}");

    world.say("drop table public.sales cascade").await;
    is_named(&world, "dropped_relation", "public.sales").await;
}

#[tokio::test]
async fn a_new_declaration_is_applied_whatever_the_surface_lock_says() {
    let world = showing(MINE).await;
    assert!(world.run("surface lock").0);
    declare(&world, &format!("{}{TEAM}", MINE.replace(", \"note\"]", "]")));
    assert!(!world.run("grants").0);
    let (ended_well, said) = world.run("grants --apply");
    assert!(ended_well && said.contains("create view shown.my_sales"), "{said}");
    for command in ["grants", "doctor"] {
        let (ended_well, said) = world.run(command);
        assert!(ended_well, "{command}: {said}");
    }
    // The file for git still says what changed for agents.
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well && said.contains("`shown.my_sales` lost its column `note`"), "{said}");
    // Whoever changes it past the declaration is told of.
    world.say("create or replace view shown.my_sales as select id, amount from public.sales").await;
    is_named(&world, "changed_view", "shown.my_sales").await;
    is_mended_by_applying(&world).await;
}

#[tokio::test]
async fn a_view_of_somebody_else_beneath_a_declared_one_is_the_locks_business() {
    let world = declaring(&MINE.replace("public.sales", "public.seen")).await;
    world.say("set role {owner}; create view public.seen as select * from public.sales").await;
    world.apply("test").await.unwrap();
    assert!(world.run("surface lock").0);
    assert_eq!(named(&world.findings().await), []);
    world.say("create or replace view public.seen as select * from public.sales where id > 0").await;
    is_named(&world, "changed_view", "shown.my_sales").await;
}

#[tokio::test]
async fn the_surface_lock_knows_declared_views() {
    let world = showing(MINE).await;
    assert!(world.run("surface lock").0);
    let text = std::fs::read_to_string(world.file().with_file_name("portcullis.surface.lock")).unwrap();
    assert!(text.contains("schema = \"shown\"\nname = \"my_sales\"\nkind = \"view\""), "{text}");
    world.say("create or replace view shown.my_sales as select id, amount, note from public.sales").await;
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well && said.contains("view `shown.my_sales` changed"), "{said}");
}
