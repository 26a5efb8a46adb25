//! How much each person's agents read.

use crate::browser::Answer;
use crate::record::Call;
use crate::world::World;
use time::Duration;

/// The people of the page, in order.
fn people(answer: &Answer) -> Vec<String> {
    answer.all_between("<th scope=\"row\" class=\"\"><a href=\"/usage/", "\"")
}

async fn peopled() -> (World, crate::browser::Browser) {
    let (world, browser) = World::watched().await;
    for name in ["ada", "grace"] {
        world.person(name).await;
    }
    let refused = |person| Call {
        person,
        decision: "refused",
        reason: Some("select_star"),
        ..Call::at(world.now() - Duration::minutes(2))
    };
    for (person, allowed, refusals) in [("ada", 1, 3), ("grace", 2, 0), ("margarete", 3, 1)] {
        for _ in 0..allowed {
            world.make(&Call { person, ..Call::at(world.now() - Duration::minutes(3)) }).await;
        }
        for _ in 0..refusals {
            world.make(&refused(person)).await;
        }
    }
    world.deny(world.now(), "grace", "paused", "Claude Code").await;
    (world, browser)
}

#[tokio::test]
async fn usage_is_sorted_by_any_column() {
    let (_world, mut browser) = peopled().await;
    for (query, order) in [
        ("", ["margarete", "grace", "ada"]),
        ("?sort=allowed&order=asc", ["ada", "grace", "margarete"]),
        ("?sort=person", ["ada", "grace", "margarete"]),
        ("?sort=person&order=desc", ["margarete", "grace", "ada"]),
        ("?sort=refused", ["ada", "margarete", "grace"]),
        ("?sort=denied&window=1h", ["grace", "margarete", "ada"]),
        ("?sort=rows&window=7d", ["margarete", "ada", "grace"]),
    ] {
        let answer = browser.get(&format!("/usage{query}")).await.is(200);
        assert_eq!(people(&answer), order, "{query}");
        assert_eq!(
            answer.html.matches("aria-sort=\"ascending\"").count()
                + answer.html.matches("aria-sort=\"descending\"").count(),
            1
        );
    }
    for query in ["sort=age", "order=up", "window=1y", "skip=-1"] {
        browser.get(&format!("/usage?{query}")).await.is(422).says("This cannot be shown");
    }
}

#[tokio::test]
async fn the_usage_of_one_person_leads_to_their_calls() {
    let (_world, mut browser) = peopled().await;
    let answer = browser.get("/usage/ada").await.is(200).says("<h2>The last 7 days</h2>");
    answer
        .says("1 allowed, 0 failed, 3 refused")
        .says("href=\"/audit/queries?person=ada\"")
        .says("href=\"/audit/queries?person=ada&amp;relation=public.orders\"");
}

#[tokio::test]
async fn many_people_have_several_pages() {
    let (world, mut browser) = World::watched().await;
    world
        .run(
            "insert into portcullis.people (id, username, email, display_name, created_at) select gen_random_uuid(), \
             'p' || lpad(n::text, 3, '0'), 'p' || n || '@example.com', 'P', now() from generate_series(1, 90) n; \
             insert into portcullis.usage_by_hour (hour, person_id, profile, decision, calls, row_count, byte_count) \
             select date_trunc('hour', timestamptz '2026-03-02 09:00Z'), id, 'analyst', 'allowed', 7, 1, 1 \
             from portcullis.people where username like 'p%'"
                .to_owned(),
        )
        .await;
    let (mut path, mut seen) = ("/usage?sort=person".to_owned(), Vec::new());
    loop {
        let answer = browser.get(&path).await.is(200);
        assert!(answer.html.len() < 60 << 10, "{} bytes", answer.html.len());
        seen.extend(people(&answer));
        let Some(next) = crate::record::leading(&answer, "next") else { break };
        path = next;
    }
    let expected: Vec<String> = (1..=90).map(|n| format!("p{n:03}")).collect();
    assert_eq!(seen, expected);
}
