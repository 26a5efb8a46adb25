//! Everything that a role can do, whoever let it.

use crate::world::{DECLARED, World, named};
use server::model::drift::{Finding, Light, Risk};

async fn found(done: &str) -> (World, Vec<Finding>) {
    let world = World::granted(DECLARED).await;
    world.say(done).await;
    let findings = world.findings().await;
    (world, findings)
}

/// One finding alone, with this kind and subject, whose SQL mends it.
async fn is_found_and_mended(done: &str, light: Light, kind: &str, subject: &str) -> Finding {
    let (world, findings) = found(done).await;
    let [finding] = findings.as_slice() else { panic!("{done}: {findings:#?}") };
    let subject = world.named(subject);
    assert_eq!(
        (finding.light, finding.kind.code(), finding.subject.as_str()),
        (light, kind, subject.as_str())
    );
    let statements = match &finding.mend {
        server::model::drift::Mend::Dba(statements) => statements,
        other => panic!("{done}: {other:?}"),
    };
    for statement in statements {
        world.say(statement).await;
    }
    assert_eq!(named(&world.findings().await), [], "{statements:?} mends {done}");
    finding.clone()
}

#[tokio::test]
async fn attributes_are_found() {
    for (attribute, role) in [("replication", "{role}"), ("createdb", "{role}"), ("createrole", "{login}")] {
        let done = format!("alter role {role} {attribute}");
        is_found_and_mended(&done, Light::Red, "attribute", role).await;
    }
    is_found_and_mended("alter role {role} login", Light::Red, "attribute", "{role}").await;
    is_found_and_mended("alter role {login} inherit", Light::Red, "attribute", "{login}").await;
    let bypass = is_found_and_mended("alter role {role} bypassrls", Light::Red, "attribute", "{role}").await;
    assert_eq!(bypass.risks, [Risk::BeyondDeclaration]);
    let mighty =
        is_found_and_mended("alter role {login} superuser", Light::Red, "superuser", "{login}").await;
    assert_eq!(mighty.risks, [Risk::Superuser]);
}

#[tokio::test]
async fn a_membership_tells_what_is_read_through_it() {
    let done = "create role family_{role}; grant select on public.secrets to family_{role};
        alter role {role} inherit; grant family_{role} to {role}";
    let finding = is_found_and_mended(done, Light::Red, "membership", "{role}").await;
    assert!(finding.message.ends_with("and reads `public.secrets`"), "{}", finding.message);
    assert_eq!(finding.risks, [Risk::BeyondDeclaration]);
}

#[tokio::test]
async fn rights_of_everybody_are_found() {
    let writes = "grant insert on public.orders to public";
    let finding = is_found_and_mended(writes, Light::Red, "public_grant", "public.orders").await;
    assert_eq!(finding.risks, [Risk::Writes]);
    let column = "grant select (password) on public.customers to public";
    let finding = is_found_and_mended(column, Light::Red, "public_grant", "public.customers").await;
    assert_eq!(finding.risks, [Risk::BeyondDeclaration]);
    let catalogue = "grant select on pg_catalog.pg_authid to public";
    // What everybody may read of a catalogue is none of the roles' own; what a role was given is.
    assert_eq!(named(&found(catalogue).await.1), []);
    let (_, findings) = found("grant select on pg_catalog.pg_authid to {role}").await;
    assert_eq!(named(&findings), [("extra_grant", "pg_catalog.pg_authid")]);
}

#[tokio::test]
async fn creating_is_found() {
    let in_schema = "grant create on schema public to public";
    is_found_and_mended(in_schema, Light::Red, "create", "schema public").await;
    let schemas = "grant create on database {database} to {role}";
    is_found_and_mended(schemas, Light::Red, "create", "database {database}").await;
    let temporary = "grant temporary on database {database} to public";
    is_found_and_mended(temporary, Light::Amber, "temporary", "database {database}").await;
}

#[tokio::test]
async fn ways_out_of_the_database_are_found() {
    let done = "create foreign data wrapper far; create server far foreign data wrapper far;
        grant usage on foreign server far to public";
    is_found_and_mended(done, Light::Red, "foreign_server", "foreign server far").await;
}

#[tokio::test]
async fn functions_that_may_do_more_than_read_are_found() {
    let definer = "create function public.leak(id int) returns text language sql stable security definer
        as 'select token from public.secrets limit 1'";
    let subject = "routine public.leak(integer)";
    is_found_and_mended(definer, Light::Red, "definer_function", subject).await;
    let volatile = "create procedure public.stir() language sql as 'select 1'";
    is_found_and_mended(volatile, Light::Amber, "volatile_function", "routine public.stir()").await;
    let harmless = "create function public.twice(n int) returns int language sql immutable as 'select 2 * n';
        create function public.touched() returns trigger language plpgsql as 'begin return new; end';
        create schema closed; create function closed.f() returns int language sql as 'select 1'";
    assert_eq!(named(&found(harmless).await.1), []);
}

#[tokio::test]
async fn large_objects_are_found() {
    let done = "select lo_create(4711); grant select on large object 4711 to public; select lo_create(4712)";
    is_found_and_mended(done, Light::Red, "large_object", "large object 4711").await;
}

#[tokio::test]
async fn rights_on_what_does_not_exist_yet_are_found() {
    let done = "alter default privileges for role {owner} in schema public grant select on tables to {role}";
    is_found_and_mended(done, Light::Red, "default_privilege", "future tables of {owner}").await;
    let done = "alter default privileges for role {owner} grant select on tables to public";
    is_found_and_mended(done, Light::Red, "default_privilege", "future tables of {owner}").await;
}

#[tokio::test]
async fn a_relation_in_a_closed_schema_is_not_read() {
    let (_, findings) =
        found("create schema closed; create table closed.t (id int); grant select on closed.t to public")
            .await;
    assert_eq!(named(&findings), []);
}

#[tokio::test]
async fn doctor_prints_json() {
    let world = World::granted(DECLARED).await;
    let (ended_well, said) = world.run("doctor --json");
    assert!(ended_well && said.contains("\"light\":\"green\""), "{said}");
    world.say("grant select on public.secrets to {role}").await;
    let (ended_well, said) = world.run("doctor --json");
    assert!(!ended_well, "{said}");
    let told: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    let finding = &told["profiles"][0]["findings"][0];
    assert_eq!(finding["kind"], "extra_grant");
    assert_eq!(finding["sql"][0], world.named("revoke select on public.secrets from {role}"));
    assert_eq!(finding["risks"][0], "beyond_declaration");
}
