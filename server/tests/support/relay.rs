//! Stands before a server and counts how often its client has something to say: each time it waits for the answer. On
//! demand one of them is never heard, and nobody is told.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};

const SOCKET: &str = ".s.PGSQL.5432";

pub(crate) struct Relay {
    /// Where its socket lies.
    pub(crate) folder: PathBuf,
    said: Arc<AtomicUsize>,
    /// The connection that says this, counted like all, is dead from then on.
    last_words: Arc<AtomicUsize>,
}

impl Relay {
    /// How often somebody had something to say so far.
    pub(crate) fn said(&self) -> usize {
        self.said.load(Ordering::Relaxed)
    }

    /// The next so and so many are heard; the connection of the one after them is dead from then on, as behind a firewall
    /// that forgot it.
    #[allow(dead_code, reason = "some only count")]
    pub(crate) fn falls_silent_after(&self, heard: usize) {
        self.last_words.store(self.said() + heard + 1, Ordering::Relaxed);
    }
}

/// Passes everything on to the server whose socket lies in `server`, for those who connect to the socket in `folder`.
pub(crate) fn relay(folder: PathBuf, server: &Path) -> Relay {
    std::fs::create_dir_all(&folder).expect("a folder");
    let listener = UnixListener::bind(folder.join(SOCKET)).expect("a socket");
    let said = Arc::new(AtomicUsize::new(0));
    let last_words = Arc::new(AtomicUsize::new(usize::MAX));
    tokio::spawn(pass_on(listener, server.join(SOCKET), Arc::clone(&said), Arc::clone(&last_words)));
    Relay { folder, said, last_words }
}

async fn pass_on(
    listener: UnixListener,
    server: PathBuf,
    said: Arc<AtomicUsize>,
    last_words: Arc<AtomicUsize>,
) {
    while let Ok((client, _)) = listener.accept().await {
        let server = UnixStream::connect(&server).await.expect("the server listens");
        let (said, last_words) = (Arc::clone(&said), Arc::clone(&last_words));
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        tokio::spawn(async move {
            let mut words = vec![0; 1 << 16];
            while let Ok(length @ 1..) = from_client.read(&mut words).await {
                if said.fetch_add(1, Ordering::Relaxed) + 1 == last_words.load(Ordering::Relaxed) {
                    return std::future::pending().await;
                }
                if to_server.write_all(&words[..length]).await.is_err() {
                    break;
                }
            }
        });
    }
}
