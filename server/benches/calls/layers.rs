//! Where a call spends its time, as the program's own histograms tell it.

use crate::rates::{LOOK_UP, ROUNDS, is_answer, point_lookup};
use crate::support::floor::{self, Floor};
use crate::support::median;
use crate::support::program::{Ground, Load, free_address};
use crate::support::report::{line, title};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sum of seconds and count, by layer.
type Told = BTreeMap<String, (f64, f64)>;

const LAYERS: [&str; 8] =
    ["http", "authenticate", "attempt", "gate", "begin", "execute", "outcome", "encode"];

pub async fn measure(ground: &Ground, length: Duration) {
    title("layers of a point look-up (the mean, in microseconds; `http` holds all the others)");
    let watch = free_address();
    let watched = |text: String| format!("{text}\n[watch]\nlisten = \"{watch}\"\n");
    let (program, _) = ground.start_with(watched).await;
    let mut columns = Vec::new();
    for clients in [1, 32] {
        let load = |length| {
            let (message, expected) =
                (point_lookup as fn(u64) -> String, is_answer as fn(u16, &[u8]) -> bool);
            program.load(Load { token: &ground.token, clients, length, message, expected })
        };
        load(Duration::from_millis(500)).await;
        let before = told(watch).await;
        load(length * 2).await;
        let after = told(watch).await;
        columns.push(LAYERS.map(|layer| {
            let (sum, count) = after.get(layer).copied().unwrap_or_default();
            let (sum_before, count_before) = before.get(layer).copied().unwrap_or_default();
            1e6 * (sum - sum_before) / (count - count_before)
        }));
    }
    println!("  {:<14} {:>10} {:>10}", "", "1 at once", "32 at once");
    for (place, layer) in LAYERS.into_iter().enumerate() {
        println!("  {layer:<14} {:>10.0} {:>10.0}", columns[0][place], columns[1][place]);
    }
    let rest = |column: &[f64; 8]| column[0] - column[1..].iter().sum::<f64>();
    println!("  {:<14} {:>10.0} {:>10.0}", "(the rest)", rest(&columns[0]), rest(&columns[1]));
    without_a_layer(ground, length);
}

/// No build of the program can leave a layer out. What it makes PostgreSQL do, pgbench can.
fn without_a_layer(ground: &Ground, length: Duration) {
    title("the floor of a point look-up with a layer left out (p50 and calls a second)");
    let whole = Floor::whole(Some(LOOK_UP));
    let floors = [
        ("all of it", whole),
        ("no attempt", Floor { attempt: false, ..whole }),
        ("no guard", Floor { guard: false, ..whole }),
        ("no outcome", Floor { outcome: false, ..whole }),
        ("nothing but the statement", Floor { attempt: false, guard: false, outcome: false, ..whole }),
    ];
    for (name, floor) in floors {
        for clients in [1, 32] {
            let measure = || floor::measure(&ground.cluster, &ground.folder, floor, clients, length);
            line(name, clients, median((0..ROUNDS).map(|_| measure()).collect()));
        }
    }
}

async fn told(address: SocketAddr) -> Told {
    let mut stream = TcpStream::connect(address).await.expect("the second listener");
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("an answer");
    let mut told = Told::new();
    for line in text.lines() {
        let Some((name, rest)) = line.split_once("{layer=\"") else { continue };
        let Some((layer, value)) = rest.split_once("\"} ") else { continue };
        let value: f64 = value.parse().expect("a number");
        let entry = told.entry(layer.to_owned()).or_default();
        match name {
            "portcullis_layer_seconds_sum" => entry.0 = value,
            "portcullis_layer_seconds_count" => entry.1 = value,
            _ => {}
        }
    }
    assert!(!told.is_empty(), "no layers are told");
    told
}
