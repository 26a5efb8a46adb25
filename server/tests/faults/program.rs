//! The program under trial: `portcullis serve`, a process of its own.

use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_mins(1);

pub struct Program {
    child: Child,
    pub address: SocketAddr,
}

/// What one process holds.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    /// Resident memory in bytes.
    pub memory: u64,
    pub descriptors: usize,
}

impl Program {
    /// Starts it with a file of configuration, and returns once it listens.
    pub async fn start(file: &Path, address: SocketAddr, environment: &[(String, String)]) -> Self {
        let log = file.with_extension("log");
        let log = OpenOptions::new().append(true).create(true).open(log).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_portcullis"))
            .args(["serve", "--config"])
            .arg(file)
            .env("RUST_LOG", "warn")
            .envs(environment.iter().cloned())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut program = Self { child, address };
        let begun = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            let ended = program.child.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "the program ended: see {}", file.with_extension("log").display());
            assert!(begun.elapsed() < PATIENCE, "the program does not listen");
            sleep(Duration::from_millis(5)).await;
        }
        program
    }

    /// Ends it as a crash does.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to end, and waits for that.
    pub async fn stop(mut self) {
        signal("TERM", self.child.id());
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            assert!(begun.elapsed() < PATIENCE, "the program does not end");
            sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn holding(&self) -> Holding {
        let process = format!("/proc/{}", self.child.id());
        let status = std::fs::read_to_string(format!("{process}/status")).expect("the program lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        let descriptors = std::fs::read_dir(format!("{process}/fd")).expect("the program lives").count();
        Holding { memory: kilobytes * 1024, descriptors }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends a signal to a process of ours.
pub fn signal(name: &str, process: u32) {
    let _ = Command::new("kill").args(["-s", name, &process.to_string()]).stderr(Stdio::null()).status();
}
