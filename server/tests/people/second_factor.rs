use crate::browser::Browser;
use crate::world::{PASSWORD, World};
use server::flow::enrol_factor::renew_codes;
use server::flow::people::find;
use time::Duration;

/// A browser that has shown the password.
async fn half_way(world: &World) -> Browser {
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser
        .submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)])
        .await
        .leads_to("/sign-in/code");
    browser.get("/sign-in/code").await.is(200);
    browser
}

#[tokio::test]
async fn a_code_is_good_once() {
    let world = World::peopled().await;
    let code = world.code();
    half_way(&world).await.submit("/sign-in/code", &[("code", &code)]).await.leads_to("/account");
    let mut second = half_way(&world).await;
    second.submit("/sign-in/code", &[("code", &code)]).await.is(422).says("This code was used before.");
    second.get("/account").await.is(303);
    // Nor is an older one good after a newer one.
    let newer = world.fresh_code();
    second.get("/sign-in/code").await;
    second.submit("/sign-in/code", &[("code", &newer)]).await.leads_to("/account");
    let older = world.secret.code(world.now() - Duration::seconds(30)).unwrap();
    half_way(&world).await.submit("/sign-in/code", &[("code", &older)]).await.is(422);
}

#[tokio::test]
async fn of_two_who_show_the_same_code_at_once_one_is_let_in() {
    let world = World::peopled().await;
    let (mut first, mut second) = (half_way(&world).await, half_way(&world).await);
    let code = world.code();
    let fields = [("code", code.as_str())];
    let (first, second) =
        tokio::join!(first.submit("/sign-in/code", &fields), second.submit("/sign-in/code", &fields));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[tokio::test]
async fn a_clock_may_be_wrong_by_one_step() {
    let world = World::peopled().await;
    for (off, status) in [(-60, 422), (60, 422), (-30, 303), (30, 303)] {
        let mut browser = half_way(&world).await;
        let code = world.secret.code(world.now() + Duration::seconds(off)).unwrap();
        browser.submit("/sign-in/code", &[("code", &code)]).await.is(status);
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_for_its_person() {
    let world = World::peopled().await;
    let person = find(&world.portcullis, &"margarete".parse().unwrap()).await.unwrap().unwrap();
    let codes = renew_codes(&world.portcullis, &person).await.unwrap();
    assert_eq!(codes.len(), 10);
    let code = codes[3].reveal();

    let mut browser = half_way(&world).await;
    browser.get("/sign-in/recovery").await.is(200);
    let sloppy = code.to_uppercase().replace('-', " ");
    browser.submit("/sign-in/recovery", &[("code", &sloppy)]).await.leads_to("/account");
    browser.get("/account").await.is(200).says("9 left");

    let mut again = half_way(&world).await;
    again.submit("/sign-in/recovery", &[("code", &code)]).await.is(422).says("none of your recovery codes");
    assert!(world.events().await.contains(&"recovery_code_used".to_owned()));

    // New codes make the old ones worthless.
    renew_codes(&world.portcullis, &person).await.unwrap();
    again.submit("/sign-in/recovery", &[("code", &codes[4].reveal())]).await.is(422);
}

#[tokio::test]
async fn secrets_and_codes_are_not_kept_in_clear() {
    let world = World::peopled().await;
    let person = find(&world.portcullis, &"margarete".parse().unwrap()).await.unwrap().unwrap();
    renew_codes(&world.portcullis, &person).await.unwrap();
    let secret: Vec<u8> = world.one("select secret from portcullis.factors").await;
    assert!(!secret.windows(20).any(|window| window == world.secret.as_bytes()));
    let length: i32 = world.one("select max(length(hash)) from portcullis.recovery_codes").await;
    assert_eq!(length, 32);
}

#[tokio::test]
async fn a_dangerous_act_asks_for_the_factor_again_after_five_minutes() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    browser.get("/account/recovery-codes").await.is(200);
    world.later(Duration::minutes(5));
    browser.get("/account/recovery-codes").await.leads_to("/sign-in/again?next=%2Faccount%2Frecovery-codes");
    browser
        .submit("/account/recovery-codes", &[])
        .await
        .leads_to("/sign-in/again?next=%2Faccount%2Frecovery-codes");
    browser.get("/sign-in/again?next=%2Faccount%2Frecovery-codes").await.is(200);
    let before = browser.session().unwrap().clone();
    let code = world.fresh_code();
    browser
        .submit("/sign-in/again", &[("code", &code), ("next", "/account/recovery-codes")])
        .await
        .leads_to("/account/recovery-codes");
    assert_ne!(browser.session(), Some(&before), "a gain of rights changes the cookie");
    browser.get("/account/recovery-codes").await.is(200);
    let shown = browser.submit("/account/recovery-codes", &[]).await.is(200);
    assert_eq!(shown.all_between("<li><code>", "</code>").len(), 10);
}
