//! Certificates are renewed by others, every few weeks, and whoever does it writes two files. So the files are looked at all
//! the time, and a pair that fits is shown from the next connection on; a pair that does not leaves the old one in place.

use crate::config::{Config, FileState, Tls};
use crate::model::clock::Clock;
use std::time::Duration;
use time::Date;
use tokio::time::{Interval, interval};

/// How often the files are looked at. It is two questions to the file system.
const EVERY: Duration = Duration::from_secs(5);

/// What is known of the certificate in force, and of its files.
pub(super) struct Renewal {
    tls: Option<Tls>,
    host: String,
    /// The state of the files that were read last, whether they could be used or not.
    read: Option<FileState>,
    /// The day on which its doubts were told last.
    told: Option<Date>,
    clock: Clock,
    look: Interval,
}

impl Renewal {
    /// Tells at once what a client will not like of the certificate.
    pub(super) fn of(config: &Config, clock: Clock) -> Self {
        let tls = config.server.tls.clone();
        let host = config.server.public_url.host_str().unwrap_or_default().to_owned();
        let read = tls.as_ref().map(|tls| tls.state.clone());
        let mut renewal = Self { tls, host, read, told: None, clock, look: interval(EVERY) };
        renewal.tell();
        renewal
    }

    /// Ready with the next pair that can be used; where the program speaks no TLS, never.
    pub(super) async fn next(&mut self) -> Tls {
        loop {
            self.look.tick().await;
            if let Some(next) = self.reread() {
                self.tls = Some(next.clone());
                self.told = None;
                self.tell();
                return next;
            }
            self.tell();
        }
    }

    /// The pair, where its files changed and can be used. Whoever writes one after the other is read twice.
    fn reread(&mut self) -> Option<Tls> {
        let files = &self.tls.as_ref()?.files;
        let state = files.state();
        if self.read.as_ref() == Some(&state) {
            return None;
        }
        self.read = Some(state);
        match files.read() {
            Ok(tls) => {
                self.read = Some(tls.state.clone());
                Some(tls)
            }
            Err(faults) => {
                for fault in &faults.0 {
                    tracing::error!(
                        key = fault.key,
                        "the certificate was not renewed, the one before stays in force: {}",
                        fault.message
                    );
                }
                None
            }
        }
    }

    /// Once a day.
    fn tell(&mut self) {
        let now = self.clock.now();
        if self.told == Some(now.date()) {
            return;
        }
        self.told = Some(now.date());
        let doubts = self.tls.iter().flat_map(|tls| tls.certificate.doubts(now, &self.host));
        for doubt in doubts {
            tracing::warn!(key = "server.tls.certificate", "the certificate {doubt}");
        }
    }
}
