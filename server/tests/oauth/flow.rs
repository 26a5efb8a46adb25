//! From the first request to the last, and what a person decides on the way.

use crate::world::{CALLBACK, ISSUER, World, asking, between, onward, parameters};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, PkceCodeChallenge,
    RedirectUrl, Scope, TokenResponse, TokenUrl,
};
use serde_json::json;
use url::Url;

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
async fn a_session_that_ended_before_the_decision_loses_nothing_but_the_decision() {
    let world = World::new().await;
    let browser = world.browser(&["support"]).await;
    let path = asking(&world.client().await, &[]);
    world.say("update portcullis.sessions set ended_at = now(), ended_by = 'x'").await;
    let answer = browser.post(&path, &[("decision", "approve")]).await;
    let location = Url::parse(ISSUER).unwrap().join(answer.header("location")).unwrap();
    assert_eq!((location.path(), parameters(&location)["next"].as_str()), ("/sign-in", path.as_str()));
}
