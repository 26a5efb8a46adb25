use crate::world::{PASSWORD, Scheme, World};
use server::flow::passwords::{Effort, Hasher};
use server::model::rng::Rng;

#[tokio::test]
async fn a_password_and_a_code_open_the_door() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    browser.get("/account").await.leads_to("/sign-in?next=%2Faccount");
    browser.get("/sign-in?next=%2Faccount%2Fpassword").await.is(200).says("value=\"/account/password\"");
    let fields = [("username", " Margarete "), ("password", PASSWORD), ("next", "/account/password")];
    browser.submit("/sign-in", &fields).await.leads_to("/sign-in/code");
    browser.get("/account").await.leads_to("/sign-in?next=%2Faccount");
    browser.get("/sign-in/code").await.is(200);
    let code = world.code();
    browser.submit("/sign-in/code", &[("code", &code)]).await.leads_to("/account/password");
    browser.get("/account").await.is(200).says("Margarete Klein").says("analyst");
    assert_eq!(world.events().await, ["person_created", "profile_assigned", "factor_enrolled", "sign_in"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let world = World::peopled().await;
    let mut answers = Vec::new();
    for (name, password) in [("margarete", "wrong wrong wrong"), ("nobody", PASSWORD), ("m' or 1=1 --", "x")]
    {
        let mut browser = world.browser();
        browser.get("/sign-in").await.is(200);
        let answer = browser.submit("/sign-in", &[("username", name), ("password", password)]).await.is(422);
        assert!(browser.session().is_none());
        let escaped = name.replace('\'', "&#x27;");
        let html = answer.html.replace(&browser.csrf, "").replace(&escaped, "").replace(name, "");
        answers.push(html);
    }
    assert!(answers[0].contains("The username or the password is wrong."));
    assert!(!answers[0].contains("wrong wrong wrong"), "a password is never given back");
    assert_eq!(answers[0], answers[1]);
    // Only what happens to a person whom we know is recorded.
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "sign_in_failed").count(), 1);
}

#[tokio::test]
async fn an_unknown_name_costs_as_much_as_a_wrong_password() {
    let hasher = Hasher::new(Effort { memory_kib: 19_456, passes: 2 });
    let hash = hasher.hash(&Rng::system(), PASSWORD).await.unwrap();
    hasher.verify("warm up", None).await.unwrap();
    let time = async |hash: Option<String>| {
        let begun = std::time::Instant::now();
        hasher.verify("wrong wrong wrong", hash).await.unwrap();
        begun.elapsed()
    };
    let mut best = [std::time::Duration::MAX; 2];
    for _ in 0..5 {
        best[0] = best[0].min(time(None).await);
        best[1] = best[1].min(time(Some(hash.clone())).await);
    }
    let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{best:?}");
}

#[tokio::test]
async fn somebody_locked_out_is_answered_like_a_stranger() {
    let world = World::peopled().await;
    let person =
        server::flow::people::find(&world.portcullis, &"margarete".parse().unwrap()).await.unwrap().unwrap();
    server::flow::manage_person::deactivate(&world.portcullis, &person, "test").await.unwrap();
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let answer = browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await;
    answer.is(422).says("The username or the password is wrong.");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let world = World::peopled().await;
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%09/x.example",
    ] {
        let mut browser = world.browser();
        let query: String = url::form_urlencoded::byte_serialize(elsewhere.as_bytes()).collect();
        let shown = browser.get(&format!("/sign-in?next={query}")).await.is(200);
        assert!(!shown.html.contains("name=\"next\"") || elsewhere.starts_with("/%09"), "{elsewhere}");
        let fields = [("username", "margarete"), ("password", PASSWORD), ("next", elsewhere)];
        browser.submit("/sign-in", &fields).await.leads_to("/sign-in/code");
        browser.get("/sign-in/code").await;
        let code = world.fresh_code();
        let answer = browser.submit("/sign-in/code", &[("code", &code)]).await.is(303);
        let here = url::Url::parse("https://db.example.com/sign-in/code").unwrap();
        assert_eq!(here.join(answer.location()).unwrap().host_str(), Some("db.example.com"), "{elsewhere}");
    }
}

#[tokio::test]
async fn cookies_are_as_strict_as_they_can_be() {
    let world = World::peopled().await;
    let mut browser = world.browser();
    let shown = browser.get("/sign-in").await;
    for cookie in shown.set_cookies() {
        assert!(cookie.starts_with("__Host-portcullis-form="), "{cookie}");
    }
    let answer = browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await;
    let cookies = answer.set_cookies();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    for cookie in shown.set_cookies().iter().chain(&cookies) {
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        for attribute in ["Domain", "Max-Age", "Expires"] {
            assert!(!cookie.contains(attribute), "{cookie}");
        }
    }
}

#[tokio::test]
async fn on_loopback_without_tls_the_cookie_has_a_plain_name() {
    let world = World::reached_by(Scheme::LoopbackHttp).await;
    world.person("margarete").await;
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    let answer =
        browser.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await.is(303);
    let cookies = answer.set_cookies();
    assert!(cookies[0].starts_with("portcullis=") && !cookies[0].contains("Secure"), "{cookies:?}");
}

#[tokio::test]
async fn a_hash_that_is_too_weak_is_renewed_at_sign_in() {
    let world = World::peopled().await;
    let weak =
        Hasher::new(Effort { memory_kib: 32, passes: 1 }).hash(&Rng::system(), PASSWORD).await.unwrap();
    world.run(format!("update portcullis.people set password_hash = '{weak}'")).await;
    world.signed_in().await;
    let hash: String = world.one("select password_hash from portcullis.people").await;
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
}
