//! A program in a world of our making, people with browsers in it, and what they say to each other.

use crate::support::{Answer, House};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
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
use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

pub(crate) const ISSUER: &str = "http://127.0.0.1:8700";
pub(crate) const CALLBACK: &str = "http://127.0.0.1:54321/callback";
/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A program in a world of our making: we say what time it is, and what the internet holds.
pub(crate) struct World {
    pub(crate) house: House,
    pub(crate) seconds: Arc<AtomicI64>,
    pub(crate) documents: Arc<Mutex<HashMap<String, Fetched>>>,
    pub(crate) fetches: Arc<AtomicUsize>,
}

impl std::ops::Deref for World {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

/// Somebody's browser, signed in.
pub(crate) struct Browser<'a> {
    pub(crate) world: &'a World,
    pub(crate) cookie: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|text| text).await
    }

    pub(crate) async fn with(change: impl FnOnce(String) -> String) -> Self {
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

    pub(crate) fn now(&self) -> OffsetDateTime {
        Clock::system().now() + Duration::seconds(self.seconds.load(Ordering::Relaxed))
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.seconds.fetch_add(time.whole_seconds(), Ordering::Relaxed);
    }

    pub(crate) async fn say(&self, sql: impl Into<String>) {
        sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&self.store).await.unwrap();
    }

    pub(crate) async fn id_of(&self, username: &str) -> Uuid {
        sqlx::query_scalar("select id from portcullis.people where username = $1")
            .bind(username)
            .fetch_one(&self.store)
            .await
            .unwrap()
    }

    pub(crate) async fn enrol(&self, username: &str) {
        self.say(format!(
            "insert into portcullis.factors (person_id, key_id, secret, last_step, confirmed_at)
             select id, 'x', '\\x00', 0, now() from portcullis.people where username = '{username}'"
        ))
        .await;
    }

    /// The demo person, signed in, with these profiles.
    pub(crate) async fn browser(&self, profiles: &[&str]) -> Browser<'_> {
        let list = profiles.join("', '");
        self.say(format!(
            "update portcullis.assignments set ended_at = now(), ended_by = 'test' where profile not in ('{list}')"
        ))
        .await;
        self.browser_of("demo").await
    }

    pub(crate) async fn browser_of(&self, username: &str) -> Browser<'_> {
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

    pub(crate) async fn register(&self, metadata: Value) -> Answer {
        self.register_from("192.0.2.1", metadata).await
    }

    pub(crate) async fn register_from(&self, ip: &str, metadata: Value) -> Answer {
        let mut request = Request::post("/o/register")
            .header("content-type", "application/json")
            .body(Body::from(metadata.to_string()))
            .unwrap();
        let address = SocketAddr::new(ip.parse().unwrap(), 1);
        request.extensions_mut().insert(ConnectInfo(address));
        self.send(request).await
    }

    /// A client that registered itself.
    pub(crate) async fn client(&self) -> String {
        let metadata =
            json!({ "client_name": "Claude Code", "redirect_uris": ["http://127.0.0.1/callback"] });
        self.register(metadata).await.json()["client_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> Answer {
        self.form("/o/token", form).await
    }

    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn exchange(&self, client: &str, code: &str) -> Answer {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ])
        .await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        self.token(&[("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)]).await
    }

    pub(crate) async fn ping(&self, token: &str) -> StatusCode {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        self.post(token, body).await.status
    }

    pub(crate) async fn denials(&self) -> Vec<String> {
        sqlx::query_scalar("select reason from portcullis.denials order by id")
            .fetch_all(&self.store)
            .await
            .unwrap()
    }

    pub(crate) async fn events(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select count(*) from portcullis.events where kind = $1")
            .bind(kind)
            .fetch_one(&self.store)
            .await
            .unwrap()
    }
}

/// An authorization request with everything that one should have, but for what is changed.
pub(crate) fn asking(client: &str, changes: &[(&str, Option<&str>)]) -> String {
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
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.world.send(Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
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
    pub(crate) async fn decide(
        &self,
        path: &str,
        decision: &str,
        profile: &str,
        left_out: &[&str],
    ) -> Answer {
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
    pub(crate) async fn code(&self, path: &str, profile: &str) -> String {
        let answer = self.decide(path, "approve", profile, &[]).await;
        parameters(&onward(&answer))["code"].clone()
    }

    /// Everything from the consent to a token.
    pub(crate) async fn tokens(&self, client: &str, profile: &str) -> Value {
        let code = self.code(&asking(client, &[]), profile).await;
        let answer = self.world.exchange(client, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }
}

pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}")).1.split_once(after).unwrap().0
}

/// Where the page after the decision leads.
pub(crate) fn onward(answer: &Answer) -> Url {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let to = between(&answer.body, "http-equiv=\"refresh\" content=\"0; url=", "\"").replace("&amp;", "&");
    assert_eq!(
        between(&answer.body, "<a href=\"http", "\"").replace("&amp;", "&"),
        to.strip_prefix("http").unwrap()
    );
    to.parse().unwrap()
}

pub(crate) fn redirected(answer: &Answer) -> Url {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").parse().unwrap()
}

pub(crate) fn parameters(url: &Url) -> HashMap<String, String> {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let map: HashMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "a parameter is there twice: {url}");
    map
}

pub(crate) fn with_refresh(text: &str) -> String {
    text.replace(
        "[oauth]\naccess_token = \"7days\"",
        "[oauth]\naccess_token = \"1h\"\nrefresh_token = \"7days\"\ngrant = \"10days\"",
    )
}
