//! The second listener: health, and what is counted.

use crate::support::House;
use server::http::{Sites, begin_counting, serve_watchers};
use server::wiring;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The value of one line of Prometheus's format.
fn value(metrics: &str, name: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {metrics}")).trim().parse().unwrap()
}

#[tokio::test]
async fn each_layer_of_a_call_is_measured() {
    let house = House::new().await;
    let counted = begin_counting().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sites = Sites::new(wiring::site(&house.config, house.portcullis.clone()));
    tokio::spawn(serve_watchers(sites, counted, listener, std::future::pending()));

    assert!(get(address, "/health/live").await.ends_with("alive\n"));
    assert!(get(address, "/health/ready").await.ends_with("ready\n"));
    let token = house.token().await;
    house.query(&token, "select id from orders limit 1").await;
    house.query(&token, "drop table orders").await;

    let metrics = get(address, "/metrics").await;
    for (layer, calls) in [
        ("http", 2.0),
        ("authenticate", 2.0),
        ("attempt", 2.0),
        ("gate", 2.0),
        ("begin", 1.0),
        ("execute", 1.0),
        ("outcome", 2.0),
        ("encode", 2.0),
    ] {
        // Other tests of this process may have called as well.
        let measured = value(&metrics, &format!("portcullis_layer_seconds_count{{layer=\"{layer}\"}}"));
        assert!(measured >= calls, "{layer}: {measured}");
    }
    assert!(metrics.contains("portcullis_layer_seconds_bucket{layer=\"gate\",le=\"0.00001\"}"), "{metrics}");
    let allowed = "portcullis_calls_total{tool=\"run_query\",decision=\"allowed\",reason=\"\"}";
    assert!(value(&metrics, allowed) >= 1.0);
}
