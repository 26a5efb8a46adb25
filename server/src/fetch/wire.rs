//! One exchange of HTTP/1.1 on a connection of its own, with everything left out that we do not need: no redirects, no
//! reuse, no more of an answer than was asked for.

use super::NotFetched;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes};
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::sync::{Arc, LazyLock};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::task::AbortOnDropHandle;

pub(super) const USER_AGENT: &str = concat!("portcullis/", env!("CARGO_PKG_VERSION"));

static TLS: LazyLock<Option<TlsConnector>> = LazyLock::new(|| {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let versions = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions();
    let config = versions.ok()?.with_root_certificates(roots).with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
});

/// Speaks TLS with whoever can prove to be `host`.
pub(super) async fn encrypt(stream: TcpStream, host: &str) -> Result<TlsStream<TcpStream>, NotFetched> {
    let name = ServerName::try_from(host.to_owned()).map_err(unreachable)?;
    let tls = TLS.as_ref().ok_or_else(|| unreachable("there is no TLS"))?;
    tls.connect(name, stream).await.map_err(unreachable)
}

/// Sends a request, and reads an answer of `most` bytes.
pub(super) async fn exchange<B>(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<B>,
    most: usize,
) -> Result<Response<Bytes>, NotFetched>
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let response = sender.send_request(request).await.map_err(unreachable)?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, most).collect().await.map_err(|_| NotFetched::BadBody)?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

pub(super) fn unreachable(error: impl std::fmt::Display) -> NotFetched {
    NotFetched::Unreachable(error.to_string())
}
