//! What looking through a record of millions costs: pages, usage, overview, export, through the whole router. The number of calls may be given:
//! `cargo bench --bench audit -- 500000`.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    unreachable_pub
)]

#[path = "../tests/people/browser.rs"]
mod browser;
#[path = "audit/export.rs"]
mod export;
#[path = "audit/filters.rs"]
mod filters;
#[path = "audit/pages.rs"]
mod pages;
#[path = "audit/seed.rs"]
mod seed;
mod support;
#[path = "audit/taken.rs"]
mod taken;

use browser::Browser;
use server::config::Config;
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::enrol_factor::enrol_known;
use server::http::router;
use server::model::person::Powers;
use server::model::totp::TotpSecret;
use server::wiring::{self, Surroundings};
use sqlx::PgPool;
use std::process::ExitCode;
use support::program::Ground;
use taken::Missed;

const PASSWORD: &str = "lantern violet seven";
const ROWS: u64 = 5_000_000;

fn main() -> ExitCode {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    if runtime.expect("a runtime").block_on(measure(rows)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(rows: u64) -> bool {
    let folder = std::env::temp_dir().join(format!("portcullis-audit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let ground = Ground::prepare(&folder).await;
    let text = std::fs::read_to_string(folder.join("portcullis.toml")).expect("the configuration");
    let config = Config::parse(&text, &folder, &|_| None).expect("a configuration");
    let portcullis = wiring::portcullis(&config, Surroundings::system()).expect("a program");
    seed::seed(&ground.cluster, &portcullis, rows).await;
    let store = PgPool::connect(&seed::store_url(&ground.cluster)).await.expect("the store");
    let mut browser = auditor(&config, &portcullis).await;
    let mut missed = Missed::default();
    pages::calls(&mut browser, &store, &mut missed).await;
    pages::others(&mut browser, &store, &mut missed).await;
    export::measure(&portcullis, rows, &mut missed).await;
    store.close().await;
    seed::begin_anew(&ground.cluster, &portcullis).await;
    ground.cluster.stop().await.expect("PostgreSQL stops");
    let _ = std::fs::remove_dir_all(&folder);
    missed.tell()
}

/// An auditor, signed in.
async fn auditor(config: &Config, portcullis: &Portcullis) -> Browser {
    let username = "auditor".parse().expect("a name");
    let wish = PersonWish {
        username: &username,
        email: "auditor@example.com",
        display_name: "Auditor",
        password: PASSWORD,
        powers: Powers { staff: true, auditor: true, admin: true },
        profiles: &[],
        actor: "bench",
    };
    let person = add_person(portcullis, &wish).await.expect("a person");
    let secret = TotpSecret::from_bytes(b"12345678901234567890").expect("a secret");
    assert!(enrol_known(portcullis, &person, &secret, "bench").await.expect("a factor"));
    let router = router(wiring::site(config, portcullis.clone()));
    let mut browser = Browser::new(router, "127.0.0.1".parse().expect("an address"));
    browser.get("/sign-in").await;
    browser
        .submit("/sign-in", &[("username", "auditor"), ("password", PASSWORD)])
        .await
        .leads_to("/sign-in/code");
    browser.get("/sign-in/code").await;
    let code = secret.code(portcullis.now()).expect("a code");
    browser.submit("/sign-in/code", &[("code", &code)]).await.is(303);
    browser
}
