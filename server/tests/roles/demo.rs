//! The demo opens what it declares, and nothing else.

use crate::world::cluster;
use server::config::Config;
use server::embedded::shop;
use server::flow::doctor::examine;
use server::model::drift::Light;
use server::wiring::{self, Surroundings};
use std::path::Path;

#[tokio::test]
async fn the_roles_of_the_demo_are_sound() {
    let cluster = cluster().await;
    let text = include_str!("../../src/cli/demo/portcullis.toml")
        .replace("{listen}", "127.0.0.1:8700")
        .replace("{store}", &cluster.url(shop::STORE_APP, shop::STORE))
        .replace("{owner}", &cluster.url(shop::STORE_OWNER, shop::STORE))
        .replace("{warehouse}", &cluster.url("nobody", shop::WAREHOUSE))
        .replace("key_file = \"key\"\n", "");
    let key = |name: &str| {
        (name == "PORTCULLIS_KEY").then(|| "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned())
    };
    let config = Config::parse(&text, Path::new("."), &key).unwrap();
    let portcullis = wiring::portcullis(&config, Surroundings::system()).unwrap();
    for examined in examine(&portcullis).await {
        let red: Vec<_> = examined.findings.iter().filter(|finding| finding.light == Light::Red).collect();
        assert!(red.is_empty(), "{}: {red:#?}", examined.profile);
    }
}
