//! Lists that are narrowed, and filters that cannot be.

use crate::record::{CLIENT, Call, listed, read};
use crate::world::World;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn each_filter_narrows_the_calls() {
    let (world, mut browser) = World::watched().await;
    world.person("grace").await;
    let at = world.now() - Duration::hours(2);
    let plain = Call::at(at);
    let late = Call::at(at + Duration::hours(1));
    let other = Uuid::from_u128(0x9001);
    let refused = Call { decision: "refused", reason: Some("select_star"), ..plain.clone() };
    let base = world.make(&plain).await;
    let cases = [
        ("person=grace", Call { person: "grace", ..plain.clone() }),
        ("profile=support", Call { profile: "support", ..plain.clone() }),
        ("client=VS+Code", Call { client: "VS Code", ..plain.clone() }),
        (&format!("client={other}"), Call { client_id: other, ..plain.clone() }),
        ("tool=list_tables", Call { tool: "list_tables", sql: None, ..plain.clone() }),
        ("decision=refused&reason=select_star", refused),
        ("decision=failed", Call { decision: "failed", reason: Some("timeout"), ..plain.clone() }),
        ("relation=public.customers", Call { relation: "public.customers", ..plain.clone() }),
        ("from=2026-03-02T07:30", late.clone()),
        ("words=zebra", Call { sql: Some("select zebra from orders"), ..plain.clone() }),
    ];
    let mut made = Vec::new();
    for (_, call) in &cases {
        made.push(world.make(call).await);
    }
    let all = listed(&browser.get("/audit/queries").await.is(200), "/audit/queries");
    assert_eq!(all.len(), made.len() + 1);
    for ((query, _), id) in cases.iter().zip(made) {
        let answer = browser.get(&format!("/audit/queries?{query}")).await.is(200);
        assert_eq!(listed(&answer, "/audit/queries"), [id], "{query}");
        assert_eq!(
            answer.all_between("aria-label=\"Remove the filter", "\"").len(),
            query.split('&').count()
        );
    }
    let before = browser.get("/audit/queries?until=2026-03-02T07:30&decision=allowed&words=newest").await;
    assert!(listed(&before, "/audit/queries").contains(&base));
    let none = browser.get(&format!("/audit/queries?client={CLIENT}&person=grace&tool=list_tables")).await;
    assert!(listed(&none.is(200).says("No call fits"), "/audit/queries").is_empty());
}

#[tokio::test]
async fn what_cannot_be_looked_for_is_said_at_its_field() {
    let (world, mut browser) = World::watched().await;
    world.make(&Call::at(world.now())).await;
    for (path, query, message) in [
        ("queries", "person=nobody", "There is no person `nobody`."),
        ("queries", "person=No+Body", "There is no person `No Body`."),
        ("queries", "person=margarete&person=grace", "This is given more than once."),
        ("queries", "profile=No+Name", "`No Name` is no profile name"),
        ("queries", "tool=drop_table", "There is no tool `drop_table`."),
        ("queries", "decision=banana", "There is no decision `banana`."),
        ("queries", "reason=banana", "There is no reason `banana`."),
        ("queries", "relation=orders", "`orders` lacks its schema"),
        ("queries", "from=yesterday", "`yesterday` is no date and time"),
        ("queries", "from=2026-03-02T08:00&until=2026-03-02T08:00", "This is not after the beginning."),
        ("queries", "words=---", "There is no word in `---`."),
        ("queries", "words=a%00b", "This holds a character that is in no text."),
        ("queries", "client=a%00b", "This holds a character that is in no text."),
        ("denials", "person=nobody", "There is no person `nobody`."),
        ("denials", "reason=banana", "There is no reason `banana`."),
        ("denials", "until=9", "`9` is no date and time"),
        ("events", "kind=banana", "There is no kind `banana`."),
        ("events", "person=nobody", "There is no person `nobody`."),
        ("events", "actor=%00", "This holds a character that is in no text."),
    ] {
        let kept = if path == "events" { "actor=kept" } else { "client=kept" };
        let kept =
            if query.contains(kept.split('=').next().unwrap()) { "from=2026-01-01T00:00" } else { kept };
        let answer = browser.get(&format!("/audit/{path}?{kept}&{query}")).await.is(422);
        assert!(read(&answer).contains(message), "{message}: {}", answer.html);
        let answer = answer.says("Nothing was looked for").says("aria-invalid=\"true\"");
        let (_, value) = kept.split_once('=').unwrap();
        assert!(
            answer.html.contains(&format!("value=\"{value}\"")),
            "{query}: {kept} is lost: {}",
            answer.html
        );
        assert!(listed(&answer, &format!("/audit/{path}")).is_empty(), "{query}");
    }
}

#[tokio::test]
async fn what_was_typed_stays_in_its_field() {
    let (_world, mut browser) = World::watched().await;
    let query = "person=x%22%3E%3Cb%3E&tool=drop+table&words=%26amp%3B";
    let answer = browser.get(&format!("/audit/queries?{query}")).await.is(422);
    let answer = answer.says("value=\"x&quot;&gt;&lt;b&gt;\"").says("value=\"&amp;amp;\"");
    let answer = answer.says("<option value=\"drop table\" selected>drop table</option>");
    assert!(!answer.html.contains("<b>"), "{}", answer.html);
}

#[tokio::test]
async fn denials_and_events_are_narrowed_too() {
    let (world, mut browser) = World::watched().await;
    world.person("grace").await;
    let at = world.now() - Duration::minutes(5);
    let one = world.deny(at, "margarete", "no_perm", "Claude Code").await;
    let other = world.deny(world.now(), "grace", "paused", "VS Code").await;
    for (query, ids) in [
        ("", vec![other, one]),
        ("?person=grace", vec![other]),
        ("?reason=no_perm", vec![one]),
        ("?client=VS+Code", vec![other]),
        ("?until=2026-03-02T08:58", vec![one]),
    ] {
        let answer = browser.get(&format!("/audit/denials{query}")).await.is(200);
        assert_eq!(listed(&answer, "/audit/denials"), ids, "{query}");
    }
    for (query, kinds) in [
        ("?kind=sign_in", vec!["sign in"]),
        ("?person=grace", vec!["person created", "profile assigned"]),
        ("?actor=margarete&until=2026-03-02T08:00", vec![]),
    ] {
        let answer = browser.get(&format!("/audit/events{query}")).await.is(200);
        let body = answer.html.split_once("<tbody>").map_or("", |(_, body)| body);
        let mut shown: Vec<&str> = body
            .split("<span class=\"chip")
            .skip(1)
            .map(|rest| rest.split_once('>').unwrap().1.split_once('<').unwrap().0)
            .collect();
        // Several may happen within one moment.
        shown.sort_unstable();
        assert_eq!(shown, kinds, "{query}");
    }
}

#[tokio::test]
async fn moments_are_typed_and_told_by_the_clock_of_whoever_looks() {
    let (world, mut browser) = World::watched().await;
    let id = world.make(&Call::at(world.now() - Duration::days(10))).await;
    world.run("update portcullis.people set time_zone = 'America/New_York'".to_owned()).await;
    // Nine o'clock in Greenwich is four in New York.
    let answer = browser.get("/audit/queries?from=2026-02-20T04:00&until=2026-02-20T04:01").await.is(200);
    assert_eq!(listed(&answer, "/audit/queries"), [id]);
    answer.says("datetime=\"2026-02-20T09:00:30Z\"").says("2026-02-20 04:00:30");
    let answer = browser.get("/audit/queries?from=2026-02-20T04:01").await.is(200);
    assert!(listed(&answer, "/audit/queries").is_empty());
}
