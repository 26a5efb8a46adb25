//! What an agent is told beside rows: values, plans, bounds on cost, summaries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use serde_json::{Value, json};
use support::{House, unfenced};

/// A house whose analysts have these tools.
async fn with_tools(tools: &str) -> House {
    House::with(|text| text.replace("[limits]", &format!("[profiles.analyst.tools]\n{tools}\n\n[limits]")))
        .await
}

async fn told(house: &House, tool: &str, arguments: Value) -> Value {
    let token = house.token().await;
    house.call(&token, tool, arguments).await["structuredContent"].clone()
}

#[tokio::test]
async fn tables_are_narrowed_by_a_word() {
    let house = House::new().await;
    for (word, expected) in [
        ("ORDER", vec!["public.order_items", "public.orders"]),
        // A comment, and a column.
        ("looks after", vec!["public.my_customers"]),
        ("sku", vec!["public.products"]),
        ("no such thing", vec![]),
    ] {
        let told = told(&house, "list_tables", json!({ "word": word })).await;
        let names: Vec<&str> =
            told["tables"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{word}");
    }
    let arguments: Value =
        sqlx::query_scalar("select arguments from portcullis.attempts order by id limit 1")
            .fetch_one(&house.store)
            .await
            .unwrap();
    assert_eq!(arguments, json!({ "word": "ORDER" }), "the word is on record");
}

#[tokio::test]
async fn a_description_tells_the_values_that_are_marked() {
    let house = House::with(|text| {
        let marked = "{ name = \"public.products\", values = [\"category\"] },\n    \"public.my_customers\"";
        let text = text.replace("\"public.products\",\n    \"public.my_customers\"", marked);
        let marked = "{ name = \"public.customers\", values = [\"email\"] },\n    \"public.orders\",\n    \"public.order_items\"";
        text.replace("\"public.customers\",\n    \"public.orders\",\n    \"public.order_items\"", marked)
    })
    .await;
    let column = |table: &Value, name: &str| {
        table["columns"].as_array().unwrap().iter().find(|column| column["name"] == name).cloned().unwrap()
    };
    let products = told(&house, "describe_table", json!({ "name": "products" })).await;
    let token = house.token().await;
    let (_, rows) = house.query(&token, "select distinct category from products order by 1 limit 50").await;
    let categories: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row[0].as_str().unwrap()).collect();
    assert!(categories.len() > 1, "{categories:?}");
    let category = column(&products, "category");
    assert_eq!((&category["values"], &category["more_values"]), (&json!(categories), &json!(false)));
    assert_eq!(column(&products, "title").get("values"), None, "what is not marked is not told");
    let customers = told(&house, "describe_table", json!({ "name": "customers" })).await;
    let email = column(&customers, "email");
    assert_eq!(email["values"].as_array().unwrap().len(), 50, "so many at most");
    assert_eq!(email["more_values"], true);
}

#[tokio::test]
async fn a_plan_is_told_where_that_is_switched_on() {
    let sql = json!({ "sql": "select city, count(*) from customers group by city" });
    let house = House::new().await;
    let token = house.token().await;
    let answer = house.rpc(&token, "tools/call", json!({ "name": "explain_query", "arguments": sql })).await;
    assert_eq!(answer["error"]["code"], -32602, "there is no such tool: {answer}");

    let house = with_tools("explain_query = true\nmax_cost = 1000000\nsummaries = true").await;
    let token = house.token().await;
    let answer = house.rpc(&token, "tools/list", json!({})).await;
    assert_eq!(answer["result"]["tools"][3]["name"], "explain_query");
    assert!(answer.to_string().len() <= 5_000, "{} bytes", answer.to_string().len());

    let told = told(&house, "explain_query", sql).await;
    assert!(told["cost"].as_f64().unwrap() > 0.0 && told["rows"].as_f64().unwrap() > 0.0, "{told}");
    let nodes = told["nodes"].as_array().unwrap();
    assert_eq!((&nodes[0]["depth"], &nodes[0]["relation"]), (&json!(0), &Value::Null), "{told}");
    assert!(nodes.iter().any(|node| node["relation"] == "public.customers"), "{told}");
    assert_eq!(
        house.record().await,
        [("explain_query".to_owned(), "allowed".to_owned(), None)],
        "a plan is on record like a query"
    );
    let executed: String = sqlx::query_scalar("select executed_sql from portcullis.outcomes")
        .fetch_one(&house.store)
        .await
        .unwrap();
    assert!(executed.starts_with("explain (format json, verbose) /* portcullis attempt="), "{executed}");
}

