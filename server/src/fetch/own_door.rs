//! Our own front door, from outside: one message to the MCP endpoint, as an agent sends it.

use super::wire::{exchange, unreachable};
use super::{NotFetched, own_certificate};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// For one message and its answer; longer than the program gives itself for a call.
const PATIENCE: Duration = Duration::from_secs(30);
/// An answer at most.
const MOST_BYTES: usize = 1 << 20;

/// Where we listen, and the name that we listen to.
#[derive(Debug, Clone)]
pub struct OwnDoor {
    pub listen: SocketAddr,
    pub host: String,
    /// The file of our certificate, where we speak TLS.
    pub certificate: Option<PathBuf>,
}

impl OwnDoor {
    /// Sends a message with a bearer; what was answered.
    pub async fn post(&self, user_agent: &str, bearer: &str, message: String) -> Result<Bytes, NotFetched> {
        let request = Request::post("/mcp/sql/")
            .header(HOST, &self.host)
            .header(AUTHORIZATION, format!("Bearer {bearer}"))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .header(USER_AGENT, user_agent)
            .body(Full::new(Bytes::from(message)))
            .map_err(unreachable)?;
        timeout(PATIENCE, self.send(request)).await.map_err(|_| NotFetched::Late)?
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Bytes, NotFetched> {
        let stream = TcpStream::connect(reachable(self.listen)).await.map_err(unreachable)?;
        let response = match &self.certificate {
            None => exchange(stream, request, MOST_BYTES).await?,
            Some(file) => {
                let stream = own_certificate::encrypt(stream, &self.host, file).await?;
                exchange(stream, request, MOST_BYTES).await?
            }
        };
        match response.status() {
            StatusCode::OK => Ok(response.into_body()),
            status => Err(NotFetched::Status(status.as_u16())),
        }
    }
}

/// Who listens on every address is reached on this machine's own.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
