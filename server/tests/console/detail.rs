//! One call, and one denial.

use crate::record::{Call, listed, read};
use crate::world::World;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn a_call_is_shown_with_all_that_is_recorded() {
    let (world, mut browser) = World::watched().await;
    let at = world.now() - Duration::hours(1);
    let mut made = Vec::new();
    for n in 0..9 {
        made.push(world.make(&Call::at(at + Duration::seconds(n))).await);
    }
    let answer = browser.get(&format!("/audit/queries/{}", made[4])).await.is(200);
    for title in ["As asked", "As the gate wrote it", "As it ran"] {
        assert!(answer.html.contains(title), "{title}");
    }
    let text = read(&answer);
    for part in [
        "SELECT Id FROM orders -- newest",
        "select \"id\" from \"public\".\"orders\" limit 11",
        "public.orders",
        "pg_catalog.lower",
        "3 rows, 4 KiB",
        "1.5 ms",
        "192.0.2.7",
        "claude-code/2.1",
        "http://127.0.0.1:1/callback",
        "2026-03-02 08:00:34",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let expected: Vec<Uuid> = [7, 6, 5, 3, 2, 1].map(|n| made[n]).into();
    assert_eq!(listed(&answer, "/audit/queries"), expected);
}

#[tokio::test]
async fn what_is_too_long_for_the_page_is_a_file_of_its_own() {
    let (world, mut browser) = World::watched().await;
    let long = format!("select 1 -- {}\u{202e}", "long & ".repeat(20_000));
    let call = world.make(&Call { sql: Some(&long), ..Call::at(world.now()) }).await;
    let page = format!("/audit/queries/{call}");
    let answer = browser.get(&page).await.is(200);
    let file = answer.between(&format!("href=\"{page}/"), "\"");
    assert_eq!(file, "asked.sql");
    let answer = browser.get(&format!("{page}/{file}")).await.is(200);
    assert_eq!(answer.html, long, "all of it, as it came");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"asked.sql\"");
    let answer = browser.get(&format!("{page}/written.sql")).await.is(200);
    assert_eq!(answer.html, "select \"id\" from \"public\".\"orders\"");
    browser.get(&format!("{page}/arguments.json")).await.is(200);
    browser.get(&format!("{page}/other.sql")).await.is(404).says("There is no such page");
    browser.get(&format!("/audit/queries/{}/asked.sql", Uuid::max())).await.is(404);
}

#[tokio::test]
async fn a_refusal_and_a_failure_say_why_and_what_to_do() {
    let (world, mut browser) = World::watched().await;
    let refused = Call {
        sql: Some("select usename from pg_shadow"),
        decision: "refused",
        reason: Some("system_schema"),
        error: Some("`pg_shadow` belongs to the system catalogue"),
        ..Call::at(world.now())
    };
    let id = world.make(&refused).await;
    let advice = gate::Reason::SystemSchema.advice();
    let rest: String = advice.chars().skip(1).collect();
    let answer = browser.get(&format!("/audit/queries/{id}")).await.is(200);
    let answer = answer.says("A refused call").says("system_schema").says("pg_shadow");
    let text = read(&answer);
    assert!(text.contains(&rest), "no {rest} in {text}");
    assert!(text.contains("`pg_shadow` belongs to the system catalogue."), "{text}");
    assert!(!answer.html.contains("As it ran") && !answer.html.contains("What the warehouse said"));
    let failed = Call {
        decision: "failed",
        reason: Some("execution_error"),
        error: Some("division by <zero>"),
        ..Call::at(world.now())
    };
    let id = world.make(&failed).await;
    let answer = browser.get(&format!("/audit/queries/{id}")).await.is(200);
    answer.says("A failed call").says("What the warehouse said").says("division by &lt;zero&gt;");
}

#[tokio::test]
async fn a_denial_is_shown_with_its_neighbours() {
    let (world, mut browser) = World::watched().await;
    let at = world.now() - Duration::hours(1);
    let mut made = Vec::new();
    for n in 0..9 {
        made.push(world.deny(at + Duration::seconds(n), "margarete", "session_logout", "Claude Code").await);
    }
    world.person("grace").await;
    world.deny(at, "grace", "no_perm", "Claude Code").await;
    let answer = browser.get(&format!("/audit/denials/{}", made[4])).await.is(200);
    let answer = answer.says("session_logout").says("Sign in, and connect again.").says("192.0.2.7");
    let expected: Vec<Uuid> = [7, 6, 5, 3, 2, 1].map(|n| made[n]).into();
    assert_eq!(listed(&answer, "/audit/denials"), expected);
}

#[tokio::test]
async fn what_is_not_there_is_no_page() {
    let (_world, mut browser) = World::watched().await;
    for path in
        ["/audit/queries/x", "/audit/denials/1", "/usage/nobody", "/usage/No%20Body", "/audit/queries/%FF"]
    {
        let answer = browser.get(path).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.html);
    }
    for list in ["queries", "denials"] {
        browser.get(&format!("/audit/{list}/{}", Uuid::max())).await.is(404).says("There is no such page");
    }
}