#[tokio::test]
async fn a_plan_does_not_tell_what_stands_behind_a_view() {
    let house = House::with(|text| {
        // Without its table among the declared, the view's own is nobody's to know.
        let text = text.replace(
            "    \"public.customers\",\n    \"public.orders\",\n    \"public.order_items\"",
            "    \"public.orders\"",
        );
        text.replace("[limits]", "[profiles.analyst.tools]\nexplain_query = true\n\n[limits]")
    })
    .await;
    let told =
        told(&house, "explain_query", json!({ "sql": "select id from my_customers where city = 'Berlin'" }))
            .await;
    assert!(told["cost"].as_f64().unwrap() > 0.0, "{told}");
    assert_eq!(told["nodes"], json!([]));
    assert!(
        told["hint"].as_str().unwrap().contains("behind a view")
            && !told.to_string().contains("public.customers")
    );
}

#[tokio::test]
async fn a_plan_is_refused_like_a_query() {
    let house = with_tools("explain_query = true").await;
    for (sql, reason) in [
        ("select token from secrets", "disallowed_table"),
        ("explain analyze select 1", "non_select_root"),
        ("select 1; select 2", "multi_statement"),
        ("select 'x'::integer", "execution_error"),
    ] {
        let told = told(&house, "explain_query", json!({ "sql": sql })).await;
        assert_eq!((&told["rejection_reason"], &told["cost"]), (&json!(reason), &Value::Null), "{told}");
        assert_ne!((told["hint"].as_str(), told["error"].as_str()), (Some(""), Some("")), "{told}");
    }
}

#[tokio::test]
async fn what_costs_too_much_is_not_run() {
    let house = with_tools("max_cost = 20").await;
    let token = house.token().await;
    let (cheap, rows) = house.query(&token, "select id from customers where id = 1").await;
    assert_eq!((&cheap["rejection_reason"], rows), (&json!(""), json!([[1]])));
    let join = "select count(*) from customers a cross join customers b cross join customers c";
    let told = told(&house, "run_query", json!({ "sql": join })).await;
    assert_eq!(told["rejection_reason"], "over_budget", "{told}");
    let error = unfenced(told["error"].as_str().unwrap());
    assert!(
        error.starts_with("its estimated cost is ") && error.contains("at most 20 is allowed"),
        "{error}"
    );
    assert!(told["hint"].as_str().unwrap().contains("filter more"), "{told}");
    let last = house.record().await.pop().unwrap();
    assert_eq!(last, ("run_query".to_owned(), "refused".to_owned(), Some("over_budget".to_owned())));
    // The columns alone cost nothing.
    let told = self::told(&house, "run_query", json!({ "sql": join, "limit": 0 })).await;
    assert_eq!((&told["rejection_reason"], &told["columns"]), (&json!(""), &json!(["count"])));
}

#[tokio::test]
async fn a_result_that_is_cut_comes_with_a_summary() {
    let house = with_tools("summaries = true").await;
    let sql = "select id, nullif(id % 2, 0) as odd, city from customers where id <= 50 order by id";
    let told = told(&house, "run_query", json!({ "sql": sql, "limit": 9 })).await;
    assert_eq!((&told["row_count"], &told["truncated"]), (&json!(9), &json!(true)));
    let summary: Value = serde_json::from_str(unfenced(told["summary"].as_str().unwrap())).unwrap();
    // One more row than the limit is read, to see that there are more.
    assert_eq!(
        summary[0],
        json!({ "column": "id", "count": 10, "nulls": 0, "distinct": 10, "min": "1", "max": "10" })
    );
    assert_eq!(
        summary[1],
        json!({ "column": "odd", "count": 5, "nulls": 5, "distinct": 1, "min": "1", "max": "1" })
    );
    let whole = self::told(&house, "run_query", json!({ "sql": sql, "limit": 50 })).await;
    assert_eq!((&whole["truncated"], &whole["summary"]), (&json!(false), &json!("")));
    let house = House::new().await;
    let plain = self::told(&house, "run_query", json!({ "sql": sql, "limit": 9 })).await;
    assert_eq!(plain["summary"], "", "off where nobody switched it on");
}
