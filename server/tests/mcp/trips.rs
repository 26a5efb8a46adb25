//! How often something is said to the store.

use crate::relay::relay;
use crate::support::House;
use serde_json::json;
use server::http::router;
use server::wiring;
use sqlx::types::ipnet::IpNet;
use time::OffsetDateTime;

#[tokio::test]
async fn a_call_says_three_things_to_the_store_and_a_stranger_one() {
    let mut house = House::new().await;
    let token = house.token().await;
    let here = std::env::temp_dir().join(format!("portcullis-trips-{}", std::process::id()));
    let relay = relay(here, &house.cluster.socket_dir());
    let connect = &mut house.config.store.options.connect;
    *connect = connect.clone().socket(&relay.folder);
    let portcullis = wiring::portcullis(&house.config, wiring::Surroundings::system()).unwrap();
    house.router = router(wiring::site(&house.config, portcullis));

    let refused = async || {
        let before = relay.said();
        let told = house.call(&token, "run_query", json!({ "sql": "select pg_sleep(1)" })).await;
        assert_eq!(told["isError"], true, "{told}");
        relay.said() - before
    };
    // The first log in and prepare.
    for _ in 0..3 {
        refused().await;
    }
    assert_eq!(refused().await, 3, "who asks, what is asked, what became of it");

    let before = relay.said();
    house.post("portcullis_at_nobody", "{}").await;
    assert!(relay.said() - before <= 1);
    std::fs::remove_dir_all(&relay.folder).unwrap();
}

/// What the server plans anew on each request takes it several times as long.
#[tokio::test]
async fn what_every_call_says_to_the_store_is_planned_once() {
    let house = House::new().await;
    let mut session = house.store.acquire().await.unwrap();
    let (long_ago, hash) = (OffsetDateTime::UNIX_EPOCH, [0_u8; 32]);
    for _ in 0..8 {
        let found = sqlx::query(include_str!("../../../sql/tokens/access.sql"))
            .bind([hash.as_slice()])
            .bind([None::<IpNet>])
            .bind(long_ago)
            .bind(long_ago)
            .bind(10_i32)
            .bind(long_ago)
            .fetch_all(&mut *session)
            .await
            .unwrap();
        assert!(found.is_empty(), "nobody holds this token");
    }
    let sql =
        "select generic_plans, custom_plans from pg_prepared_statements where statement like '%has_session%'";
    let plans: (i64, i64) = sqlx::query_as(sql).fetch_one(&mut *session).await.unwrap();
    assert_eq!(plans, (3, 5), "from the sixth on, PostgreSQL keeps one plan for all");
}
