//! A receiver of webhooks that checks the signature as the manual shows.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ring::hmac;
use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Any port of this machine that is free.
pub(crate) const ANYWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
pub(crate) const SECRET: &str = "a secret of both of the sides";

#[derive(Clone, Default)]
pub(crate) struct Receiver {
    /// How the next deliveries are answered; 200 once there is nothing more.
    pub(crate) answers: Arc<Mutex<VecDeque<StatusCode>>>,
    /// Bodies, and whether each was signed by somebody who knows the secret.
    received: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Receiver {
    pub(crate) async fn listen(&self, address: SocketAddr) -> (SocketAddr, JoinHandle<()>) {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", post(receive)).with_state(self.clone());
        (address, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
    }

    pub(crate) fn received(&self) -> Vec<(String, bool)> {
        self.received.lock().unwrap().clone()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers["portcullis-signature"].to_str().unwrap();
    let (at, tag) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let tag = data_encoding::HEXLOWER.decode(tag.as_bytes()).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let is_signed = hmac::verify(&key, format!("{at}.{body}").as_bytes(), &tag).is_ok();
    receiver.received.lock().unwrap().push((body, is_signed));
    receiver.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::OK)
}
