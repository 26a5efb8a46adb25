//! From the declaration to the grants, and back.

use crate::page;
use crate::world::{DECLARED, World, named};
use server::flow::reconcile_grants::NotApplied;
use server::model::drift::Mend;
use server::model::person::Powers;
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn what_is_declared_is_granted_and_nothing_else() {
    let world = World::new(DECLARED).await;
    let applied = world.apply("ada").await.unwrap();
    assert_eq!(
        applied.statements,
        [
            "grant usage on schema \"Odd \"\"Schema\"\"\" to {role}",
            "grant select (id, \"Two Words\", \"from\") on \"Odd \"\"Schema\"\"\".\"Select\" to {role}",
            "grant select (id, name) on public.customers to {role}",
            "grant select on public.events to {role}",
            "grant select on public.open_orders to {role}",
            "grant select on public.orders to {role}",
            "grant select on public.totals to {role}",
        ]
        .map(|statement| world.named(statement))
    );
    assert_eq!(named(&applied.left.first().unwrap().findings), []);
    assert_eq!(named(&world.findings().await), []);
    assert!(world.apply("ada").await.unwrap().statements.is_empty(), "applied twice");

    let (ended_well, said) = world.run("check-config");
    assert!(ended_well, "{said}");
}

#[tokio::test]
async fn what_was_applied_is_on_record() {
    let world = World::granted(DECLARED).await;
    let (actor, statements): (String, i64) = sqlx::query_as(
        "select actor, jsonb_array_length(detail -> 'statements')::bigint from portcullis.events \
         where kind = 'grants_applied'",
    )
    .fetch_one(&mut world.store().await)
    .await
    .unwrap();
    assert_eq!((actor.as_str(), statements), ("test", 7));
}

#[tokio::test]
async fn looking_changes_nothing() {
    let world = World::new(DECLARED).await;
    let before = world.differences().await;
    assert_eq!(world.differences().await, before);
    assert!(!world.run("grants").0);
    assert_eq!(world.differences().await, before);
}

#[tokio::test]
async fn grants_beyond_the_declaration_are_revoked() {
    let world = World::granted(DECLARED).await;
    world
        .say(
            "grant select, insert on public.secrets to {role};
             grant select on public.customers to {role};
             grant update (total) on public.orders to {role};
             grant select (token) on public.secrets to {login};
             grant create on schema public to {role};
             create sequence public.numbers; alter sequence public.numbers owner to {owner};
             grant usage on sequence public.numbers to {role};
             grant select on public.totals to {role} with grant option;
             create schema other authorization {owner}; grant usage on schema other to {role}",
        )
        .await;
    let (ended_well, said) = world.run("grants --apply");
    assert!(ended_well, "{said}");
    assert_eq!(named(&world.findings().await), [], "{said}");
    let mut login = PgConnection::connect(&world.url(&world.login())).await.unwrap();
    let enter = format!("set role {}", world.role());
    sqlx::raw_sql(sqlx::AssertSqlSafe(enter)).execute(&mut login).await.unwrap();
    sqlx::raw_sql("select id, name from public.customers").execute(&mut login).await.unwrap();
    for denied in ["select password from public.customers", "select from public.secrets"] {
        let error = sqlx::raw_sql(denied).execute(&mut login).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{denied}");
    }
}

#[tokio::test]
async fn what_no_grant_of_ours_can_mend_is_told_and_left() {
    let world = World::granted(DECLARED).await;
    world
        .say(
            "grant select on public.secrets to public; alter table public.events_1 owner to {login};
             grant pg_read_all_data to {login}",
        )
        .await;
    let applied = world.apply("ada").await.unwrap();
    assert!(applied.statements.is_empty(), "{applied:?}");
    let left = applied.left.first().unwrap();
    let sql: Vec<&String> = left
        .findings
        .iter()
        .flat_map(|finding| match &finding.mend {
            Mend::Dba(statements) => statements.iter(),
            other => panic!("{other:?}"),
        })
        .collect();
    let owner = format!("owner_{}", world.number);
    assert_eq!(
        sql,
        [
            &world.named("revoke pg_read_all_data from {login}"),
            &format!("alter table public.events_1 owner to {owner}"),
            &"revoke select on public.secrets from public".to_owned(),
        ]
    );
    // What it tells the administrator to say is the cure.
    for statement in sql {
        world.say(statement).await;
    }
    assert_eq!(named(&world.findings().await), []);
}

