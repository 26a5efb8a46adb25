//! One GET over TLS, with everything left out that a metadata document does not need.

use super::NotFetched;
use super::address::is_public;
use super::wire::{USER_AGENT as AGENT, encrypt, exchange, unreachable};
use crate::model::document::{DocumentUrl, Fetched, MOST_BYTES};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CACHE_CONTROL, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// For all of it: the name, the connection, the answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn get(url: &DocumentUrl) -> Result<Fetched, NotFetched> {
    tokio::time::timeout(PATIENCE, get_patiently(url)).await.map_err(|_| NotFetched::Late)?
}

async fn get_patiently(url: &DocumentUrl) -> Result<Fetched, NotFetched> {
    let stream = encrypt(connect(url.host()).await?, url.host()).await?;
    let request = Request::get(url.path())
        .header(HOST, url.host())
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, AGENT)
        .body(Empty::<Bytes>::new())
        .map_err(unreachable)?;
    let response = exchange(stream, request, MOST_BYTES).await?;
    // A redirect is not followed: it would lead to where nobody looked.
    if response.status() != StatusCode::OK {
        return Err(NotFetched::Status(response.status().as_u16()));
    }
    let cache_control =
        response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Fetched { body: response.into_body().to_vec(), cache_control })
}

/// Connects to an address of this name that was looked at. One hidden address among them, and none is used: somebody
/// plays with the name.
async fn connect(host: &str) -> Result<TcpStream, NotFetched> {
    let addresses: Vec<SocketAddr> =
        tokio::net::lookup_host((host, 443)).await.map_err(unreachable)?.collect();
    if let Some(hidden) = addresses.iter().find(|address| !is_public(address.ip())) {
        return Err(NotFetched::NotPublic(hidden.ip()));
    }
    let mut last = NotFetched::NoAddress;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = unreachable(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::{NotFetched, get};

    #[tokio::test]
    async fn our_own_machine_is_not_asked() {
        let url = "https://localhost/client".parse().unwrap();
        assert!(matches!(get(&url).await, Err(NotFetched::NotPublic(address)) if address.is_loopback()));
    }
}
