//! The MCP endpoint from outside: the whole router on a real PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod support;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use support::{House, request, unfenced};

#[tokio::test]
async fn both_addresses_answer_without_a_redirect() {
    let house = House::new().await;
    let token = house.token().await;
    for path in ["/mcp/sql/", "/mcp/sql"] {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
        let request = request(&token).uri(path).body(Body::from(body)).unwrap();
        let answer = house.send(request).await;
        assert_eq!((answer.status, answer.json()["result"].clone()), (StatusCode::OK, json!({})), "{path}");
    }
}

#[tokio::test]
async fn both_eras_are_served() {
    let house = House::new().await;
    let token = house.token().await;
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        let answer = house.rpc(&token, "initialize", params).await;
        assert_eq!(answer["result"]["protocolVersion"], version, "{answer}");
        assert!(answer["result"]["instructions"].as_str().unwrap().contains("untrusted-data"), "{answer}");
    }
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "server/discover",
        "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        } },
    });
    let request = request(&token)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "server/discover")
        .body(Body::from(message.to_string()))
        .unwrap();
    let answer = house.send(request).await.json();
    let versions = answer["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2026-07-28")), "{answer}");
}

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
async fn wrong_arguments_are_tool_errors_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    for arguments in [
        json!({ "sql": 5 }),
        json!({}),
        json!({ "sql": "select 1", "limit": -1 }),
        json!({ "sql": "select 1", "x\u{0}": "\u{0}" }),
    ] {
        let result = house.call(&token, "run_query", arguments).await;
        assert_eq!(result["isError"], true, "{result}");
    }
    let record = house.record().await;
    assert_eq!(record.len(), 4);
    assert!(
        record
            .iter()
            .all(|(tool, _, reason)| tool == "run_query" && reason.as_deref() == Some("invalid_request"))
    );
}

#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    let answer = house.rpc(&token, "tools/call", json!({ "name": "drop_table", "arguments": {} })).await;
    assert_eq!(answer["error"]["code"], -32602, "{answer}");
    assert_eq!(
        house.record().await,
        [("drop_table".to_owned(), "refused".to_owned(), Some("invalid_request".to_owned()))]
    );
}

#[tokio::test]
async fn bodies_that_are_no_message_are_told_so_and_on_record() {
    let house = House::new().await;
    let token = house.token().await;
    let big = vec![b' '; (1 << 20) + 1];
    let cases: [(Vec<u8>, StatusCode, i64); 7] = [
        (b"{\"jsonrpc\"".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"\xff\xfe".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"".to_vec(), StatusCode::BAD_REQUEST, -32700),
        (b"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]".to_vec(), StatusCode::BAD_REQUEST, -32600),
        (b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}".to_vec(), StatusCode::BAD_REQUEST, -32600),
        (
            b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":5}}".to_vec(),
            StatusCode::BAD_REQUEST,
            -32602,
        ),
        (big, StatusCode::PAYLOAD_TOO_LARGE, -32600),
    ];
    let count = i64::try_from(cases.len()).unwrap();
    for (body, status, code) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = house.post(&token, body).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_i64().unwrap()),
            (status, code),
            "{shown}"
        );
    }
    assert_eq!((house.count("attempts").await, house.count("outcomes").await), (count, count));
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

#[tokio::test]
async fn strangers_are_challenged() {
    let house = House::new().await;
    let bare = Request::post("/mcp/sql/").body(Body::empty()).unwrap();
    let answer = house.send(bare).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer.header("www-authenticate").starts_with("Bearer "),
        "{}",
        answer.header("www-authenticate")
    );
    assert!(!answer.header("www-authenticate").contains("error="), "no token is no error");
    for token in ["x", "pcat_", "pcat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = house.post(token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
    }
    let uri = format!("/mcp/sql/?access_token={}", house.token().await);
    let answer = house.send(Request::post(uri).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a token in the address is not read");
    assert_eq!(house.count("attempts").await + house.count("denials").await, 0, "strangers leave no rows");
}

#[tokio::test]
async fn every_gate_is_checked_on_every_request() {
    let cases = [
        ("token_revoked", "update portcullis.tokens set revoked_at = now(), revoked_by = 'x'"),
        ("client_disabled", "update portcullis.clients set disabled_at = now()"),
        ("wrong_audience", "update portcullis.tokens set audience = 'https://elsewhere/mcp/sql/'"),
        ("bad_scope", "update portcullis.tokens set scope = 'openid'"),
        ("inactive_or_non_staff", "update portcullis.people set active = false"),
        ("inactive_or_non_staff", "update portcullis.people set staff = false"),
        (
            "no_perm",
            "update portcullis.assignments set ended_at = now(), ended_by = 'x' where profile = 'analyst'",
        ),
        ("no_perm", "update portcullis.tokens set profile = 'gone'"),
    ];
    for (reason, shut) in cases {
        let house = House::new().await;
        let token = house.token().await;
        assert_eq!(house.rpc(&token, "ping", json!({})).await["result"], json!({}));
        house.sql(shut).await;
        let answer = house.post(&token, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{reason}");
        assert!(answer.header("www-authenticate").contains("invalid_token"));
        let denials: Vec<(String, String)> = sqlx::query_as("select reason, person from portcullis.denials")
            .fetch_all(&house.store)
            .await
            .unwrap();
        assert_eq!(denials, [(reason.to_owned(), "demo".to_owned())]);
    }
}

#[tokio::test]
async fn an_expired_token_is_as_good_as_none() {
    let house = House::new().await;
    let token = house.token().await;
    house.sql("update portcullis.tokens set issued_at = now() - interval '2 h', expires_at = now() - interval '1 s'").await;
    assert_eq!(house.post(&token, "{}").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.count("denials").await, 0);
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

#[tokio::test]
async fn foreign_origins_and_hosts_are_refused() {
    let house = House::new().await;
    let token = house.token().await;
    let body = || Body::from(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string());
    let from = |origin: &str| request(&token).header("origin", origin).body(body()).unwrap();
    assert_eq!(house.send(from("https://evil.example.com")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.send(from("http://127.0.0.1:8700")).await.status, StatusCode::OK);
    let mut rebound = request(&token).body(body()).unwrap();
    rebound.headers_mut().insert("host", "evil.example.com".parse().unwrap());
    assert_eq!(house.send(rebound).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn other_methods_and_kinds_are_refused_only_behind_the_door() {
    let house = House::new().await;
    let token = house.token().await;
    for method in ["GET", "DELETE", "PUT"] {
        let bare = Request::builder().method(method).uri("/mcp/sql/").body(Body::empty()).unwrap();
        assert_eq!(house.send(bare).await.status, StatusCode::UNAUTHORIZED, "{method}");
        let known = request(&token).method(method).body(Body::empty()).unwrap();
        assert_eq!(house.send(known).await.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[tokio::test]
async fn every_answer_has_its_headers_and_unknown_documents_are_json() {
    let house = House::new().await;
    for (path, kind) in
        [("/", "text/html"), ("/nothing", "text/html"), ("/.well-known/nothing", "application/json")]
    {
        let answer = house.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(answer.header("content-type").starts_with(kind), "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-request-id").len(), 36);
        assert!(!answer.body.contains("<script"), "{path}");
    }
}
