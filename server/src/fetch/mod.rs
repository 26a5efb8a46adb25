//! The only door outward: fetches the metadata documents of clients, from hosts that the operator believes, and tells
//! alerts to an address that the operator named.
//!
//! Invariant: a document comes over https alone, from a public address that was checked and is then the one connected to;
//! no redirects, no more than a document's bytes, and no longer than a person waits for a page. Beside that, the self-test
//! knocks at our own door.

mod address;
mod https;
mod own_certificate;
mod own_door;
mod post;
mod wire;

pub use own_door::OwnDoor;
pub use post::{post, send};

use crate::model::document::{DocumentUrl, Fetched};
use futures_util::future::BoxFuture;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// Fetches documents; passed to the flows, so that a test decides what the world says.
#[derive(Clone)]
pub struct Fetch(Arc<dyn Fn(DocumentUrl) -> BoxFuture<'static, Result<Fetched, NotFetched>> + Send + Sync>);

#[derive(Debug, thiserror::Error)]
pub enum NotFetched {
    #[error("its host has no address")]
    NoAddress,
    #[error("its host is at {0}, which is no public address")]
    NotPublic(IpAddr),
    #[error("its host cannot be reached: {0}")]
    Unreachable(String),
    #[error("its host answered {0}")]
    Status(u16),
    #[error("its answer is longer than it may be, or broke off")]
    BadBody,
    #[error("its host took too long")]
    Late,
}

impl Fetch {
    /// Over the network.
    #[must_use]
    pub fn system() -> Self {
        Self::of(|url| Box::pin(async move { https::get(&url).await }))
    }

    pub fn of(
        get: impl Fn(DocumentUrl) -> BoxFuture<'static, Result<Fetched, NotFetched>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(get))
    }

    pub async fn get(&self, url: DocumentUrl) -> Result<Fetched, NotFetched> {
        (self.0)(url).await
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fetch")
    }
}
