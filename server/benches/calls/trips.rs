//! How often a call waits for PostgreSQL: what it sends is passed on by a relay that counts.

use crate::rates::{is_answer, is_refusal, point_lookup, refused};
use crate::support::http::query;
use crate::support::program::Ground;
use crate::support::report::title;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

const SOCKET: &str = ".s.PGSQL.5432";
const CALLS: u64 = 200;

/// A name, the message of a call, and whether this is what it should be answered.
type Kind = (&'static str, fn(u64) -> String, fn(u16, &[u8]) -> bool);

pub async fn measure(ground: &Ground) {
    title(
        "what is sent to PostgreSQL in a call, one at a time (each is waited for by somebody, not always by the caller)",
    );
    let server = ground.cluster.socket_dir();
    let (store, warehouse) =
        (relay(&ground.folder, "store", &server), relay(&ground.folder, "warehouse", &server));
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

struct Relay {
    folder: PathBuf,
    said: Arc<AtomicUsize>,
}

impl Relay {
    fn said(&self) -> usize {
        self.said.load(Ordering::Relaxed)
    }
}

/// Passes everything on to the server whose socket lies in `server`, and counts how often the client has something to say.
fn relay(folder: &Path, name: &str, server: &Path) -> Relay {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    let listener = UnixListener::bind(folder.join(SOCKET)).expect("a socket");
    let said = Arc::new(AtomicUsize::new(0));
    tokio::spawn(pass_on(listener, server.join(SOCKET), Arc::clone(&said)));
    Relay { folder, said }
}

async fn pass_on(listener: UnixListener, server: PathBuf, said: Arc<AtomicUsize>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = UnixStream::connect(&server).await.expect("the server listens");
        let said = Arc::clone(&said);
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        tokio::spawn(async move {
            let mut words = vec![0; 1 << 16];
            while let Ok(length @ 1..) = from_client.read(&mut words).await {
                said.fetch_add(1, Ordering::Relaxed);
                if to_server.write_all(&words[..length]).await.is_err() {
                    break;
                }
            }
        });
    }
}
