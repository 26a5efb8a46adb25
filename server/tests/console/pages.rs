//! The way through a long list.

use crate::record::{leading, listed};
use crate::world::World;
use uuid::Uuid;

const ENOUGH_BYTES: usize = 60 << 10;

#[tokio::test]
async fn a_list_is_walked_through_in_both_directions() {
    let (world, mut browser) = World::watched().await;
    let sql = format!("select id from orders where note = '{}'", "ä <b> ".repeat(2_000));
    let made = world.make_many(130, &sql).await;
    world.index().await;
    let first = "/audit/queries?person=margarete&words=note";
    let (mut older, mut path, mut pages) = (Vec::new(), first.to_owned(), Vec::new());
    loop {
        let answer = browser.get(&path).await.is(200);
        assert!(answer.html.len() < ENOUGH_BYTES, "{} bytes", answer.html.len());
        older.extend(listed(&answer, "/audit/queries"));
        pages.push(listed(&answer, "/audit/queries"));
        let Some(next) = leading(&answer, "next") else { break };
        assert!(next.contains("person=margarete&words=note&before="), "{next}");
        path = next;
    }
    assert_eq!((older, pages.len()), (made, 3));
    for page in pages.iter().rev().skip(1) {
        path = leading(&browser.get(&path).await, "prev").expect("there is a newer page");
        assert!(path.contains("person=margarete&words=note&after="), "{path}");
        assert_eq!(listed(&browser.get(&path).await.is(200), "/audit/queries"), *page);
    }
    assert_eq!(leading(&browser.get(&path).await, "prev"), None, "nothing is newer");
}

#[tokio::test]
async fn denials_and_events_have_pages() {
    let (world, mut browser) = World::watched().await;
    for n in 0..60 {
        world.deny(world.now() - time::Duration::seconds(n), "margarete", "no_perm", "Claude Code").await;
        let sql = "insert into portcullis.events values (gen_random_uuid(), now(), 'sign_in', 'margarete', null, 'x', '{}')";
        world.run(sql.to_owned()).await;
    }
    for list in ["denials", "events"] {
        let first = browser.get(&format!("/audit/{list}")).await.is(200);
        let second = browser.get(&leading(&first, "next").unwrap()).await.is(200);
        let again = browser.get(&leading(&second, "prev").unwrap()).await.is(200);
        let body =
            |html: &str| html.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0.to_owned();
        assert_eq!(body(&again.html), body(&first.html), "{list}");
        assert_ne!(body(&second.html), body(&first.html), "{list}");
        assert!(first.html.len() < ENOUGH_BYTES, "{list}: {} bytes", first.html.len());
    }
}

#[tokio::test]
async fn a_place_that_is_none_is_said() {
    let (_world, mut browser) = World::watched().await;
    for list in ["queries", "denials", "events"] {
        browser
            .get(&format!("/audit/{list}?before=x"))
            .await
            .is(422)
            .says("There is no such place in the list");
        let id = Uuid::nil();
        browser.get(&format!("/audit/{list}?before={id}&after={id}")).await.is(422);
        let end = browser.get(&format!("/audit/{list}?before={id}")).await.is(200);
        end.says(&format!("<a href=\"/audit/{list}\" class=\"button\">Newest</a>"));
    }
}
