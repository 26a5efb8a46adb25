//! Calls that are made at once: what they want of the store is said together, and yet each stands for itself.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use support::{Answer, House};
use tokio::task::JoinHandle;

/// Asks for that without waiting for it.
fn ask(house: &Arc<House>, token: &str, sql: &str) -> JoinHandle<Answer> {
    let (house, token) = (Arc::clone(house), token.to_owned());
    let params = json!({ "name": "run_query", "arguments": { "sql": sql } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    tokio::spawn(async move { house.post(&token, message.to_string()).await })
}

async fn number(house: &House, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&house.store).await.unwrap()
}

/// Waits until that counts up to so many.
async fn until(house: &House, sql: &'static str, wanted: i64) {
    tokio::time::timeout(Duration::from_secs(30), async {
        while number(house, sql).await != wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .unwrap_or_else(|_| panic!("it never came to {wanted}: {sql}"));
}

const ATTEMPTS: &str = "select count(*) from portcullis.attempts";
/// Sessions that wait for a lock.
const WAITING: &str =
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";

#[tokio::test]
async fn the_record_of_calls_made_at_once_is_written_together() {
    let house = Arc::new(House::new().await);
    let token = house.token().await;
    // While one outcome waits, the others gather.
    let mut lock = house.store.begin().await.unwrap();
    sqlx::query("lock table portcullis.outcomes in share mode").execute(&mut *lock).await.unwrap();
    let first = ask(&house, &token, "select 1");
    until(&house, WAITING, 1).await;
    let others: Vec<_> = (0..20)
        .map(|n| match n % 4 {
            0 => ask(&house, &token, "select token from secrets"),
            _ => {
                ask(&house, &token, &format!("select lower('a{n}\"\\,{{}}'), id from orders where id = {n}"))
            }
        })
        .collect();
    until(&house, ATTEMPTS, 21).await;
    lock.commit().await.unwrap();
    for call in std::iter::once(first).chain(others) {
        assert!(call.await.unwrap().json()["result"].is_object());
    }
    assert_eq!(
        number(
            &house,
            "select count(*) from portcullis.outcomes join portcullis.attempts on id = attempt_id"
        )
        .await,
        21
    );
    // What one transaction wrote bears its number.
    assert!(number(&house, "select count(distinct xmin::text) from portcullis.outcomes").await < 21);
    let right = "select count(*) from portcullis.outcomes join portcullis.attempts on id = attempt_id
        where decision = 'allowed' and relations = '{public.orders}' and functions <> '{}' and row_count <= 1
          and position(substring(sql from 'a[0-9]+') in canonical_sql) > 0 and executed_sql like '%' || attempt_id || '%'";
    assert_eq!(number(&house, right).await, 15);
    let refused = "select count(*) from portcullis.outcomes where reason = 'disallowed_table' and subject like '%secrets%'";
    assert_eq!(number(&house, refused).await, 5);
}

#[tokio::test]
async fn a_row_that_the_store_will_not_have_withholds_its_own_answer_alone() {
    let house = Arc::new(House::new().await);
    let token = house.token().await;
    house.sql("alter table portcullis.outcomes add constraint no_secrets check (reason is distinct from 'disallowed_table')").await;
    let calls: Vec<_> = (0..24)
        .map(|n| {
            let sql = if n % 6 == 0 { "select token from secrets" } else { "select 1" };
            (n % 6 == 0, ask(&house, &token, sql))
        })
        .collect();
    for (is_withheld, call) in calls {
        let answer = call.await.unwrap().json();
        assert_eq!(answer["error"].is_object(), is_withheld, "{answer}");
    }
    assert_eq!(house.count("attempts").await, 24);
    assert_eq!(house.count("outcomes").await, 20);
}

#[tokio::test]
async fn a_caller_who_goes_away_takes_no_row_along() {
    let house = Arc::new(House::new().await);
    let token = house.token().await;
    let mut lock = house.store.begin().await.unwrap();
    sqlx::query("lock table portcullis.outcomes in share mode").execute(&mut *lock).await.unwrap();
    let gone = ask(&house, &token, "select 1");
    until(&house, WAITING, 1).await;
    let stays = ask(&house, &token, "select 2");
    let gone_as_well = ask(&house, &token, "select 3");
    until(&house, ATTEMPTS, 3).await;
    gone.abort();
    gone_as_well.abort();
    lock.commit().await.unwrap();
    assert!(stays.await.unwrap().json()["result"].is_object());
    // The end of the program waits for the same.
    tokio::time::timeout(Duration::from_secs(20), house.portcullis.settled()).await.unwrap();
    assert_eq!(house.count("outcomes").await, 3);
}

#[tokio::test]
async fn bearers_who_come_at_once_are_told_apart() {
    let house = Arc::new(House::new().await);
    let (analyst, support) = (house.token().await, house.issue("support").await);
    let stranger: String = analyst
        .chars()
        .enumerate()
        .map(|(n, c)| if n == 20 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    let calls: Vec<_> = (0..60)
        .map(|n| {
            let token = [analyst.as_str(), support.bearer.reveal(), stranger.as_str()][n % 3];
            (n % 3, ask(&house, token, "select count(*) from order_items"))
        })
        .collect();
    for (who, call) in calls {
        let answer = call.await.unwrap();
        match who {
            0 => assert_eq!(answer.json()["result"]["isError"], false),
            1 => assert!(answer.body.contains("disallowed_table"), "{}", answer.body),
            _ => assert_eq!(answer.status, 401),
        }
    }
    assert_eq!(number(&house, "select count(distinct token_id) from portcullis.attempts").await, 2);
    assert_eq!(house.count("attempts").await, 40);
}
