//! Pages that stop early, and pages that stay what they were.

use crate::world::{Made, World};
use server::flow::review_calls::{LINES, Look, review_calls};
use server::model::review::CallFilter;
use std::time::Duration as Patience;
use time::Duration;
use uuid::Uuid;

#[tokio::test]
async fn a_search_that_stopped_goes_on_where_it_stopped() {
    let world = World::new().await;
    world.chance(9_000).await;
    world.index().await;
    for filter in [
        CallFilter { text: Some("note_12_11".to_owned()), ..CallFilter::default() },
        CallFilter {
            reason: Some("timeout".to_owned()),
            tool: Some("list_tables".to_owned()),
            ..CallFilter::default()
        },
    ] {
        let whole: Vec<Uuid> = {
            let calls = world.look(&filter, None).await;
            assert!(calls.page.lines.len() < LINES, "{} are too many for this test", calls.page.lines.len());
            calls.page.lines.iter().map(|line| line.id).collect()
        };
        assert!(!whole.is_empty());
        let (mut found, mut place, mut stops) = (Vec::new(), None, 0);
        loop {
            let look = Look { place, patience: Patience::ZERO };
            let page = review_calls(&world.house.portcullis, &filter, look).await.unwrap().page;
            found.extend(page.lines.iter().map(|line| line.id));
            stops += usize::from(page.stopped_at.is_some());
            let Some(older) = page.older else { break };
            place = Some(older);
        }
        assert_eq!(found, whole);
        assert!(stops > 0, "it never stopped early");
    }
}

#[tokio::test]
async fn a_page_stays_the_same_while_calls_come_in() {
    let world = World::new().await;
    world.chance(300).await;
    world.later(Duration::minutes(11));
    world.index().await;
    let first = world.look(&CallFilter::default(), None).await.page;
    let second = world.look(&CallFilter::default(), first.older).await.page;
    world.later(Duration::seconds(5));
    let made = Made { at: world.now(), sql: None, tool: "list_tables", outcome: Some(("allowed", None)) };
    let new = world.make(&made).await;
    assert_eq!(world.look(&CallFilter::default(), first.older).await.page.lines, second.lines);
    // From the second page back there is one more call than the first page held.
    let back = world.look(&CallFilter::default(), second.newer).await.page;
    assert_eq!(back.lines, first.lines);
    let newest = world.look(&CallFilter::default(), back.newer).await.page;
    assert_eq!((newest.lines.len(), newest.lines[0].id, newest.newer), (LINES, new, None));
}
