//! How often we wait for the server.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

use super::{CLUSTER, House, ask_as, order, rows};
use crate::warehouse::Order;

/// Passes everything on to `server`, and counts how often the client has something to say.
async fn relay(listener: UnixListener, server: std::path::PathBuf, said: Arc<AtomicUsize>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let server = UnixStream::connect(&server).await.unwrap();
        let said = Arc::clone(&said);
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        tokio::spawn(async move {
            let mut words = vec![0; 1 << 16];
            while let Ok(length @ 1..) = from_client.read(&mut words).await {
                said.fetch_add(1, Ordering::Relaxed);
                to_server.write_all(&words[..length]).await.unwrap();
            }
        });
    }
}

#[tokio::test]
async fn five_round_trips_answer_a_statement_and_three_the_next_of_its_shape() {
    let house = House::with("create table t (id int primary key); insert into t values (1)").await;
    let here = std::env::temp_dir().join(format!("portcullis-relay-{}", std::process::id()));
    std::fs::create_dir_all(&here).unwrap();
    let listener = UnixListener::bind(here.join(".s.PGSQL.5432")).unwrap();
    let said = Arc::new(AtomicUsize::new(0));
    let server: &Path = &CLUSTER.get().unwrap().socket_dir().join(".s.PGSQL.5432");
    tokio::spawn(relay(listener, server.to_path_buf(), Arc::clone(&said)));
    let gateway = house.gateway_with(|options| options.connect = options.connect.clone().socket(&here));

    let count = async |sql: &str, order: Order<'_>| {
        let before = said.load(Ordering::Relaxed);
        ask_as(&gateway, sql, 1, order).await.unwrap();
        let answered = said.load(Ordering::Relaxed) - before;
        tokio::time::sleep(Duration::from_millis(100)).await;
        (answered, said.load(Ordering::Relaxed) - before)
    };
    // The log-in comes first, a rollback comes last, after the answer.
    assert_eq!(count("select id from public.t where id = 1", order()).await, (6, 7));
    assert_eq!(count("select id from public.t where id < 1", order()).await, (5, 6));
    assert_eq!(count("select id from public.t where id = 2", order()).await, (3, 4));
    let none = Order { limit: Some(0), ..order() };
    assert_eq!(count("select id from public.t where id = 2", none).await, (3, 4));
    assert_eq!(rows(&gateway, "select 1", 1).await, "[[1]]");
    std::fs::remove_dir_all(&here).unwrap();
}
