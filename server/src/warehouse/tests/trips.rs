//! How often we wait for the server.

#[path = "../../../tests/support/relay.rs"]
mod relay;

use std::time::Duration;

use self::relay::relay;
use super::{CLUSTER, House, ask_as, order, rows};
use crate::warehouse::Order;

#[tokio::test]
async fn five_round_trips_answer_a_statement_and_three_the_next_of_its_shape() {
    let house = House::with("create table t (id int primary key); insert into t values (1)").await;
    let here = std::env::temp_dir().join(format!("portcullis-relay-{}", std::process::id()));
    let relay = relay(here, &CLUSTER.get().unwrap().socket_dir());
    let gateway =
        house.gateway_with(|options| options.connect = options.connect.clone().socket(&relay.folder));

    let count = async |sql: &str, order: Order<'_>| {
        let before = relay.said();
        ask_as(&gateway, sql, 1, order).await.unwrap();
        let answered = relay.said() - before;
        tokio::time::sleep(Duration::from_millis(100)).await;
        (answered, relay.said() - before)
    };
    // The log-in comes first, a rollback comes last, after the answer.
    assert_eq!(count("select id from public.t where id = 1", order()).await, (6, 7));
    assert_eq!(count("select id from public.t where id < 1", order()).await, (5, 6));
    assert_eq!(count("select id from public.t where id = 2", order()).await, (3, 4));
    let none = Order { limit: Some(0), ..order() };
    assert_eq!(count("select id from public.t where id = 2", none).await, (3, 4));
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    std::fs::remove_dir_all(&relay.folder).unwrap();
}
