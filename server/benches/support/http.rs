//! The least HTTP client that can measure: one connection, one request at a time, no allocation that is not the server's.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Client {
    stream: TcpStream,
    head: String,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(address: SocketAddr, token: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket takes its options");
        let head = format!(
            "POST /mcp/sql/ HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             accept: application/json, text/event-stream\r\ncontent-length: "
        );
        Self { stream, head, buffer: Vec::with_capacity(1 << 20) }
    }

    /// Sends one message; status and body of the answer, and how long it took.
    pub async fn send(&mut self, body: &str) -> (u16, &[u8], Duration) {
        let request = format!("{}{}\r\n\r\n{body}", self.head, body.len());
        let begun = Instant::now();
        self.stream.write_all(request.as_bytes()).await.expect("the request is taken");
        self.buffer.clear();
        let (status, start, length) = loop {
            if let Some(head) = head(&self.buffer) {
                break head;
            }
            self.read().await;
        };
        while self.buffer.len() < start + length {
            self.read().await;
        }
        (status, &self.buffer[start..start + length], begun.elapsed())
    }

    async fn read(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.expect("the answer arrives");
        assert!(read > 0, "the server hung up: {}", String::from_utf8_lossy(&self.buffer));
    }
}

/// Status, where the body begins and how long it is, once the head is whole.
fn head(buffer: &[u8]) -> Option<(u16, usize, usize)> {
    let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&buffer[..end]).expect("a head is text");
    let status = head.get(9..12).expect("a status").parse().expect("a number");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("a number"));
    Some((status, end + 4, length))
}

/// The message that runs this statement.
pub fn query(sql: &str) -> String {
    serde_json::json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "run_query", "arguments": { "sql": sql, "limit": 100 } },
    })
    .to_string()
}
