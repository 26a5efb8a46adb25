//! Views that a profile declares: made, kept as they are declared, and showing each person their own.

use crate::page;
use crate::world::{World, named};
use server::flow::manage_person::set_attributes;
use server::flow::reconcile_grants::{Applied, NotApplied};
use server::flow::smoke::{Call, smoke_as};
use server::model::attribute::AttributeChange;
use server::model::drift::{Finding, Mend, Risk};
use server::model::person::Username;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

const SETUP: &str = "
    create table public.sales (id int primary key, seller text not null, amount numeric, note text);
    create table public.teams (lead text, seller text);
    insert into public.sales values
        (1, 'ada@example.com', 100, 'one'), (2, 'ada@example.com', 200, 'two'), (3, 'bob@example.com', 300, 'three'),
        (4, '', 400, 'nobody');
    insert into public.teams values ('bob@example.com', 'ada@example.com')";

const MINE: &str = r#"
[profiles.support.views.my_sales]
source = "public.sales"
columns = ["id", "amount", "note"]
where = "seller = current_setting('portcullis.person', true)"
comment = "Sales of the person who asks; it's theirs alone"
"#;

const TEAM: &str = r#"
[profiles.support.views."Team Sales"]
source = "public.sales"
lookups = ["public.teams"]
columns = ["id", "amount"]
where = """
exists (
    select
    from public.teams
    where teams.seller = sales.seller and teams.lead = current_setting('portcullis.person', true)
) -- the team's, not one's own
"""
"#;

/// A world that declares these views, none of them made.
async fn declaring(views: &str) -> World {
    let world = World::new("[\"public.orders\"]").await;
    world.say(&format!("set role {{owner}}; {SETUP}")).await;
    world.say("create role viewer_{role} nologin noinherit; grant viewer_{role} to {owner}").await;
    declare(&world, views);
    world
}

fn declare(world: &World, views: &str) {
    let place = world.named("view_schema = \"shown\"\nview_owner = \"viewer_{role}\"");
    let context = "context = { \"portcullis.person\" = \"person.email\" }";
    world.configure(|text| text.replace("[limits]", &format!("{place}\n{context}\n{views}\n[limits]")));
}

/// A world with these views made.
async fn showing(views: &str) -> World {
    let world = declaring(views).await;
    world.apply("test").await.unwrap();
    assert_eq!(named(&world.findings().await), []);
    world
}

/// The ids that the profile's role gets from a query for a person; `None` is a session that nobody told who asks.
async fn ids(world: &World, person: Option<&str>, sql: &str) -> Vec<i32> {
    let mut login = PgConnection::connect(&world.url(&world.login())).await.unwrap();
    if let Some(person) = person {
        sqlx::query("select set_config('portcullis.person', $1, false)")
            .bind(person)
            .execute(&mut login)
            .await
            .unwrap();
    }
    let enter = format!("set role {}", world.role());
    sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut login).await.unwrap();
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(&mut login).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The finding that must be there, named by everybody who looks.
async fn is_named(world: &World, kind: &str, subject: &str) -> Finding {
    let findings = world.findings().await;
    let subject = world.named(subject);
    assert!(named(&findings).contains(&(kind, &subject)), "{findings:#?}");
    let finding = findings.into_iter().find(|finding| finding.kind.code() == kind).unwrap();
    for command in ["doctor", "grants"] {
        let (ended_well, said) = world.run(command);
        assert!(!ended_well && said.contains(&finding.message), "{command}: {said}");
    }
    finding
}