#[tokio::test]
async fn all_is_undone_where_one_statement_fails() {
    let world = World::new(DECLARED).await;
    world.say("alter table public.totals owner to postgres").await;
    let refused = world.apply("ada").await.unwrap_err();
    assert!(matches!(refused, NotApplied::NotSaid(_)), "{refused}");
    assert!(named(&world.findings().await).contains(&("missing_grant", "public.orders")));
    let recorded: i64 = sqlx::query_scalar("select count(*) from portcullis.events")
        .fetch_one(&mut world.store().await)
        .await
        .unwrap();
    assert_eq!(recorded, 0);
}

#[tokio::test]
async fn without_an_administrator_nothing_is_applied() {
    let world = World::new(DECLARED).await;
    world.configure(|text| {
        text.lines().filter(|line| !line.starts_with("admin_url")).collect::<Vec<_>>().join("\n")
    });
    let refused = world.apply("ada").await.unwrap_err();
    assert!(matches!(refused, NotApplied::NoAdministrator(_)), "{refused}");
}

#[tokio::test]
async fn one_at_a_time_changes_grants() {
    let world = World::new(DECLARED).await;
    let (one, other) = tokio::join!(world.apply("ada"), world.apply("bob"));
    let mut said = [one.unwrap().statements.len(), other.unwrap().statements.len()];
    said.sort_unstable();
    assert_eq!(said, [0, 7], "the second one finds nothing left to do");
}

#[tokio::test]
async fn the_tables_of_the_store_cannot_be_declared() {
    let world = World::new(DECLARED).await;
    world
        .say(
            "create schema portcullis; create table portcullis.attempts (id int, sql text);
             create view public.inner_view as select * from portcullis.attempts;
             create view public.disguise as select sql from public.inner_view; alter view public.disguise owner to {owner}",
        )
        .await;
    world.configure(|text| text.replace("\"public.orders\"", "\"public.orders\", \"public.disguise\""));
    let findings = world.differences().await;
    assert!(named(&findings).contains(&("shows_the_store", "public.disguise")), "{findings:#?}");
    world.apply("ada").await.unwrap();
    assert!(named(&world.differences().await).contains(&("shows_the_store", "public.disguise")));
    world.say("grant select on public.disguise to {role}").await;
    assert!(named(&world.differences().await).contains(&("extra_grant", "public.disguise")));
}

#[tokio::test]
async fn an_administrator_applies_it_from_the_console_and_nobody_else_does() {
    let world = World::new(DECLARED).await;
    let powers = Powers { staff: true, auditor: true, ..Powers::default() };
    let mut auditor = page::signed_in(&world, powers).await;
    auditor.get("/surface").await.is(200).says("missing grant");
    let profile = world.config().profiles.keys().next().unwrap().to_string();
    auditor.submit("/surface/apply", &[("id", &profile)]).await.is(404);
    assert!(!world.differences().await.is_empty());

    let mut admin = page::signed_in(&world, Powers { admin: true, ..powers }).await;
    admin.get("/surface").await.is(200).says("Apply now");
    admin.submit("/surface/apply", &[("id", "nobody")]).await.is(404);
    admin.submit("/surface/apply", &[("id", &profile)]).await.leads_to("/surface");
    let page = admin.get("/surface").await.is(200).says("The declaration was applied: 7 statement(s)");
    assert!(!page.html.contains("Apply now"));
    assert_eq!(named(&world.differences().await), []);
    let applied = "select actor || ' ' || subject from portcullis.events where kind = 'grants_applied'";
    let applied: String = sqlx::query_scalar(applied).fetch_one(&mut world.store().await).await.unwrap();
    assert_eq!(applied, "admin warehouse");
    admin.submit("/surface/apply", &[("id", &profile)]).await.leads_to("/surface");
    admin.get("/surface").await.is(200).says("Nothing had to change");
}
