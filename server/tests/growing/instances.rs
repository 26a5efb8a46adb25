//! Three programs on one store, as behind a balancer that sends every request to another one.

use crate::process::Served;
use crate::web::{Answer, Browser, call, query, rows, send};
use crate::world::{World, until};
use hyper::{Request, StatusCode};
use serde_json::json;
use sqlx::AssertSqlSafe;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const CALLBACK: &str = "http://127.0.0.1:54321/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const ORDERS: &str = "select count(*) from orders where id < 0";
const SLOW: &str =
    "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";

fn three(world: &World, more: &str) -> ([Served; 3], [SocketAddr; 3]) {
    let text = format!("{}\n{more}", world.text);
    let programs = [0; 3].map(|_| world.serve(&text));
    let places = [&programs[0], &programs[1], &programs[2]].map(|program| program.address);
    (programs, places)
}

async fn form(to: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let answer = send(to, request, form).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer
}

async fn register(to: SocketAddr) -> String {
    let metadata = json!({ "client_name": "Claude Code", "redirect_uris": ["http://127.0.0.1/callback"] });
    let request = Request::post("/o/register").header("content-type", "application/json");
    let answer = send(to, request, metadata.to_string()).await.unwrap();
    answer.json()["client_id"].as_str().unwrap().to_owned()
}

/// Asks at one place, and approves at another; the code.
async fn consent(browser: &mut Browser, ask: SocketAddr, approve: SocketAddr, client: &str) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "s"),
        ("scope", "mcp:sql"),
        ("resource", "http://127.0.0.1:8700/mcp/sql/"),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let path = format!("/o/authorize?{query}");
    let page = browser.get(ask, &path).await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    let kept = page.body.split("name=\"keep\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut fields = vec![("decision", "approve"), ("profile", "analyst")];
    fields.extend(kept.map(|field| ("keep", field)));
    let answer = browser.submit(approve, &path, &fields).await;
    let onward = answer.between("http-equiv=\"refresh\" content=\"0; url=", "\"").replace("&amp;", "&");
    let onward: url::Url = onward.parse().unwrap();
    onward.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn what_one_instance_begins_another_goes_on_with() {
    let world = World::new().await;
    world.person("ada").await;
    let (_programs, [one, two, three]) = three(&world, "");

    // Each step of the sign-in, the registration, the consent and the exchange elsewhere.
    let mut browser = world.sign_in("ada", &[one, two, three]).await;
    let client = register(one).await;
    let code = consent(&mut browser, two, three, &client).await;
    let exchange = [
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ];
    let tokens = form(one, "/o/token", &exchange).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    for place in [one, two, three] {
        assert_eq!(rows(&query(place, token, ORDERS).await), json!([[0]]));
    }

    // What one of them revokes, none of them lets in again.
    form(two, "/o/revoke", &[("token", token), ("client_id", &client)]).await;
    for place in [one, two, three] {
        assert_eq!(call(place, token, ORDERS).await.unwrap().status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(world.count("attempts").await, 3);
}

#[tokio::test]
async fn what_is_counted_adds_up_and_what_goes_on_beside_is_done_once() {
    let world = World::new().await;
    world.person("ada").await;
    let throttle = "[throttle]\nsign_in = { attempts = 3, address_attempts = 30, window = \"1h\", longest_delay = \"5m\" }\n\
                    [alerts]\nallowed = { 1h = 8 }";
    let (_programs, places) = three(&world, throttle);
    let token = world.token("ada", "analyst").await;
    for place in places {
        for _ in 0..3 {
            query(place, &token, ORDERS).await;
        }
    }
    // No instance saw as many as are too many.
    let alerts = "alerts where kind = 'usage'";
    until("the alert is raised", async || world.count(alerts).await > 0).await;
    let indexed = "select coalesce(sum(calls), 0)::bigint from portcullis.usage_by_hour";
    until("all calls are summed up", async || sum(&world, indexed).await == 9).await;
    // Everybody has looked by now, and each looks every five seconds.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(world.count(alerts).await, 1, "three instances raise one alert");
    assert_eq!(sum(&world, indexed).await, 9, "three instances count a call once");

    let guess = async |place| {
        let mut browser = Browser::default();
        browser.get(place, "/sign-in").await;
        browser
            .submit(place, "/sign-in", &[("username", "ada"), ("password", "wrong wrong wrong")])
            .await
            .status
    };
    for place in places {
        assert_eq!(guess(place).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(
        guess(places[0]).await,
        StatusCode::TOO_MANY_REQUESTS,
        "three guesses at three places are three"
    );
}

async fn sum(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&world.store).await.unwrap()
}

#[tokio::test]
async fn a_pause_at_one_instance_stops_what_another_reads() {
    let world = World::new().await;
    for person in ["ada", "grace"] {
        world.person(person).await;
    }
    let (_programs, [one, two, three]) = three(&world, "");
    let token = world.token("grace", "analyst").await;
    let mut browser = world.sign_in("ada", &[one]).await;
    browser.get(one, "/people/grace").await;
    let slow = tokio::spawn({
        let token = token.clone();
        async move { (query(two, &token, SLOW).await, Instant::now()) }
    });
    let reading = "select count(*) from pg_stat_activity where state = 'active' \
                   and application_name like 'portcullis % grace %' and query like '%order_items%'";
    until("the statement runs", async || sum(&world, reading).await > 0).await;
    let answer = browser.submit(one, "/people/grace/pause", &[]).await;
    let paused = Instant::now();
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    let (told, stopped) = slow.await.unwrap();
    assert_eq!(told["rejection_reason"], "cancelled", "{told}");
    // Within a second, and as much again for a busy machine; the statement itself would take five.
    let took = stopped.saturating_duration_since(paused);
    assert!(took < Duration::from_secs(2), "it ran on for {took:?}");
    assert_eq!(call(three, &token, ORDERS).await.unwrap().status, StatusCode::UNAUTHORIZED);
}
