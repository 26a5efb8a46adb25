use crate::browser::Browser;
use crate::world::{PASSWORD, World};
use server::flow::manage_person::reset_factor;
use server::flow::people::find;
use server::model::totp::TotpSecret;

async fn led_to_enrol(world: &World) -> Browser {
    let mut browser = world.browser();
    browser.get("/sign-in").await;
    browser
        .submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)])
        .await
        .leads_to("/sign-in/code");
    browser.get("/sign-in/code").await.leads_to("/sign-in/enrol");
    browser
}

async fn offered(browser: &mut Browser) -> TotpSecret {
    let page = browser.get("/sign-in/enrol").await.is(200).says("<svg").says("Portcullis (db.example.com)");
    let shown = page.between("<code id=\"secret\" class=\"groups\">", "</code>");
    // Its groups are elements of their own.
    let letters: String =
        shown.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    TotpSecret::from_base32(&letters.replace(' ', "")).unwrap()
}

#[tokio::test]
async fn a_person_without_a_factor_gets_one_before_anything_else() {
    let world = World::empty().await;
    world.person("margarete").await;
    let mut browser = led_to_enrol(&world).await;
    browser.get("/account").await.leads_to("/sign-in?next=%2Faccount");
    let secret = offered(&mut browser).await;
    assert_eq!(
        offered(&mut browser).await.as_bytes(),
        secret.as_bytes(),
        "the offer stays while the page is reloaded"
    );
    browser.submit("/sign-in/enrol", &[("code", "000000")]).await.is(422).says("not the code");
    let before = browser.session().unwrap().clone();
    let code = secret.code(world.now()).unwrap();
    let page = browser.submit("/sign-in/enrol", &[("code", &code)]).await.is(200).says("Your recovery codes");
    assert_ne!(browser.session(), Some(&before));
    let codes = page.all_between("<li><code>", "</code>");
    assert_eq!(codes.len(), 10);
    browser.get("/account").await.is(200).says("10 left");
    browser.get("/sign-in/enrol").await.leads_to("/sign-in");

    // The code that confirmed it is used up; a recovery code works.
    let mut again = world.browser();
    again.get("/sign-in").await;
    again.submit("/sign-in", &[("username", "margarete"), ("password", PASSWORD)]).await;
    again.get("/sign-in/code").await.is(200);
    again.submit("/sign-in/code", &[("code", &code)]).await.is(422);
    again.submit("/sign-in/recovery", &[("code", &codes[9])]).await.leads_to("/account");
}

#[tokio::test]
async fn each_sign_in_is_offered_a_secret_of_its_own() {
    let world = World::empty().await;
    world.person("margarete").await;
    let (mut one, mut other) = (led_to_enrol(&world).await, led_to_enrol(&world).await);
    let (first, second) = (offered(&mut one).await, offered(&mut other).await);
    assert_ne!(first.as_bytes(), second.as_bytes());
    let code = first.code(world.now()).unwrap();
    one.submit("/sign-in/enrol", &[("code", &code)]).await.is(200);
    // Whoever was slower has nothing to gain from the other secret.
    let code = second.code(world.now()).unwrap();
    other.submit("/sign-in/enrol", &[("code", &code)]).await.leads_to("/sign-in/code");
    other.get("/account").await.is(303);
}

#[tokio::test]
async fn after_a_reset_the_person_enrols_anew() {
    let world = World::peopled().await;
    let mut browser = world.signed_in().await;
    let person = find(&world.portcullis, &"margarete".parse().unwrap()).await.unwrap().unwrap();
    reset_factor(&world.portcullis, &person, "test").await.unwrap();
    browser.get("/account").await.is(303);
    led_to_enrol(&world).await;
}
