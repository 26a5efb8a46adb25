//! What is proved on the live system, and what turns it red.

use crate::world::{DECLARED, World};

#[tokio::test]
async fn a_sound_system_is_green_in_every_line() {
    let world = World::granted(DECLARED).await;
    world.person("ada").await;
    let query = "--query=select\tid\tfrom\tpublic.orders";
    let (ended_well, said) = world.run(&format!("smoke --as-person ada {query}"));
    assert!(ended_well, "{said}");
    assert!(said.lines().all(|line| line.starts_with("green")), "{said}");
    for proof in [
        world.named("profiles.support: `{login}` entered `{role}`"),
        "transaction_read_only = on, statement_timeout = 5000, lock_timeout = 1000".to_owned(),
        "a write is refused: SQLSTATE 25006".to_owned(),
        "the record cannot be read: ".to_owned(),
        "the gate refuses the catalogue: system_schema".to_owned(),
        "people.ada.support: the statement is answered with 1 row(s)".to_owned(),
        "too much is refused: system_schema".to_owned(),
        "on record with their outcomes: allowed, refused".to_owned(),
        "a revoked token is turned away".to_owned(),
    ] {
        assert!(said.contains(&proof), "{proof}: {said}");
    }
    let calls: i64 = sqlx::query_scalar("select count(*) from portcullis.outcomes")
        .fetch_one(&mut world.store().await)
        .await
        .unwrap();
    assert_eq!(calls, 2);
}

/// A line that must be red.
fn turns_red(world: &World, arguments: &str, red: &str) {
    let (ended_well, said) = world.run(arguments);
    let is_told = said.lines().any(|line| line.starts_with("red") && line.contains(red));
    assert!(!ended_well && is_told, "{said}");
}

#[tokio::test]
async fn a_role_that_cannot_be_entered_is_red() {
    let world = World::granted(DECLARED).await;
    world.say("revoke {role} from {login}").await;
    turns_red(&world, "smoke", "is not entered");
}

#[tokio::test]
async fn a_record_that_can_be_read_is_red() {
    let world = World::granted(DECLARED).await;
    let open = format!(
        "grant connect on database store_{0} to gateway_{0}; grant usage on schema portcullis to reader_{0};
         grant select on portcullis.attempts to reader_{0}",
        world.number
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(open)).execute(&mut world.store().await).await.unwrap();
    turns_red(&world, "smoke", "the record can be read");
}

#[tokio::test]
async fn a_call_that_is_not_answered_is_red() {
    let world = World::granted(DECLARED).await;
    turns_red(&world, "smoke --as-person ada", "`ada` is not known, or holds no profile");
    world.person("ada").await;
    let query = "--query=select\ttoken\tfrom\tpublic.secrets";
    turns_red(&world, &format!("smoke --as-person ada {query}"), "the statement is refused");
}
