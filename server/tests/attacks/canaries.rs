//! Whoever touches a canary is told of, and learns nothing of it.

use crate::support::House;
use serde_json::{Value, json};

async fn house() -> House {
    House::with(|text| {
        text.replace("pool = 16\n", "pool = 16\ncanaries = [\"public.payroll\"]\n").replace(
            "login = \"portcullis_analyst_gateway\"\n",
            "login = \"portcullis_analyst_gateway\"\ncanaries = [\"public.order_items\"]\n",
        )
    })
    .await
}

async fn alerts(house: &House) -> Vec<(String, Value)> {
    let sql = "select subject, detail from portcullis.alerts where kind = 'canary'";
    sqlx::query_as(sql).fetch_all(&house.store).await.unwrap()
}

async fn ask(house: &House, sql: &str) -> Value {
    let token = house.token().await;
    house.call(&token, "run_query", json!({ "sql": sql })).await["structuredContent"].clone()
}

#[tokio::test]
async fn who_reads_a_canary_is_answered_and_told_of_once() {
    let house = house().await;
    ask(&house, "select id from orders limit 1").await;
    assert_eq!(alerts(&house).await, []);
    for _ in 0..2 {
        let told = ask(&house, "select qty from order_items where qty > 0 limit 1").await;
        assert_eq!((&told["row_count"], &told["rejection_reason"]), (&json!(1), &json!("")), "{told}");
    }
    let alerts = alerts(&house).await;
    let [(subject, detail)] = alerts.as_slice() else { panic!("one alert: {alerts:?}") };
    assert_eq!((subject.as_str(), &detail["canary"]), ("demo", &json!("public.order_items")));
    assert_eq!(detail["decision"], "allowed");
    assert!(!detail.to_string().contains("select"), "no statement stands in an alert: {detail}");
}

#[tokio::test]
async fn who_names_a_canary_outside_is_refused_and_told_of() {
    let house = house().await;
    ask(&house, "select * from invoices").await;
    assert_eq!(alerts(&house).await, []);
    let told = ask(&house, "select salary from PUBLIC.payroll").await;
    assert_eq!(told["rejection_reason"], "disallowed_table", "like any other: {told}");
    let alerts = alerts(&house).await;
    assert_eq!(alerts.len(), 1);
    assert_eq!(
        (&alerts[0].1["canary"], &alerts[0].1["decision"]),
        (&json!("public.payroll"), &json!("refused"))
    );
}

#[tokio::test]
async fn a_statement_that_only_looks_like_one_is_nothing() {
    let house = house().await;
    ask(&house, "select payrolls from orders").await;
    assert_eq!(alerts(&house).await, []);
}

#[tokio::test]
async fn a_canary_of_one_warehouse_is_none_of_another() {
    let house = House::with(|text| {
        let url = text.split("[warehouse]\n").nth(1).unwrap().lines().next().unwrap();
        let crm = format!("[warehouses.crm]\n{url}\ncanaries = [\"public.leads\"]\n\n[profiles.analyst]\n");
        text.replace("[profiles.analyst]\n", &format!("{crm}warehouse = \"crm\"\n"))
    })
    .await;
    let token = house.issue("support").await.bearer.reveal().to_owned();
    house.call(&token, "run_query", json!({ "sql": "select id from leads" })).await;
    assert_eq!(alerts(&house).await, []);
    ask(&house, "select id from leads").await;
    assert_eq!(alerts(&house).await[0].1["profile"], "analyst");
}
