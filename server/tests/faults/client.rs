//! The least HTTP client that can tell an answer from a connection that broke: one connection, one request at a time.

use serde_json::json;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

pub struct Line {
    stream: TcpStream,
    head: String,
    buffer: Vec<u8>,
}

/// An answer in whole.
pub struct Heard {
    pub status: u16,
    /// What the record keeps of the request.
    pub request: Option<Uuid>,
    pub body: Vec<u8>,
}

impl Line {
    pub async fn open(address: SocketAddr, token: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let head = format!(
            "POST /mcp/sql/ HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\naccept: application/json, text/event-stream\r\ncontent-length: "
        );
        Ok(Self { stream, head, buffer: Vec::with_capacity(64 << 10) })
    }

    pub async fn ask(&mut self, body: &str) -> io::Result<Heard> {
        let request = format!("{}{}\r\n\r\n{body}", self.head, body.len());
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::of(&self.buffer) {
                break head;
            }
            self.read().await?;
        };
        while self.buffer.len() < head.end + head.length {
            self.read().await?;
        }
        let body = self.buffer[head.end..head.end + head.length].to_vec();
        Ok(Heard { status: head.status, request: head.request, body })
    }

    async fn read(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

struct Head {
    status: u16,
    request: Option<Uuid>,
    length: usize,
    end: usize,
}

impl Head {
    /// Once it is whole.
    fn of(buffer: &[u8]) -> Option<Self> {
        let end = buffer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let text = std::str::from_utf8(&buffer[..end]).expect("a head is text");
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        Some(Self {
            status: text.get(9..12)?.parse().expect("a status is a number"),
            request: field("x-request-id:").and_then(|id| id.parse().ok()),
            length: field("content-length:").map_or(0, |length| length.parse().expect("a length")),
            end,
        })
    }
}

/// The message that runs this statement.
pub fn query(sql: &str) -> String {
    tool("run_query", &json!({ "sql": sql }))
}

pub fn tool(name: &str, arguments: &serde_json::Value) -> String {
    let params = json!({ "name": name, "arguments": arguments });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params }).to_string()
}
