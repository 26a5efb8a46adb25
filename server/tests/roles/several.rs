//! Two warehouses: each profile is compared with its own.

use crate::setup::psql;
use crate::world::{DECLARED, World, named};
use server::flow::doctor::examine;
use server::flow::surface;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;

/// The world's own warehouse, and `crm` beside it with a profile `sales`. Nothing is granted yet.
async fn two() -> World {
    let world = World::new(DECLARED).await;
    let n = world.number;
    for statement in [
        format!("create role crm_reader_{n} nologin noinherit"),
        format!("create role crm_gateway_{n} login noinherit in role crm_reader_{n}"),
        format!("create database crm_{n} owner owner_{n}"),
        format!("revoke all on database crm_{n} from public"),
        format!("grant connect on database crm_{n} to crm_gateway_{n}"),
    ] {
        world.say(&statement).await;
    }
    in_crm(&world, "set role {owner}; create table leads (id int, name text); create table calls (id int)")
        .await;
    world.configure(|text| text.replace("[limits]", &format!("{}\n[limits]", crm(&world))));
    world
}

fn crm(world: &World) -> String {
    let n = world.number;
    let url = |user: &str| world.url(user).replace("warehouse_", "crm_");
    let (url, admin) = (url("nobody"), url(&format!("owner_{n}")));
    format!(
        "[warehouses.crm]\nurl = \"{url}\"\nadmin_url = \"{admin}\"\npool = 2\n[profiles.sales]\nwarehouse = \"crm\"\n\
         role = \"crm_reader_{n}\"\nlogin = \"crm_gateway_{n}\"\nrelations = [\"public.leads\"]\n"
    )
}

async fn in_crm(world: &World, sql: &str) {
    let url = world.url("postgres").replace("warehouse_", "crm_");
    let mut root = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(world.named(sql))).execute(&mut root).await.unwrap();
}

/// What the doctor finds of a profile.
async fn found(world: &World, profile: &str) -> Vec<(&'static str, String)> {
    let examined = examine(&world.portcullis()).await;
    let examined = examined.iter().find(|examined| examined.profile.as_str() == profile).unwrap();
    named(&examined.findings).into_iter().map(|(kind, subject)| (kind, subject.to_owned())).collect()
}

/// What agents of a profile can read.
async fn readable(world: &World, profile: &str) -> Vec<String> {
    let portcullis = world.portcullis();
    let profile = Arc::clone(portcullis.profiles().find(|one| one.name.as_str() == profile).unwrap());
    let reading = surface::surface(&profile).await.unwrap();
    let columns = reading.surface.relations().iter().flat_map(|relation| {
        relation.columns.iter().map(|column| format!("{}.{}", relation.full_name(), column.name))
    });
    columns.collect()
}

#[tokio::test]
async fn grants_are_applied_in_each_warehouse() {
    let world = two().await;
    let (ended_well, said) = world.run("grants");
    assert!(!ended_well && said.contains("-- profile support in warehouse\n"), "{said}");
    assert!(said.contains("-- profile sales in crm\n"), "{said}");
    let (ended_well, said) = world.run("grants --apply");
    assert!(ended_well && said.contains("7 statement(s) applied in warehouse"), "{said}");
    assert!(said.contains("1 statement(s) applied in crm"), "{said}");
    assert_eq!(readable(&world, "sales").await, ["public.leads.id", "public.leads.name"]);
    for command in ["grants", "doctor", "smoke", "check-config"] {
        let (ended_well, said) = world.run(command);
        assert!(ended_well, "{command}: {said}");
    }
    let recorded: Vec<(String, i64)> = sqlx::query_as(
        "select subject, jsonb_array_length(detail -> 'statements')::bigint from portcullis.events \
         where kind = 'grants_applied' order by subject",
    )
    .fetch_all(&mut world.store().await)
    .await
    .unwrap();
    assert_eq!(recorded, [("crm".to_owned(), 1), ("warehouse".to_owned(), 7)]);
}

