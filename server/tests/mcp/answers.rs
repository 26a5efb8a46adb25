//! Answers of `run_query`, and refusals.

use crate::support::{House, unfenced};
use serde_json::{Value, json};

#[tokio::test]
async fn a_query_is_answered_fenced_and_recorded() {
    let house = House::new().await;
    let token = house.token().await;
    let result = house
        .call(&token, "run_query", json!({ "sql": "select id, city from customers order by id limit 2" }))
        .await;
    let told = &result["structuredContent"];
    assert_eq!(result["isError"], false);
    assert_eq!(told["columns"], json!(["id", "city"]));
    assert_eq!((&told["row_count"], &told["truncated"]), (&json!(2), &json!(false)));
    assert_eq!(told["rejection_reason"], "");
    let rows: Value = serde_json::from_str(unfenced(told["rows"].as_str().unwrap())).unwrap();
    assert_eq!(rows[0][0], 1);
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(&text, told, "text and structure say the same");

    let again = house.call(&token, "run_query", json!({ "sql": "select 1" })).await;
    let fence = |value: &Value| value["data_handling"].as_str().unwrap().to_owned();
    assert_ne!(fence(told), fence(&again["structuredContent"]), "each answer has a fence of its own");

    let row: (String, String, String, String, String, Vec<String>, i64, bool) = sqlx::query_as(
        "select person, profile, sql, canonical_sql, executed_sql, relations, row_count, truncated \
         from portcullis.attempts join portcullis.outcomes on attempt_id = id order by attempts.id limit 1",
    )
    .fetch_one(&house.store)
    .await
    .unwrap();
    assert_eq!((row.0.as_str(), row.1.as_str()), ("demo", "analyst"));
    assert_eq!(row.2, "select id, city from customers order by id limit 2");
    assert!(row.3.contains("\"public\".\"customers\""), "{}", row.3);
    assert!(row.4.contains(&row.3), "{}", row.4);
    assert_eq!((row.5, row.6, row.7), (vec!["public.customers".to_owned()], 2, false));
}

#[tokio::test]
async fn the_smallest_cap_holds_and_only_ours_counts_as_truncation() {
    let house = House::new().await;
    let token = house.token().await;
    for (sql, limit, rows, truncated) in [
        ("select id from orders", Value::Null, 10, true),
        ("select id from orders", json!(3), 3, true),
        ("select id from orders limit 3", json!(50), 3, false),
        ("select id from orders limit 3", Value::Null, 3, false),
        ("select id from orders limit 50", json!(2), 2, true),
        ("select id from orders limit 5000", Value::Null, 100, true),
        ("select id from orders", json!(1_000_000), 100, true),
        ("select count(*) from orders", Value::Null, 1, false),
        ("select id from orders", json!(0), 0, false),
    ] {
        let told =
            house.call(&token, "run_query", json!({ "sql": sql, "limit": limit })).await["structuredContent"]
                .clone();
        assert_eq!(
            (&told["row_count"], &told["truncated"]),
            (&json!(rows), &json!(truncated)),
            "{sql} {limit}: {told}"
        );
        assert_eq!(told["hint"] != "", truncated, "{told}");
    }
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    let house = House::new().await;
    let token = house.token().await;
    let (_, rows) = house
        .query(&token, "select 9007199254740993::bigint, 12345678901234567890.123456789::numeric, 'NaN'::float8, 1.5::float8, 7")
        .await;
    assert_eq!(rows, json!([["9007199254740993", "12345678901234567890.123456789", "NaN", 1.5, 7]]));
}

#[tokio::test]
async fn a_refusal_names_its_reason_and_what_to_do() {
    let house = House::new().await;
    let support = house.issue("support").await.bearer.reveal().to_owned();
    for (sql, reason, hint) in [
        ("select * from customers", "select_star", "id"),
        ("select emial from customers", "disallowed_column", "name"),
        ("select email from customers", "disallowed_column", "city"),
        ("select id from secrets", "disallowed_table", "customers, orders"),
        ("select id from custommers", "disallowed_table", "customers"),
        ("select id from orders order by id offset 5", "disallowed_construct", "where"),
        ("delete from orders", "non_select_root", "select"),
        ("select 1; select 2", "multi_statement", "one"),
    ] {
        let result = house.call(&support, "run_query", json!({ "sql": sql })).await;
        let told = &result["structuredContent"];
        assert_eq!(result["isError"], true, "{sql}");
        assert_eq!(told["rejection_reason"], reason, "{sql}: {told}");
        assert!(told["hint"].as_str().unwrap().to_lowercase().contains(hint), "{sql}: {told}");
        assert!(unfenced(told["error"].as_str().unwrap()).len() > 5, "{told}");
        assert_eq!(unfenced(told["rows"].as_str().unwrap()), "[]");
    }
    assert!(house.record().await.iter().all(|(_, decision, _)| decision == "refused"));
}

#[tokio::test]
async fn a_row_scoped_view_shows_each_person_their_own() {
    let house = House::new().await;
    let token = house.token().await;
    let (told, rows) = house.query(&token, "select count(*) from my_customers").await;
    let all: i64 = sqlx::query_scalar(
        "select count(*) from public.customers where account_manager = 'demo@example.com'",
    )
    .fetch_one(&sqlx::PgPool::connect(&house.cluster.superuser_url("shop")).await.unwrap())
    .await
    .unwrap();
    assert!(all > 0);
    assert_eq!(rows, json!([[all]]), "{told}");
}

#[tokio::test]
async fn hostile_statements_are_answered_in_time() {
    let house = House::new().await;
    let token = house.token().await;
    let hostile = [
        "(".repeat(10_000),
        format!("select {}1{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("select 1{}", "+1".repeat(20_000)),
        "select 'a\0b'".to_owned(),
        format!("select {}", vec!["1"; 100_000].join(",")),
    ];
    for sql in &hostile {
        let (told, _) = house.query(&token, sql).await;
        assert_ne!(told["rejection_reason"], "", "{}", &sql[..40.min(sql.len())]);
    }
    assert_eq!(house.record().await.len(), hostile.len());
}
