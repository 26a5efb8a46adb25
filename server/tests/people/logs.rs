//! What the log tells, and what it never does.

use crate::browser::Answer;
use crate::listening::listen;
use crate::world::{KEY, PASSWORD, World};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use server::telemetry::without_secrets;
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http://127.0.0.1:54321/callback";

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.html).unwrap_or_else(|_| panic!("no JSON: {}", answer.html))
}

#[tokio::test]
async fn a_log_of_everything_holds_no_secret_and_no_row() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(log.clone())
        .with_span_events(FmtSpan::FULL);
    let filter = without_secrets(EnvFilter::new("trace"));
    let _logging = listen(tracing_subscriber::registry().with(filter).with(lines));

    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser.submit("/sign-in", &[("username", "margarete"), ("password", "a wrong password")]).await;
    let mut browser = world.signed_in().await;
    let totp_code = world.code();

    let metadata = json!({ "client_name": "Claude Code", "redirect_uris": ["http://127.0.0.1/callback"] });
    let register = Request::post("/o/register").header("content-type", "application/json");
    let client = browser.send(register, Body::from(metadata.to_string())).await;
    let client = json_of(&client)["client_id"].as_str().unwrap().to_owned();
    let asked = encoded(&[
        ("response_type", "code"),
        ("client_id", &client),
        ("redirect_uri", CALLBACK),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "a-state-of-the-client"),
        ("scope", "mcp:sql"),
        ("resource", "https://db.example.com/mcp/sql/"),
    ]);
    let path = format!("/o/authorize?{asked}");
    let page = browser.get(&path).await.is(200);
    let keep = page.all_between("name=\"keep\" value=\"", "\"");
    let mut form = vec![("decision", "approve"), ("profile", "analyst")];
    form.extend(keep.iter().map(|relation| ("keep", relation.as_str())));
    let onward = browser.submit(&path, &form).await.is(200);
    let code = onward.between("code=", "&");
    let form = encoded(&[
        ("grant_type", "authorization_code"),
        ("client_id", &client),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", CALLBACK),
    ]);
    let exchange = Request::post("/o/token").header("content-type", "application/x-www-form-urlencoded");
    let token = json_of(&browser.send(exchange, Body::from(form)).await.is(200))["access_token"]
        .as_str()
        .unwrap()
        .to_owned();

    let cookie = browser.session().unwrap().clone();
    let mut ask = async |token: &str, sql: &str| {
        let message = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": "run_query", "arguments": { "sql": sql } },
        });
        let request = Request::post("/mcp/sql/")
            .header("host", "db.example.com")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        browser.send(request, Body::from(message.to_string())).await
    };
    let answer = ask(&token, "select 'a-li' || 'teral' || 'of-the-row', 'a-literal-of-the-statement'").await;
    assert!(answer.html.contains("a-literalof-the-row"), "{}", answer.html);
    ask(&token, "select 'a-literal-of-the-statement'::int").await;
    ask(&token, "select 'a-literal-of-the-statement' from nowhere").await;
    ask("pca_a-token-that-we-never-issued", "select 1").await.is(401);

    let log = log.text();
    // The log was kept, and tells of the requests.
    assert!(log.contains("/mcp/sql/") && log.contains("DEBUG"), "{log}");
    for (what, secret) in [
        ("a password", PASSWORD),
        ("a wrong password", "a wrong password"),
        ("the key", KEY),
        ("a TOTP secret", "12345678901234567890"),
        ("a TOTP secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        ("a session", &cookie),
        ("a code", &code),
        ("a verifier", VERIFIER),
        ("a token", &token),
        ("a token", "a-token-that-we-never-issued"),
        ("a literal", "a-literal-of-the-statement"),
        ("a row", "a-literalof-the-row"),
    ] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what} stands in the log");
    }
    // Six digits may stand in a number, but never as a word.
    let is_code =
        |line: &&str| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == totp_code);
    assert_eq!(log.lines().find(is_code), None, "a TOTP code stands in the log");
}
