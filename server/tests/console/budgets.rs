//! How budgets stand: for auditors on the page of a person's usage, and for the person on their own.

use crate::browser::{Answer, Browser};
use crate::record::read;
use crate::world::{Scheme, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use server::flow::issue_token::{TokenWish, issue_token};
use time::Duration;

const BUDGETS: &str = r"
[budgets]
hard = { calls = { 1h = 3 } }
soft = { rows = { 24h = 5 }, bytes = { 24h = 1000000 } }

[profiles.support.budget]
hard = { calls = { 1h = 1000 } }
";

/// `margarete` holds the profile `analyst`, is an auditor, and is signed in.
async fn watched(budgets: &str) -> (World, Browser) {
    let world = World::configured(Scheme::Https, budgets).await;
    world.knows_margarete().await;
    world.gives("margarete", "auditor").await;
    let browser = world.signed_in().await;
    (world, browser)
}

/// Reads two rows, as an agent of hers.
async fn ask(world: &World, browser: &mut Browser) -> String {
    let wish = TokenWish {
        person: &"margarete".parse().unwrap(),
        profile: &"analyst".parse().unwrap(),
        ttl: std::time::Duration::from_mins(10),
        actor: "test",
    };
    let token = issue_token(&world.portcullis, &wish).await.unwrap();
    let request = Request::post("/mcp/sql/")
        .header("host", "db.example.com")
        .header("authorization", format!("Bearer {}", token.bearer.reveal()))
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    let arguments = json!({ "sql": "select id from orders order by id limit 2" });
    let params = json!({ "name": "run_query", "arguments": arguments });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    browser.send(request, Body::from(message.to_string())).await.is(200).html
}

/// The lines of the table of budgets, each cell apart.
fn budgets(answer: &Answer) -> Vec<String> {
    let table = answer.between("udgets</h2>", "</table>");
    let lines = table.split("<tr").skip(2);
    lines
        .map(|line| {
            let cells = line.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text.trim()));
            cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ")
        })
        .collect()
}

#[track_caller]
fn stand(answer: &Answer, wanted: &[&str]) {
    let found = budgets(answer);
    let is_as_wanted = found.len() == wanted.len()
        && found.iter().zip(wanted).all(|(line, wanted)| line.starts_with(wanted));
    assert!(is_as_wanted, "{found:#?} is not {wanted:#?}");
}

#[tokio::test]
async fn budgets_stand_on_the_page_of_usage_and_on_ones_own() {
    let (world, mut browser) = watched(BUDGETS).await;
    let unused = [
        "analyst | calls within 1h | 0 | 3 | refused |",
        "analyst | rows within 1day | 0 | 5 | alerted |",
        "analyst | bytes within 1day | 0",
    ];
    for page in ["/usage/margarete", "/account"] {
        stand(&browser.get(page).await.is(200), &unused);
    }
    for _ in 0..3 {
        assert!(ask(&world, &mut browser).await.contains("\"row_count\":2"));
    }
    assert!(ask(&world, &mut browser).await.contains("over_budget"));
    let used = [
        "analyst | calls within 1h | 4 | 3 | refused until then |",
        "analyst | rows within 1day | 6 | 5 | alerted |",
        "analyst | bytes within 1day |",
    ];
    for page in ["/usage/margarete", "/account"] {
        let page = browser.get(page).await.is(200);
        stand(&page, &used);
        // A window is a whole hour or a whole day.
        assert!(
            page.html.contains("2026-03-02T10:00:00") && page.html.contains("2026-03-03T00:00:00"),
            "{}",
            page.html
        );
    }
    let usage = read(&browser.get("/usage").await.is(200));
    assert!(usage.contains("margarete"), "{usage}");

    world.later(Duration::hours(1));
    let mut browser = world.signed_in().await;
    stand(&browser.get("/usage/margarete").await.is(200), &[unused[0], used[1], used[2]]);
}

#[tokio::test]
async fn without_budgets_nothing_is_said_of_them() {
    let (_world, mut browser) = watched("").await;
    for page in ["/usage/margarete", "/account"] {
        let page = browser.get(page).await.is(200);
        assert!(!page.html.contains("udgets</h2>"), "{}", page.html);
    }
}
