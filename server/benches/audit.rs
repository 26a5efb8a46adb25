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
#[path = "audit/filters.rs"]
mod filters;
#[path = "audit/seed.rs"]
mod seed;
mod support;

use browser::Browser;
use filters::Asked;
use server::config::Config;
use server::flow::Portcullis;
use server::flow::add_person::{PersonWish, add_person};
use server::flow::enrol_factor::enrol_known;
use server::flow::export::{Export, Format, Wanted};
use server::flow::people::find;
use server::http::router;
use server::model::person::Powers;
use server::model::review::CallFilter;
use server::model::totp::TotpSecret;
use server::wiring::{self, Surroundings};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use support::program::Ground;

const PASSWORD: &str = "lantern violet seven";
const ROWS: u64 = 5_000_000;
/// Different values of each class of filters.
const VARIANTS: u64 = 20;
/// Of those, how many are read at their thousandth page as well; finding that page takes long.
const DEEP: u64 = 4;
const REPEATS: usize = 5;

fn main() {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(measure(rows));
}

async fn measure(rows: u64) {
    let folder = std::env::temp_dir().join(format!("portcullis-audit-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    open_to_postgres(&folder);
    let ground = Ground::prepare(&folder).await;
    let text = std::fs::read_to_string(folder.join("portcullis.toml")).expect("the configuration");
    let config = Config::parse(&text, &folder, &|_| None).expect("a configuration");
    let portcullis = wiring::portcullis(&config, Surroundings::system()).expect("a program");
    seed::seed(&ground.cluster, rows).await;
    let store = PgPool::connect(&seed::store_url(&ground.cluster)).await.expect("the store");
    let mut browser = auditor(&config, &portcullis).await;
    pages(&mut browser, &store).await;
    others(&mut browser, &store).await;
    export(&portcullis, rows).await;
    store.close().await;
    seed::begin_anew(&ground.cluster, &portcullis).await;
    ground.cluster.stop().await.expect("PostgreSQL stops");
    let _ = std::fs::remove_dir_all(&folder);
}

/// Where PostgreSQL runs as another user, that user must get to its files.
fn open_to_postgres(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("the folder is ours");
}

/// Pages as a browser gets them, with everything that the server does for them.
async fn pages(browser: &mut Browser, store: &PgPool) {
    println!(
        "pages of calls (at most 50 ms)              first page, p50, p95, max        1,000th page   stopped early"
    );
    let (mut all, mut largest) = (Vec::new(), 0);
    for class in filters::classes() {
        let (mut first, mut deep) = (Taken::default(), Taken::default());
        for n in 0..VARIANTS {
            let Asked { query, condition } = (class.make)(n);
            let address = format!("/audit/queries?{query}");
            first.page(browser, &address).await;
            if n < DEEP
                && let Some(place) = filters::thousandth(store, &condition).await
            {
                deep.page(browser, &format!("{address}&before={place}")).await;
            }
        }
        let stopped =
            100.0 * (first.stopped + deep.stopped) as f64 / (first.times.len() + deep.times.len()) as f64;
        println!("  {:<34} {}   {}   {stopped:>5.1} %", class.name, line(&first.times), line(&deep.times));
        largest = largest.max(first.largest).max(deep.largest);
        all.extend(first.times);
        all.extend(deep.times);
    }
    println!("  {:<34} {}", "all of them", line(&all));
    println!("  the largest page has {largest} bytes of HTML (at most 60,000)\n");
}

/// How long pages took.
#[derive(Default)]
struct Taken {
    times: Vec<Duration>,
    stopped: usize,
    largest: usize,
}

impl Taken {
    /// The same page a few times, the first of them unprepared.
    async fn page(&mut self, browser: &mut Browser, address: &str) {
        for _ in 0..REPEATS {
            let begun = Instant::now();
            let answer = browser.get(address).await.is(200);
            self.times.push(begun.elapsed());
            self.stopped += usize::from(answer.html.contains("Keep looking"));
            self.largest = self.largest.max(answer.html.len());
        }
    }
}

async fn others(browser: &mut Browser, store: &PgPool) {
    println!("other pages, p50, p95, max");
    let sql =
        "select id from portcullis.calls where decision = 'refused' order by id desc offset 1000 limit 1";
    let call: uuid::Uuid = sqlx::query_scalar(sql).fetch_one(store).await.expect("a call");
    for (address, most) in [
        (format!("/audit/queries/{call}"), 50),
        ("/audit/denials".to_owned(), 50),
        ("/audit/denials?person=person_7&reason=no_mfa".to_owned(), 50),
        ("/audit/events".to_owned(), 50),
        ("/usage?window=1h".to_owned(), 100),
        ("/usage?window=24h".to_owned(), 100),
        ("/usage?window=7d".to_owned(), 100),
        ("/usage/person_0".to_owned(), 100),
        ("/?window=1h".to_owned(), 100),
        ("/?window=24h".to_owned(), 100),
        ("/?window=7d".to_owned(), 100),
    ] {
        let mut taken = Taken::default();
        for _ in 0..VARIANTS / REPEATS as u64 {
            taken.page(browser, &address).await;
        }
        let shown = address.replace(&call.to_string(), "{id}");
        println!("  {shown:<46} {} (at most {most}), {} bytes", line(&taken.times), taken.largest);
    }
    println!();
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

/// A fifth of a year: a million of five.
async fn export(portcullis: &Portcullis, rows: u64) {
    let from = portcullis.now() - time::Duration::days(73);
    let from = (rows >= 2_000_000).then_some(from);
    let person =
        find(portcullis, &"bench".parse().expect("a name")).await.expect("a person").expect("a person");
    for format in [Format::Csv, Format::Ndjson] {
        let filter = CallFilter { from, ..CallFilter::default() };
        let before = memory("VmRSS:");
        // Forgets the most that it ever was (proc(5)).
        std::fs::write("/proc/self/clear_refs", "5").expect("this is Linux");
        let begun = Instant::now();
        let mut export =
            Export::begin(portcullis, &person, Wanted::Calls(filter), format).await.expect("an export");
        let (mut bytes, mut lines) = (0, 0);
        while let Some(piece) = export.piece().await.expect("a piece") {
            bytes += piece.len();
            lines += piece.bytes().filter(|byte| *byte == b'\n').count();
        }
        let took = begun.elapsed().as_secs_f64();
        println!(
            "export as {}: {lines} lines, {:.0} MB in {took:.1} s ({:.0} lines/s); memory {:.1} MB before, {:.1} MB more at most (at most 60)",
            format.code(),
            bytes as f64 / 1e6,
            lines as f64 / took,
            before / 1e6,
            (memory("VmHWM:") - before) / 1e6,
        );
    }
}

/// Bytes, as the kernel tells them of this process.
fn memory(key: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(key)).expect("the kernel tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
}

fn line(times: &[Duration]) -> String {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return "    there is none       ".to_owned();
    }
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    format!("{:>5.1} {:>5.1} {:>6.1} ms", at(0.5), at(0.95), at(1.0))
}
