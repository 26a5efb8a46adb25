//! How declared views are made, and what they are made of.

use super::{MINE, TEAM, declaring, ids, is_mended_by_applying, is_named, showing};
use crate::page;
use crate::world::named;
use server::flow::reconcile_grants::{Applied, NotApplied};

#[tokio::test]
async fn declared_views_are_made_and_made_once() {
    let world = declaring(&format!("{MINE}{TEAM}")).await;
    is_named(&world, "missing_view", "shown.my_sales").await;
    let Applied { statements, left } = world.apply("ada").await.unwrap();
    assert_eq!(named(&left.first().unwrap().findings), []);
    assert_eq!(statements.iter().filter(|statement| statement.starts_with("create view")).count(), 2);
    assert!(world.apply("ada").await.unwrap().statements.is_empty(), "applied twice");
    assert_eq!(named(&world.findings().await), []);

    let owner: String = sqlx::query_scalar(
        "select string_agg(distinct pg_get_userbyid(relowner)::text || ' ' || reloptions::text, ', ') from pg_class \
         where relnamespace = 'shown'::regnamespace and relkind = 'v'",
    )
    .fetch_one(&mut world.root().await)
    .await
    .unwrap();
    assert_eq!(owner, world.named("viewer_{role} {security_barrier=true}"));
    let recorded: i64 = sqlx::query_scalar(
        "select count(*) from portcullis.events where kind = 'grants_applied' and detail::text like '%create view shown.my_sales%'",
    )
    .fetch_one(&mut world.store().await)
    .await
    .unwrap();
    assert_eq!(recorded, 1);
}

#[tokio::test]
async fn the_printed_roles_suffice_for_making_views() {
    let world = declaring(MINE).await;
    world.say("drop role viewer_{role}").await;
    is_named(&world, "role_missing", "viewer_{role}").await;
    let (ended_well, sql) = world.run("roles --emit-sql");
    assert!(ended_well, "{sql}");
    let file = world.file().with_file_name("roles.sql");
    std::fs::write(&file, &sql).unwrap();
    for time in ["once", "twice"] {
        let (ended_well, said) = crate::setup::psql(&world, &file);
        assert!(ended_well, "{time}: {said}");
    }
    is_mended_by_applying(&world).await;
    let (ended_well, said) = world.run("check-config");
    assert!(ended_well && said.contains("[views.\"my_sales\"] # shown, of `viewer_"), "{said}");
}

#[tokio::test]
async fn agents_are_told_of_the_view_and_not_of_our_mark() {
    let world = showing(MINE).await;
    let portcullis = world.portcullis();
    let profile = std::sync::Arc::clone(portcullis.profiles().next().unwrap());
    let reading = server::flow::surface::surface(&profile).await.unwrap();
    let view = reading.catalog.relation("shown", "my_sales").unwrap();
    assert_eq!(view.comment.as_deref(), Some("Sales of the person who asks; it's theirs alone"));
    let columns: Vec<&str> = view.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((view.kind.word(), columns), ("view", vec!["id", "amount", "note"]));
}

#[tokio::test]
async fn the_owner_of_the_views_reads_their_sources_alone() {
    let world = showing(MINE).await;
    world
        .say("grant select on public.secrets to viewer_{role}; grant insert on public.sales to viewer_{role}")
        .await;
    is_named(&world, "extra_grant", "public.secrets").await;
    is_mended_by_applying(&world).await;
    world.say("revoke select on public.sales from viewer_{role}").await;
    is_named(&world, "missing_grant", "public.sales").await;
    is_mended_by_applying(&world).await;
    world.say("alter role viewer_{role} login bypassrls; grant pg_read_all_data to viewer_{role}").await;
    let viewer = world.named("viewer_{role}");
    assert!(named(&world.findings().await).contains(&("attribute", &viewer)), "which no grant is about");
    is_named(&world, "membership", "viewer_{role}").await;
}

#[tokio::test]
async fn a_condition_looks_into_what_is_declared() {
    let world = declaring(&TEAM.replace("lookups = [\"public.teams\"]", "")).await;
    let applied = world.apply("test").await.unwrap();
    assert_eq!(named(&applied.left[0].findings), [("undeclared_source", "shown.\"Team Sales\"")]);
    let finding = is_named(&world, "undeclared_source", "shown.\"Team Sales\"").await;
    assert!(
        finding.message.ends_with("looks into `public.teams`: name it in its `lookups`"),
        "{}",
        finding.message
    );
}

#[tokio::test]
async fn a_condition_is_one_expression_of_postgresql() {
    // Read here as an expression, and none to PostgreSQL: a function, a column and a type that are not there.
    for condition in
        ["nothing(seller)", "buyer = 'ada'", "seller::nothing = 'ada'", "amount", "sum(amount) > 1"]
    {
        let world =
            declaring(&MINE.replace("seller = current_setting('portcullis.person', true)", condition)).await;
        let refused = world.apply("test").await.unwrap_err();
        assert!(
            matches!(&refused, NotApplied::NotSaid(not_said) if not_said.why.contains("as one condition")),
            "{refused}"
        );
        assert_eq!(
            ids(&world, None, "select count(*)::int from pg_namespace where nspname = 'shown'").await,
            [0]
        );
    }
}

#[tokio::test]
async fn the_surface_page_shows_which_rows_a_declared_view_holds() {
    let world = showing(&format!("{MINE}{TEAM}")).await;
    let page = page::surface(&world).await;
    assert!(page.contains("of public.sales"), "{page}");
    for condition in [
        "where seller = current_setting('portcullis.person', true)",
        "teams.seller = sales.seller and teams.lead",
    ] {
        assert!(page.contains(condition), "no {condition:?} in {page}");
    }
}
