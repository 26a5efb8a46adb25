//! A served program, as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a program may take to start, or to end, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ended with its test.
pub(crate) struct Served {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    /// Where agents and browsers are heard.
    pub(crate) address: SocketAddr,
}

impl Served {
    pub(crate) fn start(mut command: Command) -> Self {
        let command = command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&log));
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push(line);
            }
        });
        let mut served = Self { child, log, address: SocketAddr::from(([0, 0, 0, 0], 0)) };
        served.address = served.listens("serving");
        served
    }

    /// Where it said that it listens, in a line that holds these words.
    pub(crate) fn listens(&self, words: &str) -> SocketAddr {
        let line = self.logs(words);
        let address = line.split_once("listen=").unwrap_or_else(|| panic!("no address: {line}")).1;
        address.split(' ').next().unwrap().parse().unwrap()
    }

    /// Waits for a line that holds these words.
    pub(crate) fn logs(&self, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(line) = self.log().into_iter().find(|line| line.contains(words)) {
                return line;
            }
            assert!(Instant::now() < deadline, "no {words:?} in {:#?}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ends(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end: {:#?}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
