//! The network between the program and a database: a relay whose weather the harness decides.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::time::sleep;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    Clear,
    /// Whatever is sent arrives so much later, either way.
    Slow(Duration),
    /// Nothing arrives, and nobody is told. Connections that were open stay dead afterwards, as behind a firewall that
    /// forgot them; those begun meanwhile come about once it clears up.
    Cut,
}

/// A relay to the socket of a cluster. It outlives the server behind it.
pub struct Wire {
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
}

impl Wire {
    pub async fn to(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (weather, forecast) = watch::channel(Weather::Clear);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(relay(near, socket.clone(), forecast.clone()));
            }
        });
        Self { address, weather }
    }

    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn relay(near: TcpStream, socket: PathBuf, mut weather: watch::Receiver<Weather>) {
    let _ = near.set_nodelay(true);
    let is_over = weather.wait_for(|weather| *weather != Weather::Cut).await.is_ok();
    if !is_over {
        return;
    }
    // A server that is away hangs up on whoever knocks.
    let Ok(far) = UnixStream::connect(socket).await else { return };
    let (near_reads, near_writes) = near.into_split();
    let (far_reads, far_writes) = far.into_split();
    tokio::select! {
        () = pump(near_reads, far_writes, weather.clone()) => {}
        () = pump(far_reads, near_writes, weather) => {}
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => Some(read),
            () = cut(&mut weather) => None,
        };
        let Some(read) = read else { return std::future::pending().await };
        let Ok(read @ 1..) = read else { return };
        let now = *weather.borrow();
        if let Weather::Slow(delay) = now {
            sleep(delay).await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn cut(weather: &mut watch::Receiver<Weather>) {
    let _ = weather.wait_for(|weather| *weather == Weather::Cut).await;
}
