//! What views know of a person, as an administrator writes it down on their page.

use crate::browser::{Answer, Browser};
use crate::world::World;
use serde_json::{Value, json};

async fn administrator() -> (World, Browser) {
    let world = World::peopled().await;
    world.person("grace").await;
    world.run("update portcullis.people set admin = true where username = 'margarete'".to_owned()).await;
    let browser = world.signed_in().await;
    (world, browser)
}

/// Sends the form of the page, and gives the page that it leads back to.
async fn set(browser: &mut Browser, name: &str, value: &str) -> Answer {
    browser.get("/people/grace").await.is(200).says("What views know of them");
    let fields = [("name", name), ("value", value)];
    browser.submit("/people/grace/attribute", &fields).await.leads_to("/people/grace");
    browser.get("/people/grace").await.is(200)
}

#[tokio::test]
async fn attributes_are_set_changed_and_taken_away_on_record() {
    let (world, mut browser) = administrator().await;
    browser.get("/people/grace").await.is(200).says("Nothing beside name, address and profile.");
    let page = set(&mut browser, "region", " emea ").await.says("views know it from the next call on.");
    assert!(page.html.replace("<!>", "").contains("<code>region</code> = emea"), "{}", page.html);
    let page = set(&mut browser, "region", "apac & <b>").await;
    assert!(
        page.html.replace("<!>", "").contains("<code>region</code> = apac &amp; &lt;b&gt;"),
        "{}",
        page.html
    );
    set(&mut browser, "region", "apac & <b>").await.says("Nothing had to change");
    set(&mut browser, "region", "").await.says("Nothing beside name, address and profile.");

    let recorded: Vec<(String, String, Value)> = sqlx::query_as(
        "select actor, subject, detail from portcullis.events where kind = 'attributes_changed' order by ctid",
    )
    .fetch_all(&mut world.store().await)
    .await
    .unwrap();
    let detail = |before: Value, now: Value| {
        ("margarete".to_owned(), "grace".to_owned(), json!({ "before": before, "now": now }))
    };
    assert_eq!(
        recorded,
        [
            detail(json!({}), json!({ "region": "emea" })),
            detail(json!({ "region": "emea" }), json!({ "region": "apac & <b>" })),
            detail(json!({ "region": "apac & <b>" }), json!({})),
        ]
    );
}

#[tokio::test]
async fn what_is_no_attribute_is_told_and_changes_nothing() {
    let (world, mut browser) = administrator().await;
    set(&mut browser, "region", "emea").await;
    for (name, value, why) in [
        ("Region", "emea", "is no name of an attribute"),
        ("", "emea", "is no name of an attribute"),
        ("region", &"x".repeat(257), "is longer than 256 bytes"),
        ("region", "em\nea", "holds a control character"),
    ] {
        set(&mut browser, name, value).await.says(why);
    }
    let known: Value = world.one("select attributes from portcullis.people where username = 'grace'").await;
    assert_eq!(known, json!({ "region": "emea" }));
}

#[tokio::test]
async fn nobody_but_an_administrator_sets_them() {
    let (world, mut browser) = administrator().await;
    browser.get("/people/grace").await.is(200);
    world.run("update portcullis.people set admin = false where username = 'margarete'".to_owned()).await;
    let fields = [("name", "region"), ("value", "emea")];
    browser.submit("/people/grace/attribute", &fields).await.is(404);
    browser.csrf = "another".to_owned();
    world.run("update portcullis.people set admin = true where username = 'margarete'".to_owned()).await;
    browser.submit("/people/grace/attribute", &fields).await.is(403);
    let known: Value = world.one("select attributes from portcullis.people where username = 'grace'").await;
    assert_eq!(known, json!({}));
}
