//! What is seen of all this in the console, and what can be done there.

use crate::browser::Browser;
use crate::world::World;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::enrol_factor::enrol_known;
use server::flow::passwords::Effort;
use server::http::router;
use server::model::clock::Clock;
use server::model::person::Powers;
use server::model::totp::TotpSecret;
use server::wiring::{self, Surroundings};
use std::net::Ipv4Addr;

const PASSWORD: &str = "lantern violet seven";

/// The surface page as text, as an auditor reads it.
pub(crate) async fn surface(world: &World) -> String {
    let powers = Powers { staff: true, auditor: true, ..Powers::default() };
    read(&signed_in(world, powers).await.get("/surface").await.is(200).html)
}

/// Somebody new with these powers, in a browser of theirs.
pub(crate) async fn signed_in(world: &World, powers: Powers) -> Browser {
    let name = if powers.admin { "admin" } else { "auditor" };
    let config = world.config();
    let surroundings =
        Surroundings { hashing: Effort { memory_kib: 64, passes: 1 }, ..Surroundings::system() };
    let portcullis = wiring::portcullis(&config, surroundings).unwrap();
    let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
    let wish = PersonWish {
        username: &name.parse().unwrap(),
        email: "somebody@example.com",
        display_name: "Somebody",
        password: PASSWORD,
        powers,
        profiles: &[],
        actor: "test",
    };
    let person = add_person(&portcullis, &wish).await.unwrap();
    assert!(enrol_known(&portcullis, &person, &secret, "test").await.unwrap());

    let router = router(wiring::site(&config, portcullis));
    let mut browser = Browser::new(router, Ipv4Addr::LOCALHOST.into());
    browser.get("/sign-in").await;
    let fields = [("username", name), ("password", PASSWORD)];
    browser.submit("/sign-in", &fields).await.leads_to("/sign-in/code");
    browser.get("/sign-in/code").await;
    let code = secret.code(Clock::system().now()).unwrap();
    browser.submit("/sign-in/code", &[("code", &code)]).await.is(303);
    browser
}

/// What stands between the tags.
fn read(html: &str) -> String {
    let text: Vec<&str> =
        html.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text)).collect();
    let text = text.concat();
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, is)| text.replace(entity, is))
}
