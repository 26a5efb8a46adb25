//! Whose rows they show.

use super::{MINE, TEAM, declaring, ids, is_named, showing};
use server::flow::manage_person::set_attributes;
use server::flow::smoke::{Call, smoke_as};
use server::model::attribute::AttributeChange;
use server::model::drift::Risk;
use server::model::person::Username;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

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
