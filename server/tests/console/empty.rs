//! The first day: nobody has asked anything.

use crate::world::World;

#[tokio::test]
async fn every_page_is_there_before_anybody_asked() {
    let (_world, mut browser) = World::watched().await;
    for (path, says) in [
        ("/?window=1h", "No agent has asked anything in this time"),
        ("/", "Nothing was refused yet"),
        ("/?window=7d", "Nothing in this time"),
        ("/audit/queries", "No agent has asked anything yet"),
        ("/audit/queries?words=select", "No call fits"),
        ("/audit/denials", "Nobody was turned away"),
        ("/audit/events", "sign in"),
        ("/usage?window=1h", "No agent has read anything in this time"),
        ("/usage?window=24h", "No agent has read anything in this time"),
        ("/usage?window=7d", "No agent has read anything in this time"),
        ("/usage/margarete", "No call yet"),
        ("/audit/queries/export.csv", "id,at,request_id,"),
    ] {
        browser.get(path).await.is(200).says(says);
    }
    let nothing = browser.get("/audit/queries/export.ndjson").await.is(200);
    assert_eq!(nothing.html, "");
}
