//! The authorization server from outside: whole flows through the router on a real PostgreSQL, with an independent client.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::type_complexity,
    reason = "a test fails by panicking"
)]

mod support;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, PkceCodeChallenge,
    RedirectUrl, Scope, TokenResponse, TokenUrl,
};
use serde_json::{Value, json};
use server::fetch::{Fetch, NotFetched};
use server::model::clock::Clock;
use server::model::document::Fetched;
use server::wiring::Surroundings;
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use support::{Answer, House, request};
use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

const ISSUER: &str = "http://127.0.0.1:8700";
const CALLBACK: &str = "http://127.0.0.1:54321/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A program in a world of our making: we say what time it is, and what the internet holds.
struct World {
    house: House,
    seconds: Arc<AtomicI64>,
    documents: Arc<Mutex<HashMap<String, Fetched>>>,
    fetches: Arc<AtomicUsize>,
}

impl std::ops::Deref for World {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

/// Somebody's browser, signed in.
struct Browser<'a> {
    world: &'a World,
    cookie: String,
}

impl World {
    async fn new() -> Self {
        Self::with(|text| text).await
    }

    async fn with(change: impl FnOnce(String) -> String) -> Self {
        let seconds = Arc::new(AtomicI64::new(0));
        let documents = Arc::new(Mutex::new(HashMap::<String, Fetched>::new()));
        let fetches = Arc::new(AtomicUsize::new(0));
        let (clock, world, count) = (Arc::clone(&seconds), Arc::clone(&documents), Arc::clone(&fetches));
        let surroundings = Surroundings {
            clock: Clock::of(move || {
                Clock::system().now() + Duration::seconds(clock.load(Ordering::Relaxed))
            }),
            fetch: Fetch::of(move |url| {
                count.fetch_add(1, Ordering::Relaxed);
                let found = world.lock().unwrap().get(url.as_str()).cloned();
                Box::pin(async move { found.ok_or(NotFetched::Status(404)) })
            }),
            ..Surroundings::system()
        };
        let house = House::built(change, surroundings).await;
        let world = Self { house, seconds, documents, fetches };
        world.enrol("demo").await;
        world
    }

    fn now(&self) -> OffsetDateTime {
        Clock::system().now() + Duration::seconds(self.seconds.load(Ordering::Relaxed))
    }

    fn pass(&self, time: Duration) {
        self.seconds.fetch_add(time.whole_seconds(), Ordering::Relaxed);
    }

    async fn say(&self, sql: impl Into<String>) {
        sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&self.store).await.unwrap();
    }

    async fn id_of(&self, username: &str) -> Uuid {
        sqlx::query_scalar("select id from portcullis.people where username = $1")
            .bind(username)
            .fetch_one(&self.store)
            .await
            .unwrap()
    }

    async fn enrol(&self, username: &str) {
        self.say(format!(
            "insert into portcullis.factors (person_id, key_id, secret, last_step, confirmed_at)
             select id, 'x', '\\x00', 0, now() from portcullis.people where username = '{username}'"
        ))
        .await;
    }

    /// The demo person, signed in, with these profiles.
    async fn browser(&self, profiles: &[&str]) -> Browser<'_> {
        let list = profiles.join("', '");
        self.say(format!(
            "update portcullis.assignments set ended_at = now(), ended_by = 'test' where profile not in ('{list}')"
        ))
        .await;
        self.browser_of("demo").await
    }

    async fn browser_of(&self, username: &str) -> Browser<'_> {
        let cookie = tower_sessions::session::Id::default().to_string();
        sqlx::query(
            "insert into portcullis.sessions (id, hash, person_id, began_at, seen_at, signed_in_at, proven_at)
             values ($1, $2, $3, $4, $4, $4, $4)",
        )
        .bind(Uuid::new_v4())
        .bind(Sha256::digest(cookie.as_bytes()).to_vec())
        .bind(self.id_of(username).await)
        .bind(self.now())
        .execute(&self.store)
        .await
        .unwrap();
        Browser { world: self, cookie: format!("portcullis={cookie}") }
    }

    async fn register(&self, metadata: Value) -> Answer {
        self.register_from("192.0.2.1", metadata).await
    }

    async fn register_from(&self, ip: &str, metadata: Value) -> Answer {
        let mut request = Request::post("/o/register")
            .header("content-type", "application/json")
            .body(Body::from(metadata.to_string()))
            .unwrap();
        let address = SocketAddr::new(ip.parse().unwrap(), 1);
        request.extensions_mut().insert(ConnectInfo(address));
        self.send(request).await
    }

    /// A client that registered itself.
    async fn client(&self) -> String {
        let metadata =
            json!({ "client_name": "Claude Code", "redirect_uris": ["http://127.0.0.1/callback"] });
        self.register(metadata).await.json()["client_id"].as_str().unwrap().to_owned()
    }

    async fn token(&self, form: &[(&str, &str)]) -> Answer {
        self.form("/o/token", form).await
    }

    async fn form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    async fn exchange(&self, client: &str, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ])
        .await
    }

    async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)]).await
    }

    async fn ping(&self, token: &str) -> StatusCode {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        self.post(token, body).await.status
    }

    async fn denials(&self) -> Vec<String> {
        sqlx::query_scalar("select reason from portcullis.denials order by id")
            .fetch_all(&self.store)
            .await
            .unwrap()
    }

    async fn events(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select count(*) from portcullis.events where kind = $1")
            .bind(kind)
            .fetch_one(&self.store)
            .await
            .unwrap()
    }
}

/// An authorization request with everything that one should have, but for what is changed.
fn asking(client: &str, changes: &[(&str, Option<&str>)]) -> String {
    let mut parameters: Vec<(&str, &str)> = vec![
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "s t&a=te"),
        ("scope", "mcp:sql"),
        ("resource", "http://127.0.0.1:8700/mcp/sql/"),
    ];
    for (name, value) in changes {
        parameters.retain(|(other, _)| other != name);
        parameters.extend(value.map(|value| (*name, value)));
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/o/authorize?{query}")
}

