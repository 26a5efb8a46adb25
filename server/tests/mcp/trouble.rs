//! What goes wrong in the warehouse or in the store, and what an agent is told of it.

use crate::support::House;
use axum::http::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn postgresql_tells_an_agent_what_is_wrong_with_its_statement() {
    let house = House::new().await;
    let token = house.token().await;
    let (told, _) = house.query(&token, "select 1 / (id - id) from orders").await;
    assert_eq!(told["rejection_reason"], "execution_error");
    assert!(told["error"].as_str().unwrap().contains("division by zero"), "{told}");
    assert_eq!(house.record().await[0].1, "failed");
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let house = House::with(|text| text.replace("statement = \"5s\"", "statement = \"150ms\"")).await;
    let token = house.token().await;
    let slow = "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";
    let (told, _) = house.query(&token, slow).await;
    assert_eq!(told["rejection_reason"], "timeout", "{told}");
}

#[tokio::test]
async fn a_missing_role_is_the_operators_to_mend() {
    let house =
        House::with(|text| text.replace("role = \"portcullis_analyst\"", "role = \"portcullis_nobody\""))
            .await;
    let token = house.token().await;
    let result = house.call(&token, "run_query", json!({ "sql": "select 1" })).await;
    assert_eq!(result["structuredContent"]["rejection_reason"], "misconfigured", "{result}");
}

#[tokio::test]
async fn a_warehouse_that_is_away_is_said_to_be_away() {
    let house = House::with(|text| {
        let lines = text.lines().map(|line| match line.strip_prefix("url = ") {
            Some(url) if url.contains("/shop?") => "url = \"postgresql://localhost:1/shop?host=/nowhere\"",
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    })
    .await;
    let token = house.token().await;
    let result = house.call(&token, "list_tables", json!({})).await;
    assert!(result["content"][0]["text"].as_str().unwrap().contains("unavailable"), "{result}");
    let (told, _) = house.query(&token, "select 1").await;
    assert_eq!(told["rejection_reason"], "unavailable", "{told}");
    assert_eq!(house.record().await.len(), 2);
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_statement_with_it() {
    let house = House::new().await;
    let token = house.token().await;
    let slow = "select count(*) from order_items a, order_items b, order_items c where a.qty + b.qty > c.qty";
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": "run_query", "arguments": { "sql": slow } } });
    let sent = house.post(&token, body.to_string());
    assert!(
        tokio::time::timeout(Duration::from_millis(700), sent).await.is_err(),
        "it should have run for long"
    );
    let running = "select count(*) from pg_stat_activity where state = 'active' and query like '%a%qty%order_items%' and pid <> pg_backend_pid()";
    let mut left = 1;
    for _ in 0..40 {
        left = sqlx::query_scalar::<_, i64>(running).fetch_one(&house.store).await.unwrap();
        if left == 0 && house.count("outcomes").await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(left, 0, "the statement still runs");
    assert_eq!(
        house.record().await,
        [("run_query".to_owned(), "failed".to_owned(), Some("cancelled".to_owned()))]
    );
}

#[tokio::test]
async fn without_a_store_nobody_is_let_in_and_nobody_is_thrown_out() {
    let house = House::new().await;
    let token = house.token().await;
    house.sql("alter role portcullis_app connection limit -1").await;
    house.sql("revoke usage on schema portcullis from portcullis_app").await;
    let answer = house.post(&token, "{}").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_ne!(answer.header("retry-after"), "");
    house.sql("grant usage on schema portcullis to portcullis_app").await;
    assert_eq!(house.rpc(&token, "ping", json!({})).await["result"], json!({}));
}

#[tokio::test]
async fn no_record_no_answer() {
    let house = House::new().await;
    let token = house.token().await;
    house.sql("revoke insert on portcullis.outcomes from portcullis_app").await;
    let params = json!({ "name": "run_query", "arguments": { "sql": "select 'the answer'" } });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let told = house.post(&token, message.to_string()).await;
    let answer = told.json();
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    assert_eq!(answer["error"]["data"]["request_id"], told.header("x-request-id"), "{answer}");
    assert!(!answer.to_string().contains("the answer"), "{answer}");
    assert_eq!((house.count("attempts").await, house.count("outcomes").await), (1, 0));

    house.sql("grant insert on portcullis.outcomes to portcullis_app; revoke insert on portcullis.attempts from portcullis_app").await;
    let answer = house.rpc(&token, "tools/call", params).await;
    assert_eq!(answer["error"]["code"], -32603, "{answer}");
    assert_eq!((house.count("attempts").await, house.count("outcomes").await), (1, 0));
}

#[tokio::test]
async fn the_record_cannot_be_changed() {
    let house = House::new().await;
    let token = house.token().await;
    house.query(&token, "select 1").await;
    let app = sqlx::PgPool::connect(&house.cluster.url("portcullis_app", &house.database)).await.unwrap();
    for relation in ["attempts", "outcomes", "denials", "events"] {
        for deed in ["update {} set at = now()", "delete from {}", "truncate {}"] {
            let sql = deed.replace("{}", &format!("portcullis.{relation}"));
            for pool in [&app, &house.store] {
                let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(pool).await;
                let code = done.unwrap_err().as_database_error().unwrap().code().unwrap().into_owned();
                assert_eq!(code, "42501", "{sql}");
            }
        }
    }
    for login in ["portcullis_support_gateway", "portcullis_analyst_gateway"] {
        let url = house.cluster.url(login, &house.database);
        assert!(sqlx::PgPool::connect(&url).await.is_err(), "{login} can reach the store");
    }
}
