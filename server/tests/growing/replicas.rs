//! A program that reads a real standby of its warehouse.

use crate::standby::{PRIMARY, Standby};
use crate::web::{query, rows, send};
use crate::world::{World, until};
use hyper::Request;
use serde_json::json;
use server::embedded::{Cluster, shop};
use sqlx::{Connection, PgConnection};
use std::time::Duration;

const ORDERS: &str = "select count(*) from orders where id < 0";

/// The world's store, with the shop on a server of its own and a standby of that.
async fn shop_with_standby(world: &World) -> (Cluster, Standby, String) {
    let primary = Cluster::ephemeral_with(&PRIMARY).await.unwrap();
    shop::seed_small(&primary).await.unwrap();
    let standby = Standby::of(&primary.superuser_url(shop::WAREHOUSE)).await;
    let here = format!("url = \"{}\"\n", world.cluster.url("nobody", shop::WAREHOUSE));
    assert!(world.text.contains(&here));
    let there = format!(
        "url = \"{}\"\nreplicas = [\"{}\"]\nmax_lag = \"5s\"\n",
        primary.url("nobody", shop::WAREHOUSE),
        standby.url("nobody", shop::WAREHOUSE),
    );
    let text = world.text.replace(&here, &there);
    (primary, standby, text)
}

#[tokio::test]
async fn an_answer_tells_how_old_it_is_and_is_none_where_it_is_too_old() {
    let world = World::new().await;
    world.person("ada").await;
    let token = world.token("ada", "analyst").await;
    let (primary, mut standby, text) = shop_with_standby(&world).await;
    let only_standbys = text.replace("max_lag", "target_session_attrs = \"standby\"\nmax_lag");
    let (with_primary, alone) = (world.serve(&text), world.serve(&only_standbys));
    for program in [&with_primary, &alone] {
        let told = query(program.address, &token, ORDERS).await;
        assert_eq!((rows(&told), told["hint"].as_str()), (json!([[0]]), Some("")), "{told}");
        assert!(told["lag_seconds"].as_f64().is_some_and(|lag| lag < 1.0), "{told}");
    }

    // Something happens at the primary that the standby has not replayed.
    let write = async || {
        let mut root = PgConnection::connect(&primary.superuser_url(shop::WAREHOUSE)).await.unwrap();
        sqlx::raw_sql("update products set stock = stock + 1 where id = 1").execute(&mut root).await.unwrap();
    };
    write().await;
    until("the standby has replayed that", async || standby.has_replayed().await).await;
    until("the standby is current", async || {
        query(alone.address, &token, ORDERS).await["lag_seconds"] == 0.0
    })
    .await;
    standby.say("select pg_wal_replay_pause()").await;
    write().await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let told = query(alone.address, &token, ORDERS).await;
    assert!(told["lag_seconds"].as_f64().is_some_and(|lag| lag >= 1.1), "{told}");
    assert!(
        told["hint"].as_str().unwrap().starts_with("these rows come from a standby, as they were "),
        "{told}"
    );

    let watchers = alone.listens("telling health");
    let metrics = send(watchers, Request::get("/metrics"), String::new()).await.unwrap().body;
    let lag =
        metrics.lines().find(|line| line.starts_with("portcullis_warehouse_lag_seconds{server=")).unwrap();
    assert!(lag.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap() >= 1.1, "{lag}");

    let too_old = async || query(alone.address, &token, ORDERS).await["rejection_reason"] == "unavailable";
    until("it is too old", too_old).await;
    let told = query(alone.address, &token, ORDERS).await;
    assert!(
        told["error"].as_str().unwrap().contains("behind its primary, and at most 5 s are allowed"),
        "{told}"
    );
    let told = query(with_primary.address, &token, ORDERS).await;
    assert_eq!((rows(&told), &told["lag_seconds"]), (json!([[0]]), &json!(null)), "{told}");
    assert!(with_primary.logs("is passed over").contains("behind its primary"));

    // It is on record why there was no answer.
    let why = "select error from portcullis.outcomes where decision = 'failed'";
    let why: Vec<String> = sqlx::query_scalar(why).fetch_all(&world.store).await.unwrap();
    assert!(!why.is_empty() && why.iter().all(|why| why.starts_with("the standby is ")), "{why:?}");

    standby.kill();
    world.write("replicas.toml", &text);
    let output = world.command("check-config", "replicas.toml").output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "the primary is read: {said}");
    assert!(said.contains("warning: profiles.analyst: the server at "), "{said}");
    assert!(said.contains("target_session_attrs = \"prefer-standby\"\nmax_lag = \"5s\""), "{said}");
}
