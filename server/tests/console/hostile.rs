//! What strangers wrote is only ever text.

use crate::record::Call;
use crate::world::World;

const MARKUP: &str =
    "</pre></table>\"'><img src=x onerror=alert(1)><script>alert(1)</script>\u{202e}gpj.exe\u{7}";

/// Everything but the values of fields.
fn outside_of_fields(html: &str) -> impl Iterator<Item = &str> {
    html.split(" value=\"")
        .enumerate()
        .filter_map(|(n, part)| if n == 0 { Some(part) } else { part.split_once('"').map(|(_, rest)| rest) })
}

#[tokio::test]
async fn what_strangers_wrote_is_only_text() {
    let (world, mut browser) = World::watched().await;
    let long = format!("{MARKUP}{}", "\u{202e}x".repeat(10_000));
    let call = Call {
        client: &long,
        user_agent: &long,
        tool: MARKUP,
        sql: Some(&long),
        decision: "failed",
        reason: Some("execution_error"),
        relation: MARKUP,
        error: Some(&long),
        ..Call::at(world.now())
    };
    let unknown_tool = world.make(&call).await;
    let query = world.make(&Call { tool: "run_query", ..call }).await;
    let denial = world.deny(world.now(), "margarete", "no_perm", &long).await;
    let subject = MARKUP.replace('\'', "''").replace('\u{7}', "");
    let event = format!(
        "insert into portcullis.events values (gen_random_uuid(), now(), 'sign_in_failed', '{subject}', null, '{subject}', \
         jsonb_build_object('name', '{subject}'))"
    );
    world.run(event).await;
    let typed: String = url::form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect();
    for path in [
        "/".to_owned(),
        "/audit/queries".to_owned(),
        format!("/audit/queries?client={typed}&words={typed}&relation=a.{typed}"),
        format!("/audit/queries/{query}"),
        format!("/audit/queries/{unknown_tool}"),
        "/audit/denials".to_owned(),
        format!("/audit/denials/{denial}"),
        "/audit/events".to_owned(),
        "/usage".to_owned(),
        "/usage/margarete".to_owned(),
    ] {
        let answer = browser.get(&path).await.is(200);
        for live in ["<script", "<img", "\u{202e}", "\u{7}"] {
            // What was typed comes back in its field as it was.
            let is_there = outside_of_fields(&answer.html).any(|part| part.contains(live));
            assert!(!is_there, "{live:?} at {path}: {}", answer.html);
        }
        assert!(answer.html.len() <= 60_000, "{} bytes at {path}", answer.html.len());
    }
    for path in
        [format!("/audit/queries/{query}"), format!("/audit/denials/{denial}"), "/audit/events".to_owned()]
    {
        browser.get(&path).await.says("&lt;script&gt;alert(1)&lt;/script&gt;").says("\u{27e8}U+202E\u{27e9}");
    }
}
