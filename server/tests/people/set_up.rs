use crate::world::{PASSWORD, World};
use server::flow::set_up::make_link;
use time::Duration;

const FIELDS: [(&str, &str); 4] =
    [("username", "root"), ("display_name", "Root"), ("email", "Root@example.com"), ("password", PASSWORD)];

#[tokio::test]
async fn the_link_makes_one_administrator_once() {
    let world = World::empty().await;
    let old = make_link(&world.portcullis, "test").await.unwrap();
    let secret = make_link(&world.portcullis, "test").await.unwrap();
    let path = format!("/setup/{secret}");
    let mut browser = world.browser();
    browser.get(&format!("/setup/{old}")).await.is(404);
    browser.get("/setup/AAAA").await.is(404);
    browser.get(&path).await.is(200);
    let mut bad = FIELDS;
    bad[3].1 = "password1234";
    browser.submit(&path, &bad).await.is(422).says("guessed first").says("value=\"root\"");
    bad[2].1 = "nowhere";
    bad[3].1 = PASSWORD;
    browser.submit(&path, &bad).await.is(422).says("is no e-mail address");
    browser.submit(&path, &FIELDS).await.leads_to("/sign-in/enrol");
    browser.get("/sign-in/enrol").await.is(200).says("root");
    browser.get("/account").await.is(303);

    let mut second = world.browser();
    second.get(&path).await.is(404);
    second.get("/sign-in").await;
    second.submit(&path, &FIELDS).await.is(404);
    assert!(
        world
            .one::<bool>("select admin and staff and email = 'root@example.com' from portcullis.people")
            .await
    );
    let kept: Vec<u8> =
        world.one("select hash from portcullis.setup_links where used_at is not null limit 1").await;
    assert_eq!(kept.len(), 32);
}

#[tokio::test]
async fn the_link_is_good_for_an_hour_and_while_nobody_is_known() {
    let world = World::empty().await;
    let secret = make_link(&world.portcullis, "test").await.unwrap();
    let path = format!("/setup/{secret}");
    let mut browser = world.browser();
    browser.get(&path).await.is(200);
    world.later(Duration::hours(1));
    browser.submit(&path, &FIELDS).await.is(404);

    let secret = make_link(&world.portcullis, "test").await.unwrap();
    let path = format!("/setup/{secret}");
    browser.get(&path).await.is(200);
    world.person("margarete").await;
    browser.submit(&path, &FIELDS).await.is(404);
}
