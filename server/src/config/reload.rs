//! What a running program can change, and what it can not.

use super::Config;

impl Config {
    /// Takes over from `before` what a program cannot change while it runs, and names what differs.
    #[must_use]
    pub fn following(mut self, before: &Self) -> (Self, Vec<&'static str>) {
        let mut kept = Vec::new();
        let mut keep = |key, differs: bool| kept.extend(differs.then_some(key));
        let keys = |config: &Self| config.server.keys.ids().map(str::to_owned).collect::<Vec<_>>();
        keep("server.listen", self.server.listen != before.server.listen);
        keep("server.public_url", self.server.public_url != before.server.public_url);
        keep("server.key_file", keys(&self) != keys(before));
        keep("server.connections", self.server.connections != before.server.connections);
        keep("server.drain", self.server.drain != before.server.drain);
        let speaks = |config: &Self| config.server.tls.is_some();
        keep("server.tls", speaks(&self) != speaks(before));
        keep("watch.listen", self.watch != before.watch);
        keep("alerts.sentry", self.sentry != before.sentry);
        keep("telemetry", self.telemetry != before.telemetry);
        // All of it, passwords too, for nothing but this comparison.
        keep("store", format!("{:?}", self.store) != format!("{:?}", before.store));
        self.server.listen = before.server.listen;
        self.server.public_url = before.server.public_url.clone();
        self.server.keys = before.server.keys.clone();
        self.server.connections = before.server.connections;
        self.server.drain = before.server.drain;
        if speaks(&self) != speaks(before) {
            self.server.tls.clone_from(&before.server.tls);
        }
        self.watch = before.watch;
        self.sentry.clone_from(&before.sentry);
        self.telemetry.clone_from(&before.telemetry);
        self.store = before.store.clone();
        (self, kept)
    }
}
