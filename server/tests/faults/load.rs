//! Agents at work: each asks one thing after the other, and keeps what it was told.

use super::client::{Heard, Line, query, tool};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// An agent that hears nothing for so long has been let down: the program's own deadlines are shorter.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long an agent waits before it knocks again.
const PAUSE: Duration = Duration::from_millis(20);

/// One call, as the agent saw it.
#[derive(Debug)]
pub struct Call {
    pub sent: Instant,
    pub ended: Instant,
    pub told: Told,
}

#[derive(Debug)]
pub enum Told {
    /// With what the record must say of it.
    Answer { request: Uuid, decision: &'static str },
    /// That there is no answer for the time being.
    TryAgain,
    /// The connection broke, or none came about.
    Nothing,
    /// Something that must not be: no answer at all in time, or one that no fault excuses.
    Wrong(String),
}

impl Call {
    /// Whether the agent got what it asked for, be it rows or the refusal of what is forbidden.
    pub fn went_well(&self) -> bool {
        matches!(self.told, Told::Answer { decision: "allowed" | "refused", .. })
    }
}

pub struct Load {
    stop: CancellationToken,
    agents: Vec<JoinHandle<Vec<Call>>>,
    well: Arc<AtomicU64>,
}

/// Where agents ask, and how.
#[derive(Clone)]
pub struct Manner {
    /// Several stand behind a balancer, which tries the next where nobody listens.
    pub addresses: Vec<SocketAddr>,
    pub token: String,
    /// A connection for each call, as many balancers make them.
    pub anew: bool,
    /// Rest of an agent between two calls.
    pub rest: Duration,
}

impl Load {
    pub fn begin(agents: usize, manner: &Manner) -> Self {
        let (stop, well) = (CancellationToken::new(), Arc::new(AtomicU64::new(0)));
        let agents = (0..agents).map(|number| {
            let agent = Agent { manner: manner.clone(), line: None, well: Arc::clone(&well) };
            tokio::spawn(agent.work(number as u64 * 7919, stop.clone()))
        });
        Self { agents: agents.collect(), stop, well }
    }

    /// Calls that went well so far.
    pub fn well(&self) -> u64 {
        self.well.load(Ordering::Relaxed)
    }

    pub async fn end(self) -> Vec<Call> {
        self.stop.cancel();
        let mut calls = Vec::new();
        for agent in self.agents {
            calls.extend(agent.await.expect("an agent ends well"));
        }
        calls
    }
}

struct Agent {
    manner: Manner,
    line: Option<Line>,
    well: Arc<AtomicU64>,
}

impl Agent {
    async fn work(mut self, mut n: u64, stop: CancellationToken) -> Vec<Call> {
        let mut calls = Vec::new();
        while !stop.is_cancelled() {
            let sent = Instant::now();
            let told = match timeout(PATIENCE, self.ask(n, &message(n))).await {
                Ok(Ok(heard)) => meaning(&heard),
                Ok(Err(_broken)) => Told::Nothing,
                Err(_elapsed) => Told::Wrong(format!("nothing was heard within {} s", PATIENCE.as_secs())),
            };
            let call = Call { sent, ended: Instant::now(), told };
            if call.went_well() {
                self.well.fetch_add(1, Ordering::Relaxed);
                sleep(self.manner.rest).await;
            } else {
                if !matches!(call.told, Told::Answer { .. } | Told::TryAgain) {
                    self.line = None;
                }
                sleep(PAUSE).await;
            }
            calls.push(call);
            n += 1;
        }
        calls
    }

    async fn ask(&mut self, n: u64, message: &str) -> std::io::Result<Heard> {
        if self.line.is_none() || self.manner.anew {
            self.line = Some(self.open(n).await?);
        }
        match &mut self.line {
            Some(line) => line.ask(message).await,
            None => Err(std::io::ErrorKind::NotConnected.into()),
        }
    }

    /// The balancer: the next address where nobody listens at the first, and in no other case.
    async fn open(&self, n: u64) -> std::io::Result<Line> {
        let addresses = &self.manner.addresses;
        let first = usize::try_from(n).unwrap_or_default();
        let mut refused = std::io::ErrorKind::NotConnected.into();
        for number in 0..addresses.len() {
            match Line::open(addresses[(first + number) % addresses.len()], &self.manner.token).await {
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => refused = error,
                opened => return opened,
            }
        }
        Err(refused)
    }
}

/// What agents do all day: look things up, count, look around, and now and then ask for what they may not have.
fn message(n: u64) -> String {
    match n % 10 {
        7 => query("select rolname from pg_catalog.pg_authid"),
        8 => tool("list_tables", &json!({})),
        9 => query("select status, count(*), sum(total) from orders group by status"),
        _ => query(&format!("select id, status, total from orders where id = {}", n % 1000 + 1)),
    }
}

fn meaning(heard: &Heard) -> Told {
    match heard.status {
        200 => {}
        503 => return Told::TryAgain,
        other => return Told::Wrong(format!("{other}: {}", String::from_utf8_lossy(&heard.body))),
    }
    let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
    let result = &body["result"];
    if result.is_null() {
        let withheld =
            body["error"]["message"].as_str().is_some_and(|message| message.contains("not answered"));
        return if withheld { Told::TryAgain } else { Told::Wrong(body.to_string()) };
    }
    let Some(request) = heard.request else { return Told::Wrong("an answer without an id".to_owned()) };
    let reason = result["structuredContent"]["rejection_reason"].as_str();
    let decision = match (reason, result["isError"] == true) {
        (None | Some(""), false) => "allowed",
        (Some("system_schema" | "disallowed_table"), true) => "refused",
        _ => "failed",
    };
    Told::Answer { request, decision }
}
