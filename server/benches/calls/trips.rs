//! How often a call waits for PostgreSQL: what it sends is passed on by a relay that counts.

#[path = "../../tests/support/relay.rs"]
mod relay;

use self::relay::relay;
use crate::rates::{is_answer, is_refusal, point_lookup, refused};
use crate::support::http::query;
use crate::support::program::Ground;
use crate::support::report::title;
use std::path::Path;
use std::time::Duration;

const CALLS: u64 = 200;

/// A name, the message of a call, and whether this is what it should be answered.
type Kind = (&'static str, fn(u64) -> String, fn(u16, &[u8]) -> bool);

pub async fn measure(ground: &Ground) {
    title(
        "what is sent to PostgreSQL in a call, one at a time (each is waited for by somebody, not always by the caller)",
    );
    let server = ground.cluster.socket_dir();
    let (store, warehouse) =
        (relay(ground.folder.join("store"), &server), relay(ground.folder.join("warehouse"), &server));
    let told = |path: &Path| path.display().to_string().replace('/', "%2F");
    let change = |text: String| {
        let (direct, mut section) = (told(&server), String::new());
        let lines = text.lines().map(|line| {
            if line.starts_with('[') {
                line.clone_into(&mut section);
            }
            let relayed = match section.as_str() {
                "[store]" => line.replace(&direct, &told(&store.folder)),
                "[warehouse]" => line.replace(&direct, &told(&warehouse.folder)),
                _ => line.to_owned(),
            };
            relayed + "\n"
        });
        lines.collect::<String>()
    };
    let (program, _) = ground.start_with(change).await;
    let mut client = program.client(&ground.token).await;
    let kinds: [Kind; 3] = [
        ("point look-up", point_lookup, is_answer),
        (
            "a shape never seen",
            |n| query(&format!("select id as column_{n} from orders where id = 1")),
            is_answer,
        ),
        ("refused statement", refused, is_refusal),
    ];
    for (name, message, expected) in kinds {
        for n in 0..10 {
            client.send(&message(100_000 + n)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = (store.said(), warehouse.said());
        for n in 0..CALLS {
            let (status, body, _) = client.send(&message(n)).await;
            assert!(expected(status, body), "{name}: {}", String::from_utf8_lossy(body));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        let per_call = |now: usize, before: usize| (now - before) as f64 / CALLS as f64;
        println!(
            "  {name:<20} to the store {:.2}, to the warehouse {:.2}",
            per_call(store.said(), before.0),
            per_call(warehouse.said(), before.1)
        );
    }
}