impl Browser<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.world.send(Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", "null")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.world.send(request).await
    }

    /// Opens the page and presses a button; everything on it stays as it is, but for what is left out.
    async fn decide(&self, path: &str, decision: &str, profile: &str, left_out: &[&str]) -> Answer {
        let page = self.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let csrf = between(&page.body, "name=\"csrf\" value=\"", "\"");
        let mut form = vec![("csrf", csrf), ("decision", decision), ("profile", profile)];
        let fields: Vec<&str> = page
            .body
            .split("name=\"keep\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        form.extend(
            fields
                .iter()
                .filter(|field| !left_out.iter().any(|out| field.ends_with(out)))
                .map(|field| ("keep", *field)),
        );
        self.post(path, &form).await
    }

    /// Approves, and brings the code that the client gets.
    async fn code(&self, path: &str, profile: &str) -> String {
        let answer = self.decide(path, "approve", profile, &[]).await;
        parameters(&onward(&answer))["code"].clone()
    }

    /// Everything from the consent to a token.
    async fn tokens(&self, client: &str, profile: &str) -> Value {
        let code = self.code(&asking(client, &[]), profile).await;
        let answer = self.world.exchange(client, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}")).1.split_once(after).unwrap().0
}

/// Where the page after the decision leads.
fn onward(answer: &Answer) -> Url {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let to = between(&answer.body, "http-equiv=\"refresh\" content=\"0; url=", "\"").replace("&amp;", "&");
    assert_eq!(
        between(&answer.body, "<a href=\"http", "\"").replace("&amp;", "&"),
        to.strip_prefix("http").unwrap()
    );
    to.parse().unwrap()
}

fn redirected(answer: &Answer) -> Url {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").parse().unwrap()
}

fn parameters(url: &Url) -> HashMap<String, String> {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let map: HashMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "a parameter is there twice: {url}");
    map
}

