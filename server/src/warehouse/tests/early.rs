//! What is begun before it is known whether it will be needed.

use std::time::Duration;

use super::{House, order, rows, within};
use crate::warehouse::early::{Early, begin_early};
use crate::warehouse::run::{Statement, read};

#[tokio::test]
async fn what_is_begun_early_is_used_or_ended() {
    let house = House::with("create table t (id int primary key); insert into t values (7)").await;
    let gateway = house.gateway_with(|options| options.pool_size = 1);
    assert!(begin_early(&gateway, &order()).await.is_none(), "nothing has been read yet");
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    gateway.0.expectation.set(true);
    assert!(house.is_calm_within(Duration::from_secs(5)).await);
    let mut early = None;
    assert!(
        within(Duration::from_secs(5), async || {
            early = begin_early(&gateway, &order()).await;
            early.is_some()
        })
        .await,
        "no connection rests"
    );
    assert_eq!(house.busy_sessions().await, 1);
    assert!(begin_early(&gateway, &order()).await.is_none(), "it is the only one");

    let columns = ["id".to_owned()];
    let statement = Statement { text: "select id from public.t", columns: &columns, limit: None };
    let lease = early.and_then(Early::into_lease);
    assert!(lease.is_some());
    assert_eq!(read(&gateway, statement, order(), lease).await.unwrap().rows, "[[7]]");

    assert!(house.is_calm_within(Duration::from_secs(5)).await);
    let mut unused = None;
    assert!(
        within(Duration::from_secs(5), async || {
            unused = begin_early(&gateway, &order()).await;
            unused.is_some()
        })
        .await
    );
    drop(unused);
    assert!(house.is_calm_within(Duration::from_secs(5)).await, "its transaction is still open");
    assert!(begin_early(&gateway, &order()).await.is_none(), "the last one was in vain");
    // The connection is good for the next one.
    assert_eq!(rows(&gateway, "select id from public.t", 1).await, "[[7]]");
}