#[tokio::test]
async fn a_warehouse_that_cannot_be_changed_keeps_no_other_from_it() {
    let world = two().await;
    world.say("alter table public.totals owner to postgres").await;
    let (ended_well, said) = world.run("grants --apply");
    assert!(!ended_well && said.contains("warehouse: `grant select on public.totals"), "{said}");
    assert!(said.contains("1 statement(s) applied in crm"), "{said}");
    assert_eq!(found(&world, "sales").await, []);

    let without = |text: String| text.replace("[limits]", &format!("{}\n[limits]", crm(&world)));
    world.configure(|text| {
        let text = without(text);
        let (before, after) = text.split_once("[warehouses.crm]").unwrap();
        let after: Vec<&str> = after.lines().filter(|line| !line.starts_with("admin_url")).collect();
        format!("{before}[warehouses.crm]{}", after.join("\n"))
    });
    let (ended_well, said) = world.run("grants --apply");
    assert!(!ended_well && said.contains("there is no `warehouses.crm.admin_url`"), "{said}");
}

#[tokio::test]
async fn the_doctor_names_the_warehouse_and_what_is_wrong_there() {
    let world = two().await;
    assert!(world.run("grants --apply").0);
    in_crm(&world, "grant select on calls to public").await;
    assert_eq!(found(&world, "support").await, []);
    assert_eq!(found(&world, "sales").await, [("public_grant", "public.calls".to_owned())]);
    let (ended_well, said) = world.run("doctor");
    assert!(!ended_well && said.contains("profile sales in crm: "), "{said}");
    assert!(world.run("doctor --json").1.contains("\"warehouse\":\"crm\""));
    let (ended_well, said) = world.run("serve");
    assert!(
        !ended_well && said.contains("profiles.sales: ") && said.contains("beyond_declaration"),
        "{said}"
    );
}

#[tokio::test]
async fn each_warehouse_has_a_lock_of_its_own() {
    let world = two().await;
    assert!(world.run("grants --apply").0);
    let (ended_well, said) = world.run("surface lock");
    assert!(ended_well, "{said}");
    let lock = |name: &str| std::fs::read_to_string(world.file().with_file_name(name)).unwrap();
    let (first, crm) = (lock("portcullis.surface.lock"), lock("portcullis.crm.surface.lock"));
    assert!(first.contains("[[profiles.support]]") && !first.contains("[[profiles.sales]]"), "{first}");
    assert!(crm.contains("[[profiles.sales]]") && !crm.contains("[[profiles.support]]"), "{crm}");
    assert!(world.run("surface check").0);

    in_crm(&world, "alter table leads add column budget int").await;
    assert_eq!(readable(&world, "sales").await, ["public.leads.id", "public.leads.name"]);
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well && said.contains("sales: `public.leads` gained a column `budget`"), "{said}");
    assert!(!said.contains("support: "), "{said}");

    std::fs::remove_file(world.file().with_file_name("portcullis.crm.surface.lock")).unwrap();
    let (ended_well, said) = world.run("surface check");
    assert!(!ended_well && said.contains("portcullis.crm.surface.lock"), "{said}");
}

#[tokio::test]
async fn roles_are_made_in_the_warehouse_that_is_named() {
    let world = two().await;
    let (ended_well, said) = world.run("roles --emit-sql");
    assert!(!ended_well && said.contains("say `--warehouse` with one of: warehouse, crm"), "{said}");
    assert!(!world.run("roles --emit-sql --warehouse elsewhere").0);
    let n = world.number;
    let (ended_well, sql) = world.run("roles --emit-sql --warehouse crm");
    assert!(ended_well && sql.contains(&format!("crm_reader_{n}")), "{sql}");
    assert!(!sql.contains(&format!("'reader_{n}'")), "{sql}");
    let file = world.file().with_file_name("roles.sql");
    std::fs::write(&file, &sql).unwrap();
    let (ended_well, said) = psql(&world, &file);
    assert!(ended_well, "{said}");
}