#[tokio::test]
async fn an_independent_client_gets_in_reads_and_gets_out() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client_id = world.client().await;
    let client = BasicClient::new(ClientId::new(client_id.clone()))
        .set_auth_uri(AuthUrl::new(format!("{ISSUER}/o/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(format!("{ISSUER}/o/token")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap());
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("mcp:sql".to_owned()))
        .add_extra_param("resource", "http://127.0.0.1:8700/mcp/sql")
        .set_pkce_challenge(challenge)
        .url();
    let path = format!("{}?{}", url.path(), url.query().unwrap());
    let back = parameters(&onward(&browser.decide(&path, "approve", "analyst", &[]).await));
    assert_eq!(&back["state"], state.secret());
    assert_eq!(back["iss"], ISSUER);
    let house = &world.house;
    let http = |request: HttpRequest| async move {
        let (parts, body) = request.into_parts();
        let answer = house.send(Request::from_parts(parts, Body::from(body))).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let mut response = HttpResponse::new(answer.body.into_bytes());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok::<_, std::io::Error>(response)
    };
    let tokens = client
        .exchange_code(AuthorizationCode::new(back["code"].clone()))
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await
        .unwrap();
    assert_eq!(tokens.token_type(), &oauth2::basic::BasicTokenType::Bearer);
    assert!(tokens.refresh_token().is_none() && tokens.expires_in().unwrap().as_secs() > 3600);
    assert_eq!(tokens.scopes().unwrap().iter().map(|s| s.as_str()).collect::<Vec<_>>(), ["mcp:sql"]);

    let token = tokens.access_token().secret().as_str();
    let (told, rows) = world.query(token, "select count(*) from orders").await;
    assert_eq!(told["rejection_reason"], "", "{told}");
    assert!(rows[0][0].is_number() || rows[0][0].is_string(), "{rows}");
    let (client, redirect): (String, String) =
        sqlx::query_as("select client, redirect from portcullis.attempts limit 1")
            .fetch_one(&world.store)
            .await
            .unwrap();
    assert_eq!((client.as_str(), redirect.as_str()), ("Claude Code", CALLBACK));

    let answer = world.form("/o/revoke", &[("token", token), ("client_id", &client_id)]).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(world.ping(token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.denials().await, ["token_revoked"]);
    for kind in ["client_registered", "grant_approved", "token_issued", "grant_revoked"] {
        assert_eq!(world.events(kind).await, 1, "{kind}");
    }
    let secrets: i64 = sqlx::query_scalar(
        "select count(*) from portcullis.events where detail::text like '%pca%' or subject like 'pca%'",
    )
    .fetch_one(&world.store)
    .await
    .unwrap();
    assert_eq!(secrets, 0, "a secret stands in the record");
}

#[tokio::test]
async fn the_documents_are_at_every_address_that_clients_ask() {
    let house = House::new().await;
    let get = async |path: &str| {
        house
            .send(
                Request::get(path).header("mcp-protocol-version", "2026-07-28").body(Body::empty()).unwrap(),
            )
            .await
    };
    for (form, resource) in [("", "/mcp/sql/"), ("/mcp/sql", "/mcp/sql"), ("/mcp/sql/", "/mcp/sql/")] {
        let answer = get(&format!("/.well-known/oauth-protected-resource{form}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let document = answer.json();
        assert_eq!(document["resource"], format!("{ISSUER}{resource}"));
        assert_eq!(document["authorization_servers"], json!([ISSUER]));
        assert_eq!(document["scopes_supported"], json!(["mcp:sql"]));

        let document = get(&format!("/.well-known/oauth-authorization-server{form}")).await.json();
        assert_eq!(document["issuer"], ISSUER);
        for (key, path) in [
            ("authorization", "authorize"),
            ("token", "token"),
            ("registration", "register"),
            ("revocation", "revoke"),
        ] {
            assert_eq!(document[format!("{key}_endpoint")], format!("{ISSUER}/o/{path}"));
        }
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(document["grant_types_supported"], json!(["authorization_code"]));
        assert_eq!(document["token_endpoint_auth_methods_supported"], json!(["none"]));
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
        assert_eq!(document["client_id_metadata_document_supported"], true);
    }
    for path in [
        "openid-configuration",
        "openid-configuration/mcp/sql",
        "",
        "oauth-protected-resource/other",
        "oauth-authorization-server/x",
    ] {
        let answer = get(&format!("/.well-known/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("application/json"), "{path}");
    }
}

#[tokio::test]
async fn a_challenge_leads_to_the_document_of_the_address_that_was_used() {
    let house = House::new().await;
    for path in ["/mcp/sql", "/mcp/sql/"] {
        for token in [None, Some("Bearer pcat_x")] {
            let mut request = Request::post(path);
            if let Some(token) = token {
                request = request.header("authorization", token);
            }
            let answer = house.send(request.body(Body::empty()).unwrap()).await;
            let challenge = answer.header("www-authenticate");
            let about = format!("resource_metadata=\"{ISSUER}/.well-known/oauth-protected-resource{path}\"");
            assert!(challenge.starts_with("Bearer ") && challenge.contains(&about), "{challenge}");
            assert!(challenge.contains("scope=\"mcp:sql\""), "{challenge}");
        }
    }
}

#[tokio::test]
async fn strangers_sign_in_first_and_come_back() {
    let world = World::new().await;
    let path = asking("x", &[]);
    let answer = world.send(Request::get(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = Url::parse(ISSUER).unwrap().join(answer.header("location")).unwrap();
    assert_eq!((location.path(), parameters(&location)["next"].as_str()), ("/sign-in", path.as_str()));
}

#[tokio::test]
async fn what_is_not_certain_is_never_redirected() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    for changes in [
        vec![("client_id", None)],
        vec![("client_id", Some("nobody"))],
        vec![("client_id", Some("00000000-0000-0000-0000-000000000001"))],
        vec![("client_id", Some("https://evil.example/client"))],
        vec![("client_id", Some("https://127.0.0.1/client"))],
        vec![("redirect_uri", Some("https://evil.example/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1/callback/../other"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1/callback?x=1"))],
        vec![("redirect_uri", Some("http://localhost:1/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1@evil.example/callback"))],
        vec![("redirect_uri", Some("http://127.0.0.1:1@evil.example/callback"))],
        vec![("redirect_uri", Some("//evil.example/callback"))],
        vec![("redirect_uri", Some("javascript:alert(1)"))],
    ] {
        let answer = browser.get(&asking(&client, &changes)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changes:?}: {}", answer.body);
        assert_eq!(answer.header("location"), "");
        assert!(!answer.body.contains("http-equiv"), "{changes:?}");
    }
    for twice in ["client_id", "redirect_uri"] {
        let path = format!("{}&{twice}=x", asking(&client, &[]));
        assert_eq!(browser.get(&path).await.status, StatusCode::BAD_REQUEST, "{twice}");
    }
    assert_eq!(world.fetches.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn every_other_fault_goes_back_to_the_client_with_state_and_issuer() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let cases: Vec<(&str, Vec<(&str, Option<&str>)>)> = vec![
        ("invalid_request", vec![("response_type", None)]),
        ("unsupported_response_type", vec![("response_type", Some("token"))]),
        ("unsupported_response_type", vec![("response_type", Some("code id_token"))]),
        ("invalid_request", vec![("response_mode", Some("form_post"))]),
        ("invalid_request", vec![("code_challenge", None)]),
        ("invalid_request", vec![("code_challenge", Some("short"))]),
        ("invalid_request", vec![("code_challenge_method", None)]),
        ("invalid_request", vec![("code_challenge_method", Some("plain"))]),
        ("invalid_scope", vec![("scope", Some("a\"b"))]),
        ("invalid_target", vec![("resource", Some("https://evil.example/mcp/sql/"))]),
        ("invalid_target", vec![("resource", Some("http://127.0.0.1:8700/"))]),
    ];
    for (error, changes) in cases {
        let back = redirected(&browser.get(&asking(&client, &changes)).await);
        assert!(back.as_str().starts_with(&format!("{CALLBACK}?")), "{back}");
        let told = parameters(&back);
        assert_eq!(
            (told["error"].as_str(), told["state"].as_str(), told["iss"].as_str()),
            (error, "s t&a=te", ISSUER),
            "{changes:?}"
        );
    }
    let twice = format!("{}&scope=x", asking(&client, &[]));
    assert_eq!(parameters(&redirected(&browser.get(&twice).await))["error"], "invalid_request");
    for fine in [
        vec![("resource", None)],
        vec![("resource", Some("HTTP://127.0.0.1:8700/mcp/sql"))],
        vec![("scope", None)],
        vec![("scope", Some("openid email profile"))],
        vec![("prompt", Some("consent")), ("nonce", Some("x"))],
        vec![("state", None)],
        vec![("redirect_uri", None)],
    ] {
        assert_eq!(browser.get(&asking(&client, &fine)).await.status, StatusCode::OK, "{fine:?}");
    }
}

#[tokio::test]
async fn a_person_sees_who_asks_and_what_for_and_may_refuse() {
    let world = World::new().await;
    let browser = world.browser(&["support"]).await;
    let client = world.client().await;
    let path = asking(&client, &[]);
    let page = browser.get(&path).await;
    for told in [
        "Claude Code",
        "127.0.0.1:54321",
        "registered itself",
        "192.0.2.1",
        "your own computer",
        "public.customers",
        "city",
    ] {
        assert!(page.body.contains(told), "{told}: {}", page.body);
    }
    assert!(!page.body.contains("email"), "a column that the profile hides");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let told = parameters(&onward(&browser.decide(&path, "deny", "support", &[]).await));
    assert_eq!(
        (told["error"].as_str(), told["state"].as_str(), told["iss"].as_str()),
        ("access_denied", "s t&a=te", ISSUER)
    );
    assert_eq!((world.count("grants").await, world.events("grant_denied").await), (0, 1));
}

#[tokio::test]
async fn a_decision_counts_only_from_the_page_that_was_shown() {
    let world = World::new().await;
    let browser = world.browser(&["support"]).await;
    let path = asking(&world.client().await, &[]);
    let keep = ("keep", "support/public.orders");
    let form = [("decision", "approve"), ("profile", "support"), keep];
    assert_eq!(browser.post(&path, &form).await.status, StatusCode::FORBIDDEN);
    let other = world.browser_of("demo").await;
    let foreign = other.get(&path).await;
    let csrf = between(&foreign.body, "name=\"csrf\" value=\"", "\"");
    let form = [("csrf", csrf), ("decision", "approve"), ("profile", "support"), keep];
    assert_eq!(browser.post(&path, &form).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.count("grants").await, 0);
    assert_eq!(other.post(&path, &form).await.status, StatusCode::OK);
}

#[tokio::test]
async fn one_of_several_profiles_is_chosen_and_only_one_of_ones_own() {
    let world = World::new().await;
    let browser = world.browser(&["analyst", "support"]).await;
    let client = world.client().await;
    let path = asking(&client, &[]);
    assert_eq!(browser.get(&path).await.body.matches("type=\"radio\"").count(), 2);
    for wrong in ["", "nobody"] {
        let answer = browser.decide(&path, "approve", wrong, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("Choose one of your profiles"), "{}", answer.body);
    }
    let tokens = browser.tokens(&client, "support").await;
    let listed = world.call(tokens["access_token"].as_str().unwrap(), "list_tables", json!({})).await;
    assert_eq!(listed["structuredContent"]["tables"].as_array().unwrap().len(), 3);

    world.person("other").await;
    world.enrol("other").await;
    world
        .say("update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'analyst'")
        .await;
    let other = world.browser_of("other").await;
    assert_eq!(other.decide(&path, "approve", "analyst", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_a_person_keeps_back_is_not_there() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let path = asking(&client, &[]);
    let answer = browser.decide(&path, "approve", "analyst", &["customers"]).await;
    let code = parameters(&onward(&answer))["code"].clone();
    let token = world.exchange(&client, &code).await.json()["access_token"].as_str().unwrap().to_owned();
    let listed = world.call(&token, "list_tables", json!({})).await;
    let names: Vec<&str> = listed["structuredContent"]["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["public.order_items", "public.orders", "public.products"]);
    let described = world.call(&token, "describe_table", json!({ "name": "customers" })).await;
    assert_eq!(described["isError"], true);
    let orders = world.call(&token, "describe_table", json!({ "name": "orders" })).await;
    assert!(!orders.to_string().contains("public.customers"), "a key leads to what is kept back: {orders}");
    let (told, _) = world.query(&token, "select id from customers").await;
    assert_eq!(told["rejection_reason"], "disallowed_table", "{told}");
    let (told, _) = world.query(&token, "select id from orders").await;
    assert_eq!(told["rejection_reason"], "", "{told}");

    let all = ["customers", "orders", "items", "products"];
    let answer = browser.decide(&path, "approve", "analyst", &all).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("at least one table"), "{}", answer.body);
}

#[tokio::test]
async fn every_fault_of_a_token_request_has_its_error() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let other = world
        .register(json!({ "client_name": "other", "redirect_uris": ["http://127.0.0.1/callback"] }))
        .await;
    let other = other.json()["client_id"].as_str().unwrap().to_owned();
    let cases: Vec<(StatusCode, &str, Vec<(&str, Option<&str>)>)> = vec![
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("grant_type", None)]),
        (StatusCode::BAD_REQUEST, "unsupported_grant_type", vec![("grant_type", Some("password"))]),
        (StatusCode::BAD_REQUEST, "unsupported_grant_type", vec![("grant_type", Some("client_credentials"))]),
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("code", None)]),
        (StatusCode::BAD_REQUEST, "invalid_request", vec![("code_verifier", None)]),
        (StatusCode::BAD_REQUEST, "invalid_grant", vec![("code", Some("pcac_x"))]),
        (
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            vec![("code_verifier", Some("wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"))],
        ),
        (
            StatusCode::BAD_REQUEST,
            "invalid_grant",
            vec![("redirect_uri", Some("http://127.0.0.1:1/callback"))],
        ),
        (StatusCode::BAD_REQUEST, "invalid_grant", vec![("client_id", Some(&other))]),
        (StatusCode::BAD_REQUEST, "invalid_target", vec![("resource", Some("https://evil.example/"))]),
        (StatusCode::UNAUTHORIZED, "invalid_client", vec![("client_id", Some("nobody"))]),
        (StatusCode::UNAUTHORIZED, "invalid_client", vec![("client_id", None)]),
    ];
    for (status, error, changes) in cases {
        let code = browser.code(&asking(&client, &[]), "analyst").await;
        let mut form: Vec<(&str, &str)> = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &client),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        for (name, value) in &changes {
            form.retain(|(other, _)| other != name);
            form.extend(value.map(|value| (*name, value)));
        }
        let answer = world.token(&form).await;
        assert_eq!((answer.status, answer.json()["error"].as_str().unwrap()), (status, error), "{changes:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let twice = [
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("code", &code),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(world.token(&twice).await.json()["error"], "invalid_request");
    let wrong =
        Request::post("/o/token").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(world.send(wrong).await.json()["error"], "invalid_request");
    let big = Request::post("/o/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("x".repeat(65 << 10)))
        .unwrap();
    assert_eq!(world.send(big).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let get = Request::get("/o/token").body(Body::empty()).unwrap();
    assert_eq!(world.send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(world.count("tokens").await, 0);
}

#[tokio::test]
async fn a_client_may_name_itself_in_the_header_and_leave_the_redirect_out() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let basic = data_encoding::BASE64.encode(format!("{client}:ignored").as_bytes());
    let body = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let request = Request::post("/o/token/")
        .header("authorization", format!("Basic {basic}"))
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(Body::from(body))
        .unwrap();
    assert_eq!(world.send(request).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_brought_twice_ends_what_it_began() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let token = world.exchange(&client, &code).await.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.ping(&token).await, StatusCode::OK);
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    assert_eq!(world.ping(&token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        (world.denials().await, world.events("code_reused").await),
        (vec!["token_revoked".to_owned()], 1)
    );
}

#[tokio::test]
async fn a_code_is_spent_by_a_wrong_verifier_and_by_time() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser
        .code(
            &asking(&client, &[("code_challenge", Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))]),
            "analyst",
        )
        .await;
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    world.pass(Duration::seconds(61));
    assert_eq!(world.exchange(&client, &code).await.json()["error"], "invalid_grant");
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    world.pass(Duration::seconds(50));
    assert_eq!(world.exchange(&client, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn of_many_who_bring_one_code_one_gets_a_token() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let code = browser.code(&asking(&client, &[]), "analyst").await;
    let answers = futures_util::future::join_all((0..32).map(|_| world.exchange(&client, &code))).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|&&status| status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|&&status| status == 400).count(), 31, "{statuses:?}");
    assert_eq!(world.count("tokens").await, 1);
}

#[tokio::test]
async fn every_gate_is_asked_again_on_every_request() {
    let cases = [
        ("token_revoked", "update portcullis.tokens set revoked_at = now(), revoked_by = 'x'"),
        ("token_revoked", "update portcullis.grants set revoked_at = now(), revoked_by = 'x'"),
        ("bad_application", "update portcullis.clients set kind = 'configured' where kind = 'dynamic'"),
        (
            "bad_application",
            "update portcullis.clients set kind = 'metadata_document', identifier = 'https://evil.example/c' where kind = 'dynamic'",
        ),
        ("client_disabled", "update portcullis.clients set disabled_at = now(), disabled_by = 'x'"),
        ("wrong_audience", "update portcullis.tokens set audience = 'https://elsewhere/mcp/sql/'"),
        ("bad_scope", "update portcullis.tokens set scope = 'openid'"),
        ("inactive_or_non_staff", "update portcullis.people set active = false"),
        ("inactive_or_non_staff", "update portcullis.people set staff = false"),
        ("no_mfa", "delete from portcullis.factors"),
        ("no_perm", "update portcullis.assignments set ended_at = now(), ended_by = 'x'"),
        ("no_perm", "update portcullis.tokens set profile = 'gone'"),
        (
            "ambiguous_profile",
            "update portcullis.assignments set ended_at = null, ended_by = null where profile = 'support'",
        ),
        ("no_session", "update portcullis.sessions set ended_at = now(), ended_by = 'x'"),
        ("no_session", "update portcullis.sessions set seen_at = now() - interval '9 h'"),
        ("no_session", "update portcullis.sessions set began_at = now() - interval '25 h'"),
        ("no_session", "update portcullis.sessions set signed_in_at = null, proven_at = null"),
        (
            "session_logout",
            "update portcullis.sessions set ended_at = now(), ended_by = 'x'; \
                            update portcullis.tokens set revoked_at = (select ended_at from portcullis.sessions), revoked_by = 'x'",
        ),
    ];
    let world = World::new().await;
    world
        .say("update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'support'")
        .await;
    for (reason, shut) in cases {
        world.say("delete from portcullis.sessions; delete from portcullis.tokens; delete from portcullis.grants; delete from portcullis.clients where kind <> 'command_line'").await;
        world.say("update portcullis.clients set disabled_at = null, disabled_by = null").await;
        let browser = world.browser_of("demo").await;
        let client = world.client().await;
        let token = browser.tokens(&client, "analyst").await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(world.ping(&token).await, StatusCode::OK, "{reason}");
        let before = world.denials().await.len();
        world.say(shut).await;
        let answer = world.post(&token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}: {shut}");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        assert_eq!(world.denials().await[before..], [reason], "{shut}");
        // As it was.
        world
            .say(
                "update portcullis.people set active = true, staff = true;
             update portcullis.assignments set ended_at = null, ended_by = null where profile = 'analyst';
             update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'support'",
            )
            .await;
        if reason == "no_mfa" {
            world.enrol("demo").await;
        }
    }
}

#[tokio::test]
async fn signing_out_ends_what_agents_hold() {
    let world = World::with(|text| with_refresh(&text)).await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let tokens = browser.tokens(&client, "analyst").await;
    let (token, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let page = browser.get("/account").await;
    let csrf = between(&page.body, "name=\"csrf\" value=\"", "\"");
    assert_eq!(browser.post("/sign-out", &[("csrf", csrf)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.ping(token).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.denials().await, ["session_logout"]);
    let _again = world.browser_of("demo").await;
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn where_no_session_is_asked_for_none_is_needed() {
    let world = World::with(|text| text.replace("[oauth]", "[oauth]\nrequire_live_session = false")).await;
    let browser = world.browser(&["analyst"]).await;
    let token =
        browser.tokens(&world.client().await, "analyst").await["access_token"].as_str().unwrap().to_owned();
    world.say("update portcullis.sessions set ended_at = now(), ended_by = 'x'").await;
    assert_eq!(world.ping(&token).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_the_command_line_needs_neither_session_nor_factor() {
    let world = World::new().await;
    world.say("delete from portcullis.factors").await;
    let token = world.house.token().await;
    assert_eq!(world.ping(&token).await, StatusCode::OK);
}

#[tokio::test]
async fn the_gates_stand_before_consent_too() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    for (reason, shut, open) in [
        (
            "no_perm",
            "update portcullis.assignments set ended_at = now(), ended_by = 'x'",
            "update portcullis.assignments set ended_at = null, ended_by = null where profile = 'analyst'",
        ),
        (
            "inactive_or_non_staff",
            "update portcullis.people set staff = false",
            "update portcullis.people set staff = true",
        ),
        (
            "client_disabled",
            "update portcullis.clients set disabled_at = now(), disabled_by = 'x'",
            "update portcullis.clients set disabled_at = null, disabled_by = null",
        ),
    ] {
        world.say(shut).await;
        let told = parameters(&redirected(&browser.get(&asking(&client, &[])).await));
        assert_eq!(told["error"], "access_denied", "{reason}");
        assert!(told["error_description"].starts_with(reason), "{told:?}");
        assert_eq!(world.denials().await.last().unwrap(), reason);
        world.say(open).await;
    }
    assert_eq!(browser.get(&asking(&client, &[])).await.status, StatusCode::OK);
}

fn with_refresh(text: &str) -> String {
    text.replace(
        "[oauth]\naccess_token = \"7days\"",
        "[oauth]\naccess_token = \"1h\"\nrefresh_token = \"7days\"\ngrant = \"10days\"",
    )
}

#[tokio::test]
async fn without_refresh_tokens_there_are_none() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    assert!(browser.tokens(&client, "analyst").await.get("refresh_token").is_none());
    assert_eq!(world.refresh(&client, "x").await.json()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn a_refresh_token_is_used_once_with_a_moment_of_grace() {
    let world =
        World::with(|text| with_refresh(&text).replace("[oauth]", "[oauth]\nrequire_live_session = false"))
            .await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let first = browser.tokens(&client, "analyst").await;
    let refresh = first["refresh_token"].as_str().unwrap();
    world.pass(Duration::hours(2));
    assert_eq!(world.ping(first["access_token"].as_str().unwrap()).await, StatusCode::UNAUTHORIZED);

    let many = futures_util::future::join_all((0..8).map(|_| world.refresh(&client, refresh))).await;
    let answers: Vec<Value> = many.iter().map(Answer::json).collect();
    for answer in &answers {
        assert_eq!(answer["access_token"], answers[0]["access_token"], "{answers:?}");
        assert_eq!(answer["refresh_token"], answers[0]["refresh_token"]);
        assert_eq!(answer["scope"], "mcp:sql");
    }
    assert_ne!(answers[0]["refresh_token"], refresh);
    let (access, successor) =
        (answers[0]["access_token"].as_str().unwrap(), answers[0]["refresh_token"].as_str().unwrap());
    assert_eq!(world.ping(access).await, StatusCode::OK);
    assert_eq!(world.count("tokens").await, 2);

    world.pass(Duration::seconds(59));
    assert_eq!(world.refresh(&client, refresh).await.json()["access_token"], access);
    world.pass(Duration::seconds(2));
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
    assert_eq!(world.events("refresh_token_reused").await, 1);
    assert_eq!(world.ping(access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.refresh(&client, successor).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn refreshing_ends_with_its_grant_and_with_what_granted_it() {
    let world =
        World::with(|text| with_refresh(&text).replace("[oauth]", "[oauth]\nrequire_live_session = false"))
            .await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let mut tokens = browser.tokens(&client, "analyst").await;
    for (days, seconds) in [(5, 3600), (4, 3600)] {
        world.pass(Duration::days(days));
        tokens = world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
        assert_eq!(tokens["expires_in"], seconds, "{tokens}");
    }
    world.pass(Duration::hours(23) + Duration::minutes(30));
    tokens = world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
    assert!(tokens["expires_in"].as_i64().unwrap() <= 1800, "{tokens}");
    world.pass(Duration::hours(1));
    assert_eq!(
        world.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json()["error"],
        "invalid_grant"
    );

    let browser = world.browser_of("demo").await;
    let tokens = browser.tokens(&client, "analyst").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    for (error, extra) in
        [("invalid_scope", ("scope", "admin")), ("invalid_target", ("resource", "https://evil.example/"))]
    {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", client.as_str()),
            ("refresh_token", refresh),
            extra,
        ];
        assert_eq!(world.token(&form).await.json()["error"], error);
    }
    let other = world
        .register(json!({ "client_name": "other", "redirect_uris": ["http://localhost/"] }))
        .await
        .json();
    assert_eq!(
        world.refresh(other["client_id"].as_str().unwrap(), refresh).await.json()["error"],
        "invalid_grant"
    );
    world.say("update portcullis.people set active = false").await;
    assert_eq!(world.refresh(&client, refresh).await.json()["error"], "invalid_grant");
    assert_eq!(world.denials().await, ["inactive_or_non_staff"]);
    world.say("update portcullis.people set active = true").await;
    assert_eq!(world.refresh(&client, refresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn revoking_a_refresh_token_ends_its_access_token_and_foreign_ones_stay() {
    let world = World::with(|text| with_refresh(&text)).await;
    let browser = world.browser(&["analyst"]).await;
    let client = world.client().await;
    let tokens = browser.tokens(&client, "analyst").await;
    let (access, refresh) =
        (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let foreign = world.form("/o/revoke/", &[("token", refresh), ("client_id", "nobody")]).await;
    assert_eq!(
        (foreign.status, foreign.json()["error"].as_str().unwrap()),
        (StatusCode::UNAUTHORIZED, "invalid_client")
    );
    assert_eq!(world.ping(access).await, StatusCode::OK);
    for unknown in ["x", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", refresh, refresh] {
        let answer = world
            .form(
                "/o/revoke_token/",
                &[("token", unknown), ("token_type_hint", "refresh_token"), ("client_id", &client)],
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    assert_eq!(world.ping(access).await, StatusCode::UNAUTHORIZED);
    assert_eq!(world.form("/o/revoke", &[]).await.json()["error"], "invalid_request");
}

#[tokio::test]
async fn clients_register_with_what_of_them_is_usable() {
    let world = World::new().await;
    let answer = world
        .register(json!({
            "client_name": "Cursor",
            "redirect_uris": [
                "cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback", "https://evil.example/callback",
            ],
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
            "token_endpoint_auth_method": "client_secret_basic",
            "application_type": "native",
            "client_uri": null,
            "something": { "else": 1 },
        }))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let told = answer.json();
    assert_eq!(told["redirect_uris"].as_array().unwrap().len(), 3);
    assert_eq!(told["token_endpoint_auth_method"], "none");
    assert_eq!(told["grant_types"], json!(["authorization_code"]));
    assert_eq!(told["application_type"], "native");
    assert!(!answer.body.contains("null") && !answer.body.contains("secret"), "{}", answer.body);

    for (error, metadata) in [
        ("invalid_redirect_uri", json!({ "client_name": "x" })),
        (
            "invalid_redirect_uri",
            json!({ "redirect_uris": ["https://evil.example/cb", "javascript:alert(1)"] }),
        ),
        ("invalid_client_metadata", json!([1])),
        (
            "invalid_client_metadata",
            json!({ "redirect_uris": ["http://localhost/"], "grant_types": ["implicit"] }),
        ),
    ] {
        let answer = world.register(metadata).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str().unwrap()),
            (StatusCode::BAD_REQUEST, error)
        );
    }
    for uri in [
        "https://claude.ai/api/mcp/auth_callback",
        "https://chatgpt.com/connector/oauth/abc123",
        "https://vscode.dev/redirect",
        "https://insiders.vscode.dev/redirect",
        "http://127.0.0.1:33418/",
        "http://[::1]:1/x",
    ] {
        let answer = world.register(json!({ "client_name": uri, "redirect_uris": [uri] })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{uri}");
    }
    let closed = World::with(|text| text.replace("[oauth]", "[oauth]\nregistration = \"closed\"")).await;
    assert_eq!(
        closed.register(json!({ "redirect_uris": ["http://localhost/"] })).await.status,
        StatusCode::FORBIDDEN
    );
    let document = closed
        .send(Request::get("/.well-known/oauth-authorization-server").body(Body::empty()).unwrap())
        .await;
    assert!(document.json().get("registration_endpoint").is_none());
}

#[tokio::test]
async fn the_same_registration_is_one_client_for_ten_minutes() {
    let world = World::new().await;
    let first = world.client().await;
    assert_eq!(first, world.client().await);
    world.pass(Duration::minutes(11));
    assert_ne!(first, world.client().await);
}

#[tokio::test]
async fn whoever_registers_too_many_gets_answers_that_mean_nothing() {
    let world = World::with(|text| {
        format!("{text}\n[throttle]\nregistration = {{ attempts = 3, window = \"1h\" }}\n")
    })
    .await;
    let browser = world.browser(&["analyst"]).await;
    let metadata =
        |n: i32| json!({ "client_name": format!("c{n}"), "redirect_uris": ["http://127.0.0.1/callback"] });
    let mut ids = Vec::new();
    for n in 0..5 {
        let answer = world.register_from("2001:db8:1:2::1", metadata(n)).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        ids.push(answer.json()["client_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(world.events("client_registered").await, 3);
    assert_eq!(browser.get(&asking(&ids[2], &[])).await.status, StatusCode::OK);
    assert_eq!(browser.get(&asking(&ids[4], &[])).await.status, StatusCode::BAD_REQUEST);
    world.register_from("2001:db8:1:2:ffff::9", metadata(7)).await;
    assert_eq!(world.events("client_registered").await, 3, "a neighbour in the same network is the same");
    world.register_from("192.0.2.77", metadata(8)).await;
    assert_eq!(world.events("client_registered").await, 4);
    world.pass(Duration::minutes(61));
    world.register_from("2001:db8:1:2::1", metadata(9)).await;
    assert_eq!(world.events("client_registered").await, 5);
}

#[tokio::test]
async fn clients_that_never_came_back_are_forgotten() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    let used = world.client().await;
    browser.tokens(&used, "analyst").await;
    let unused = world
        .register(json!({ "client_name": "x", "redirect_uris": ["http://127.0.0.1/callback"] }))
        .await
        .json();
    world.pass(Duration::days(15));
    let browser = world.browser_of("demo").await;
    let unused = unused["client_id"].as_str().unwrap();
    assert_eq!(browser.get(&asking(unused, &[])).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&asking(&used, &[])).await.status, StatusCode::OK);
    world.register(json!({ "client_name": "y", "redirect_uris": ["http://localhost/"] })).await;
    let left: i64 = sqlx::query_scalar("select count(*) from portcullis.clients where identifier = $1")
        .bind(unused)
        .fetch_one(&world.store)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

const DOCUMENT: &str = "https://claude.ai/oauth/claude-code-client-metadata";

fn document(redirect: &str) -> Fetched {
    let body = json!({ "client_id": DOCUMENT, "client_name": "Claude Code", "redirect_uris": [redirect, "http://localhost/callback"], "token_endpoint_auth_method": "none" });
    Fetched { body: body.to_string().into_bytes(), cache_control: Some("max-age=3600".to_owned()) }
}

#[tokio::test]
async fn a_client_may_be_described_by_its_document() {
    let world = World::new().await;
    let browser = world.browser(&["analyst"]).await;
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[])).await.status,
        StatusCode::BAD_REQUEST,
        "it is not there yet, and that is not kept"
    );
    world.documents.lock().unwrap().insert(DOCUMENT.to_owned(), document("http://127.0.0.1/callback"));
    let page = browser.get(&asking(DOCUMENT, &[])).await;
    assert!(page.body.contains("Claude Code") && page.body.contains(DOCUMENT), "{}", page.body);
    let tokens = browser.tokens(DOCUMENT, "analyst").await;
    assert_eq!(world.ping(tokens["access_token"].as_str().unwrap()).await, StatusCode::OK);
    assert_eq!(world.fetches.load(Ordering::Relaxed), 2, "it is fresh for an hour");

    world.pass(Duration::minutes(61));
    world.documents.lock().unwrap().insert(DOCUMENT.to_owned(), document("http://127.0.0.1/other"));
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[])).await.status,
        StatusCode::BAD_REQUEST,
        "the redirect is gone from the document"
    );
    assert_eq!(world.fetches.load(Ordering::Relaxed), 3);
    world.pass(Duration::minutes(61));
    world.documents.lock().unwrap().clear();
    assert_eq!(
        browser.get(&asking(DOCUMENT, &[("redirect_uri", Some("http://127.0.0.1:1/other"))])).await.status,
        StatusCode::BAD_REQUEST,
        "a stale one is not used"
    );
    assert_eq!(world.count("clients").await, 3);

    let fetched = world.fetches.load(Ordering::Relaxed);
    for elsewhere in [
        "https://evil.example/c",
        "https://evil.claude.ai/c",
        "https://claude.ai.evil.example/c",
        "http://claude.ai/c",
        "https://claude.ai:8443/c",
    ] {
        assert_eq!(browser.get(&asking(elsewhere, &[])).await.status, StatusCode::BAD_REQUEST, "{elsewhere}");
    }
    assert_eq!(world.fetches.load(Ordering::Relaxed), fetched, "nobody else is asked");
}

#[tokio::test]
async fn operators_name_clients_in_the_configuration() {
    let clients = "
[[oauth.clients]]
id = \"looker\"
name = \"Looker\"
redirect_uris = [\"https://looker.example.com/oauth/\"]
redirect_match = \"prefix\"
consent = \"skip\"
";
    let world = World::with(|text| format!("{text}\n{clients}")).await;
    let browser = world.browser(&["analyst", "support"]).await;
    let to = |uri: &'static str| asking("looker", &[("redirect_uri", Some(uri))]);
    let page = browser.get(&to("https://looker.example.com/oauth/tenant/callback")).await;
    assert!(
        page.body.contains("looker.example.com") && page.body.contains("in the configuration"),
        "{}",
        page.body
    );
    for bad in [
        "https://looker.example.com/oauth/../x",
        "https://looker.example.com/oauthx",
        "http://looker.example.com/oauth/x",
    ] {
        assert_eq!(browser.get(&to(bad)).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let browser = world.browser(&["analyst"]).await;
    let back = redirected(&browser.get(&to("https://looker.example.com/oauth/callback")).await);
    assert_eq!(back.host_str(), Some("looker.example.com"));
    let told = parameters(&back);
    let answer = world
        .token(&[
            ("grant_type", "authorization_code"),
            ("client_id", "looker"),
            ("code", &told["code"]),
            ("code_verifier", VERIFIER),
        ])
        .await;
    assert_eq!(world.ping(answer.json()["access_token"].as_str().unwrap()).await, StatusCode::OK);
}

#[tokio::test]
async fn where_too_many_bad_tokens_come_from_nobody_is_heard() {
    let world =
        World::with(|text| format!("{text}\n[throttle]\nbad_token = {{ attempts = 5, window = \"6h\" }}\n"))
            .await;
    let token = world.house.token().await;
    let from = async |ip: &str, token: &str| {
        let mut request = request(token)
            .body(Body::from(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string()))
            .unwrap();
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>(format!("{ip}:9").parse().unwrap()));
        world.send(request).await
    };
    let mut challenges = Vec::new();
    for n in 0..5 {
        assert_eq!(from("198.51.100.1", &token).await.status, StatusCode::OK, "{n}");
        challenges.push(from("198.51.100.1", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await);
    }
    let blocked = from("198.51.100.1", &token).await;
    for answer in &challenges {
        assert_eq!(
            (answer.status, &answer.body, answer.header("www-authenticate")),
            (blocked.status, &blocked.body, blocked.header("www-authenticate"))
        );
    }
    assert_eq!(from("198.51.100.2", &token).await.status, StatusCode::OK, "others are heard");
    assert_eq!((world.count("denials").await, world.count("attempts").await), (0, 0));
    for _ in 0..20 {
        from("198.51.100.1", "rubbish").await;
    }
    let count: i32 = sqlx::query_scalar("select count from portcullis.counters where kind = 'bad_token'")
        .fetch_one(&world.store)
        .await
        .unwrap();
    assert_eq!(count, 5);
    world.pass(Duration::hours(6));
    let token = world.house.token().await;
    assert_eq!(from("198.51.100.1", &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn programs_in_browsers_may_ask_without_being_known() {
    let house = House::new().await;
    for path in [
        "/mcp/sql/",
        "/mcp/sql",
        "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-authorization-server/mcp/sql",
        "/o/token",
        "/o/register",
        "/o/revoke",
    ] {
        let preflight = Request::options(path)
            .header("origin", "https://inspector.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, mcp-protocol-version")
            .body(Body::empty())
            .unwrap();
        let answer = house.send(preflight).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        for name in
            ["Authorization", "Content-Type", "MCP-Protocol-Version", "Mcp-Session-Id", "Last-Event-ID"]
        {
            assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
        }
        let answer = house
            .send(
                Request::get(path).header("origin", "https://inspector.example").body(Body::empty()).unwrap(),
            )
            .await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("WWW-Authenticate"));
    }
    let page = house
        .send(
            Request::get("/o/authorize")
                .header("origin", "https://inspector.example")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(page.header("access-control-allow-origin"), "", "pages are not for other pages");
}

#[tokio::test]
async fn pages_of_named_sites_may_speak_to_the_endpoint() {
    let world = World::with(|text| {
        text.replace("[store]", "browser_origins = [\"https://inspector.example\"]\n\n[store]")
    })
    .await;
    let token = world.house.token().await;
    for (origin, status) in [
        ("https://inspector.example", StatusCode::OK),
        ("https://inspector.example:8443", StatusCode::FORBIDDEN),
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
    ] {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        let answer =
            world.send(request(&token).header("origin", origin).body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, status, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn a_session_that_ended_before_the_decision_loses_nothing_but_the_decision() {
    let world = World::new().await;
    let browser = world.browser(&["support"]).await;
    let path = asking(&world.client().await, &[]);
    world.say("update portcullis.sessions set ended_at = now(), ended_by = 'x'").await;
    let answer = browser.post(&path, &[("decision", "approve")]).await;
    let location = Url::parse(ISSUER).unwrap().join(answer.header("location")).unwrap();
    assert_eq!((location.path(), parameters(&location)["next"].as_str()), ("/sign-in", path.as_str()));
}
