//! One GET over TLS, with everything left out that a metadata document does not need.

use super::NotFetched;
use super::address::is_public;
use crate::model::document::{DocumentUrl, Fetched, MOST_BYTES};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CACHE_CONTROL, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::task::AbortOnDropHandle;

/// For all of it: the name, the connection, the answer.
const PATIENCE: Duration = Duration::from_secs(5);

static TLS: LazyLock<Option<TlsConnector>> = LazyLock::new(|| {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions();
    let config = versions.ok()?.with_root_certificates(roots).with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
});

pub(super) async fn get(url: &DocumentUrl) -> Result<Fetched, NotFetched> {
    tokio::time::timeout(PATIENCE, get_patiently(url)).await.map_err(|_| NotFetched::Late)?
}

async fn get_patiently(url: &DocumentUrl) -> Result<Fetched, NotFetched> {
    let stream = connect(url.host()).await?;
    let name = ServerName::try_from(url.host().to_owned()).map_err(unreachable)?;
    let tls = TLS.as_ref().ok_or_else(|| unreachable("there is no TLS"))?;
    let stream = tls.connect(name, stream).await.map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let request = Request::get(url.path())
        .header(HOST, url.host())
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("portcullis/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())
        .map_err(unreachable)?;
    let response = sender.send_request(request).await.map_err(unreachable)?;
    // A redirect is not followed: it would lead to where nobody looked.
    if response.status() != StatusCode::OK {
        return Err(NotFetched::Status(response.status().as_u16()));
    }
    let cache_control =
        response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body =
        Limited::new(response.into_body(), MOST_BYTES).collect().await.map_err(|_| NotFetched::BadBody)?;
    Ok(Fetched { body: body.to_bytes().to_vec(), cache_control })
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

fn unreachable(error: impl std::fmt::Display) -> NotFetched {
    NotFetched::Unreachable(error.to_string())
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
