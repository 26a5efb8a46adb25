//! Every page of the record under every filter that it offers, and the pages that sum the record up.

use super::browser::Browser;
use super::filters::{self, Asked};
use super::taken::{Missed, Taken};
use sqlx::{AssertSqlSafe, PgPool};

/// Different values of each class of filters.
const VARIANTS: u64 = 20;
/// Of those, how many are read at their thousandth page as well; finding that page takes long.
const DEEP: u64 = 4;
/// Rounds over the pages without a filter.
const ROUNDS: usize = 4;

/// What an audit page may take, and what a page of sums may, in milliseconds.
const AUDIT_MS: f64 = 50.0;
const SUMS_MS: f64 = 100.0;

/// The list of calls: every filter on its own, and combinations of every kind.
pub async fn calls(browser: &mut Browser, store: &PgPool, missed: &mut Missed) {
    head("calls");
    let mut all = Taken::default();
    for class in filters::classes() {
        let (mut first, mut deep) = (Taken::default(), Taken::default());
        for n in 0..VARIANTS {
            let Asked { query, condition } = (class.make)(n);
            let address = format!("/audit/queries?{query}");
            first.page(browser, &address).await;
            if n < DEEP
                && let Some(place) = filters::thousandth(store, "calls", &condition).await
            {
                deep.page(browser, &format!("{address}&before={place}")).await;
            }
        }
        told(class.name, &first, &deep, missed);
        all.add(first);
        all.add(deep);
    }
    println!("  {:<34} {}\n", "all of them", all.line());
}

fn head(noun: &str) {
    println!(
        "{:<36} first page, p50, p95, max        1,000th page   stopped early",
        format!("pages of {noun} (at most {AUDIT_MS} ms)")
    );
}

fn told(name: &str, first: &Taken, deep: &Taken, missed: &mut Missed) {
    let over = [
        missed.hold(&format!("{name}, first page"), first, AUDIT_MS),
        missed.hold(&format!("{name}, 1,000th page"), deep, AUDIT_MS),
    ];
    let (stopped, over) = (first.stopped().max(deep.stopped()), over.concat());
    println!("  {name:<34} {}   {}   {stopped:>5.1} %{over}", first.line(), deep.line());
}

/// The lists of denials and events, and every page that is no list.
pub async fn others(browser: &mut Browser, store: &PgPool, missed: &mut Missed) {
    for (noun, filters) in filters::of_others() {
        head(noun);
        for (query, condition) in filters {
            let address = format!("/audit/{noun}?{query}");
            let (mut first, mut deep) = (Taken::default(), Taken::default());
            for _ in 0..ROUNDS {
                first.page(browser, &address).await;
            }
            if let Some(place) = filters::thousandth(store, noun, condition).await {
                for _ in 0..ROUNDS {
                    deep.page(browser, &format!("{address}&before={place}")).await;
                }
            }
            told(if query.is_empty() { "nothing" } else { query }, &first, &deep, missed);
        }
        println!();
    }
    println!("other pages                                    p50, p95, max");
    let call = one(store, "select id from portcullis.calls where decision = 'refused'").await;
    let denial = one(store, "select id from portcullis.denials where true").await;
    for (address, most) in [
        (format!("/audit/queries/{call}"), AUDIT_MS),
        (format!("/audit/denials/{denial}"), AUDIT_MS),
        ("/usage?window=1h".to_owned(), SUMS_MS),
        ("/usage?window=24h".to_owned(), SUMS_MS),
        ("/usage?window=7d".to_owned(), SUMS_MS),
        ("/usage/person_0".to_owned(), SUMS_MS),
        ("/?window=1h".to_owned(), SUMS_MS),
        ("/?window=24h".to_owned(), SUMS_MS),
        ("/?window=7d".to_owned(), SUMS_MS),
    ] {
        let mut taken = Taken::default();
        for _ in 0..ROUNDS {
            taken.page(browser, &address).await;
        }
        let name = address.replace(&call, "{id}").replace(&denial, "{id}");
        let over = missed.hold(&name, &taken, most);
        println!("  {name:<44} {} (at most {most}){over}", taken.line());
    }
    println!();
}

/// One from among the newest.
async fn one(store: &PgPool, sql: &'static str) -> String {
    let sql = format!("{sql} order by id desc offset 100 limit 1");
    let id: uuid::Uuid = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(store).await.expect("there is one");
    id.to_string()
}
