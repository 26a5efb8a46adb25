use crate::world::{PASSWORD, World};
use axum::body::Body;
use axum::http::Request;
use server::flow::issue_token::{TokenWish, issue_token};
use server::flow::manage_person::deactivate;
use server::flow::people::find;
use time::Duration;

#[tokio::test]
async fn the_cookie_changes_with_every_right_that_is_gained() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    // Somebody else has put a cookie of theirs into this browser.
    browser.cookies.insert("__Host-portcullis".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await.is(303);
    let half = browser.session().unwrap().clone();
    assert_ne!(half, "AAAAAAAAAAAAAAAAAAAAAA");
    browser.get("/sign-in/code").await;
    let code = world.code();
    browser.submit("/sign-in/code", &[("code", &code)]).await.is(303);
    let whole = browser.session().unwrap().clone();
    assert_ne!(half, whole);
    // The old one is worth nothing, and the session is still one.
    let mut old = world.browser();
    old.cookies.insert("__Host-portcullis".to_owned(), half);
    old.get("/account").await.is(303);
    assert_eq!(world.one::<i64>("select count(*) from portcullis.sessions").await, 1);
}

#[tokio::test]
async fn the_cookie_is_not_kept_in_clear() {
    let world = World::peopled().await;
    let browser = world.signed_in().await;
    let dump: String = world.one("select to_jsonb(s)::text from portcullis.sessions as s").await;
    assert!(!dump.contains(browser.session().unwrap()), "{dump}");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    for _ in 0..3 {
        world.later(Duration::minutes(59));
        browser.get("/account").await.is(200);
    }
    world.later(Duration::minutes(60));
    browser.get("/account").await.is(303);
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    for _ in 0..15 {
        world.later(Duration::minutes(31));
        browser.get("/account").await.is(200);
    }
    world.later(Duration::minutes(31));
    browser.get("/account").await.is(303);
}

#[tokio::test]
async fn a_password_without_a_factor_is_forgotten_after_a_quarter_of_an_hour() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await.is(303);
    world.later(Duration::minutes(15));
    browser.get("/sign-in/code").await.leads_to("/sign-in");
}

async fn token(world: &World) -> String {
    let wish = TokenWish {
        person: &"margarete".parse().unwrap(),
        profile: &"analyst".parse().unwrap(),
        ttl: std::time::Duration::from_hours(1),
        actor: "test",
    };
    issue_token(&world.portcullis, &wish).await.unwrap().bearer.reveal().to_owned()
}

async fn agent(world: &World, token: &str) -> u16 {
    let request = Request::post("/mcp/sql/")
        .header("host", "db.example.com")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    let body = Body::from(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#);
    world.browser().send(request, body).await.status.as_u16()
}

#[tokio::test]
async fn signing_out_ends_the_session_and_the_tokens() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    let token = token(&world).await;
    assert_eq!(agent(&world, &token).await, 200);
    let mut thief = world.browser();
    thief.cookies = browser.cookies.clone();
    thief.get("/account").await.is(200);

    browser.get("/account").await;
    browser.get("/sign-out").await.is(405);
    browser.submit("/sign-out", &[]).await.leads_to("/signed-out");
    assert!(browser.session().is_none(), "the cookie is taken away");
    browser.get("/signed-out").await.is(200);
    browser.get("/account").await.is(303);
    thief.get("/account").await.is(303);
    assert_eq!(agent(&world, &token).await, 401);
    assert!(world.events().await.ends_with(&["sign_out".to_owned()]));
}

#[tokio::test]
async fn locking_out_holds_at_the_next_request() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    let token = token(&world).await;
    browser.get("/account").await.is(200);
    let person = find(&world.portcullis, &"margarete".parse().unwrap()).await.unwrap().unwrap();
    deactivate(&world.portcullis, &person, "test").await.unwrap();
    browser.get("/account").await.is(303);
    assert_eq!(agent(&world, &token).await, 401);
}

#[tokio::test]
async fn locking_out_in_the_table_alone_is_enough() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    world.run("update portcullis.people set active = false".to_owned()).await;
    browser.get("/account").await.is(303);
}

#[tokio::test]
async fn one_of_ones_own_sessions_can_be_ended_and_no_others() {
    let world = World::peopled().await;
    let (mut here, mut there) = (world.signed_in().await, world.signed_in().await);
    let page = here.get("/account").await.is(200);
    let ids = page.all_between("name=\"id\" value=\"", "\"");
    assert_eq!(ids.len(), 1, "this one cannot be ended from its own page");
    here.submit("/account/sessions/end", &[("id", &ids[0])]).await.leads_to("/account");
    there.get("/account").await.is(303);
    here.get("/account").await.is(200).says("That session has ended.");

    world.person("other").await;
    world.run("update portcullis.sessions set person_id = (select id from portcullis.people where username = 'other'), ended_at = null, ended_by = null where ended_at is not null".to_owned()).await;
    here.submit("/account/sessions/end", &[("id", &ids[0])]).await.is(303);
    assert_eq!(world.one::<i64>("select count(*) from portcullis.sessions where ended_at is null").await, 2);
}
