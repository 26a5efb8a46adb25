//! The tools: what is told of them, and of what can be read.

use crate::support::House;
use serde_json::json;

#[tokio::test]
async fn the_tools_are_described_in_five_kilobytes() {
    let house = House::new().await;
    let token = house.token().await;
    let answer = house.rpc(&token, "tools/list", json!({})).await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["list_tables", "describe_table", "run_query"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert!(tool["title"].is_string() && tool["outputSchema"].is_object(), "{tool}");
    }
    assert!(answer.to_string().len() <= 5_000, "{} bytes", answer.to_string().len());
    assert_eq!(
        answer["result"]["tools"],
        house.rpc(&token, "tools/list", json!({})).await["result"]["tools"]
    );
}

#[tokio::test]
async fn the_prompt_that_is_listed_can_be_had() {
    let house = House::new().await;
    let token = house.token().await;
    let listed = house.rpc(&token, "prompts/list", json!({})).await;
    assert_eq!(listed["result"]["prompts"][0]["name"], "explore");
    let params = json!({ "name": "explore", "arguments": { "question": "who buys most?" } });
    let told = house.rpc(&token, "prompts/get", params).await;
    assert!(
        told["result"]["messages"][0]["content"]["text"].as_str().unwrap().contains("who buys most?"),
        "{told}"
    );
}

#[tokio::test]
async fn tables_are_listed_by_name_for_each_profile() {
    let house = House::new().await;
    for (profile, expected) in [
        (
            "analyst",
            vec![
                "public.customers",
                "public.my_customers",
                "public.order_items",
                "public.orders",
                "public.products",
            ],
        ),
        ("support", vec!["public.customers", "public.orders", "public.products"]),
    ] {
        let token = house.issue(profile).await.bearer.reveal().to_owned();
        let told = house.call(&token, "list_tables", json!({})).await["structuredContent"].clone();
        let names: Vec<&str> =
            told["tables"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn a_description_shows_what_the_profile_may_read_and_no_more() {
    let house = House::new().await;
    let token = house.issue("support").await.bearer.reveal().to_owned();
    let told =
        house.call(&token, "describe_table", json!({ "name": "customers" })).await["structuredContent"]
            .clone();
    let columns: Vec<&str> =
        told["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(columns, ["id", "name", "city", "created_at"]);
    assert_eq!(told["primary_key"], json!(["id"]));

    let token = house.token().await;
    let told = house.call(&token, "describe_table", json!({ "name": "\"public\".Orders" })).await["structuredContent"].clone();
    assert_eq!(told["foreign_keys"][0]["references"], "public.customers", "{told}");
    let channel =
        told["columns"].as_array().unwrap().iter().find(|column| column["name"] == "channel").unwrap();
    assert_eq!(channel["enum"], json!(["web", "app", "phone", "store"]));
}

#[tokio::test]
async fn hidden_and_missing_tables_are_told_apart_by_nothing() {
    let house = House::new().await;
    let token = house.token().await;
    let mut told = Vec::new();
    for name in ["public.secrets", "hr.salaries", "public.nothing_", "pg_catalog.pg_authid"] {
        let result = house.call(&token, "describe_table", json!({ "name": name })).await;
        assert_eq!(result["isError"], true);
        told.push(result["content"][0]["text"].as_str().unwrap().replace(name, "X"));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(house.record().await.last().unwrap().2.as_deref(), Some("disallowed_table"));
}
