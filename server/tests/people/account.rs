use crate::world::{PASSWORD, World};
use server::flow::issue_token::{TokenWish, issue_token};

#[tokio::test]
async fn a_new_password_must_be_fit_and_ends_the_other_sessions() {
    let world = World::peopled().await;
    let (mut here, mut there) = (world.signed_in().await, world.signed_in().await);
    here.get("/account/password").await.is(200);
    for (current, new, problem) in [
        ("not the password", "harbour window eleven", "This is not your password."),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, "password1234", "guessed first"),
        (PASSWORD, "margarete-klein", "too close to your name"),
    ] {
        let answer = here.submit("/account/password", &[("current", current), ("new", new)]).await;
        let answer = answer.is(422).says(problem);
        assert!(!answer.html.contains(new), "a password is never given back");
    }
    let fields = [("current", PASSWORD), ("new", "harbour window eleven")];
    let before = here.session().cloned();
    here.submit("/account/password", &fields).await.leads_to("/account");
    assert_ne!(here.session(), before.as_ref());
    here.get("/account").await.is(200).says("every other session has ended");
    there.get("/account").await.is(303);
    assert!(world.events().await.contains(&"password_changed".to_owned()));

    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await.is(422);
    let fields = [("username", "margarete"), ("password", "harbour window eleven")];
    browser.submit("/sign-in", &fields).await.leads_to("/sign-in/code");
}

#[tokio::test]
async fn ones_own_tokens_can_be_revoked_and_no_others() {
    let world = World::peopled().await;
    world.person("other").await;
    let mut ids = Vec::new();
    for person in ["margarete", "other"] {
        let wish = TokenWish {
            person: &person.parse().unwrap(),
            profile: &"analyst".parse().unwrap(),
            ttl: std::time::Duration::from_hours(1),
            actor: "test",
        };
        ids.push(issue_token(&world.portcullis, &wish).await.unwrap().id.to_string());
    }
    let mut browser = world.signed_in().await;
    browser.get("/account").await.is(200).says("command line").says(&ids[0]);
    for id in &ids {
        browser.submit("/account/tokens/revoke", &[("id", id)]).await.leads_to("/account");
    }
    let living: String = world.one("select id::text from portcullis.tokens where revoked_at is null").await;
    assert_eq!(living, ids[1]);
}
