//! Views that a profile declares: made, kept as they are declared, and showing each person their own.

mod drift;
mod making;
mod rows;

use crate::world::{World, named};
use server::model::drift::Finding;
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