async fn is_mended_by_applying(world: &World) {
    world.apply("test").await.unwrap();
    assert_eq!(named(&world.findings().await), []);
    assert_eq!(ids(world, Some("ada@example.com"), "select id from shown.my_sales order by 1").await, [1, 2]);
}

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
async fn each_person_sees_their_own_through_the_whole_program() {
    let world = showing(&format!("{MINE}{TEAM}")).await;
    let portcullis = world.portcullis();
    for person in ["ada", "bob", "eve"] {
        world.person(person).await;
    }
    let team = "select id from \"Team Sales\"";
    for (person, sql, rows) in [
        ("ada", "select id, amount, note from my_sales", 2),
        ("bob", "select id from shown.my_sales where id < 10", 1),
        ("eve", "select id from my_sales", 0),
        ("bob", team, 2),
        ("ada", team, 0),
        ("ada", "select id from my_sales where note = 'three'", 0),
    ] {
        let name = person.parse().unwrap();
        let proofs = smoke_as(&portcullis, &Call { person: &name, profile: None, sql, actor: "test" }).await;
        let told = format!("the statement is answered with {rows} row(s)");
        assert!(
            proofs.iter().any(|proof| proof.holds && proof.message == told),
            "{person}: {sql}: {proofs:#?}"
        );
    }
    for hidden in ["select seller from my_sales", "select id from public.sales"] {
        let call = Call { person: &"ada".parse().unwrap(), profile: None, sql: hidden, actor: "test" };
        let proofs = smoke_as(&portcullis, &call).await;
        assert!(
            proofs.iter().any(|proof| proof.message.starts_with("the statement is refused")),
            "{proofs:#?}"
        );
    }
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
async fn an_unset_context_gives_no_rows() {
    // Each of them would show rows while the setting is empty, were it not for our own condition before it.
    for condition in [
        "seller = current_setting('portcullis.person', true)",
        "seller = current_setting('portcullis.person', true) or amount > 0",
        "seller = nullif(current_setting('portcullis.person', true), '') or note is not null",
    ] {
        let view = MINE.replace("seller = current_setting('portcullis.person', true)", condition);
        let world = showing(&view).await;
        let sql = "select id from shown.my_sales";
        assert_eq!(ids(&world, None, sql).await, Vec::<i32>::new(), "{condition}");
        assert_eq!(ids(&world, Some(""), sql).await, Vec::<i32>::new(), "{condition}");
        assert!(ids(&world, Some("ada@example.com"), sql).await.len() >= 2, "{condition}");
    }
}

#[tokio::test]
async fn a_cheap_function_sees_no_hidden_row() {
    let world = showing(MINE).await;
    world
        .say(
            "create table public.seen (note text); grant insert on public.seen to public;
             create function public.peek(note text) returns boolean language plpgsql cost 0.0000001
             as $$ begin insert into public.seen values (note); return true; end $$",
        )
        .await;
    let seen = async || -> Vec<String> {
        let mut login = PgConnection::connect(&world.url(&world.login())).await.unwrap();
        let ask = world.named(
            "set portcullis.person = 'bob@example.com'; set role {role}; set search_path = pg_catalog;
             select id from shown.my_sales where public.peek(note)",
        );
        sqlx::raw_sql(AssertSqlSafe(ask)).execute(&mut login).await.unwrap();
        sqlx::query_scalar("delete from public.seen returning note")
            .fetch_all(&mut world.root().await)
            .await
            .unwrap()
    };
    assert_eq!(seen().await, ["three"]);

    world.say("alter view shown.my_sales set (security_barrier = false)").await;
    assert!(seen().await.len() > 1, "without the barrier the function is tried first");
    let finding = is_named(&world, "view_barrier", "shown.my_sales").await;
    assert_eq!(finding.risks, [Risk::BeyondDeclaration]);
    world.apply("test").await.unwrap();
    assert_eq!(seen().await, ["three"]);
}

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
async fn attributes_of_a_person_scope_rows() {
    let view = MINE.replace("portcullis.person", "app.seller");
    let world = declaring("").await;
    let context = "context = { \"app.seller\" = \"person.attribute.seller\" }";
    let place = world.named("view_schema = \"shown\"\nview_owner = \"viewer_{role}\"");
    world.configure(|text| text.replace("[limits]", &format!("{place}\n{context}\n{view}\n[limits]")));
    let portcullis = world.portcullis();
    world.apply("test").await.unwrap();
    world.person("ada").await;
    let name: Username = "ada".parse().unwrap();
    let person = server::flow::people::find(&portcullis, &name).await.unwrap().unwrap();
    for (seller, rows) in [("", 0), ("bob@example.com", 1), ("ada@example.com", 2), ("", 0)] {
        let change = AttributeChange::new("seller", seller).unwrap();
        set_attributes(&portcullis, &person, &[change], "test").await.unwrap();
        let sql = "select id from my_sales";
        let proofs = smoke_as(&portcullis, &Call { person: &name, profile: None, sql, actor: "test" }).await;
        let told = format!("the statement is answered with {rows} row(s)");
        assert!(proofs.iter().any(|proof| proof.holds && proof.message == told), "{seller}: {proofs:#?}");
    }
    let recorded: Vec<String> = sqlx::query_scalar(
        "select detail ->> 'now' from portcullis.events where kind = 'attributes_changed' order by id",
    )
    .fetch_all(&mut world.store().await)
    .await
    .unwrap();
    assert_eq!(recorded, ["{\"seller\": \"bob@example.com\"}", "{\"seller\": \"ada@example.com\"}", "{}"]);
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
