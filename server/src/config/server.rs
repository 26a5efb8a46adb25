//! `[server]`

use super::Server;
use super::raw::RawServer;
use super::reading::Reading;
use crate::model::sealed::Keyring;
use std::time::Duration;
use url::Url;

/// With what the databases need, well below the 1024 descriptors that most systems allow a program.
const CONNECTIONS: usize = 512;
/// Longer than a statement may take by default, and shorter than what a service manager waits for.
const DRAIN: Duration = Duration::from_secs(30);

impl Reading<'_> {
    pub(super) fn server(&mut self, raw: &RawServer) -> Option<Server> {
        let listen = self.parsed("server.listen", &raw.listen);
        let public_url = self.public_url(&raw.public_url);
        let trusted_proxies = raw.trusted_proxies.iter().enumerate().filter_map(|(n, proxy)| {
            let key = format!("server.trusted_proxies[{n}]");
            match proxy.parse::<std::net::IpAddr>() {
                Ok(address) => Some(address.into()),
                Err(_) => self.parsed(&key, proxy),
            }
        });
        let trusted_proxies = trusted_proxies.collect();
        let browser_origins = self.origins(&raw.browser_origins);
        let connections = raw.connections.unwrap_or(CONNECTIONS);
        if connections == 0 {
            self.fault("server.connections", "is zero, so nobody could ever connect");
        }
        let keys = self.keys(raw.key_file.as_deref());
        let drain = self.duration_or("server.drain", raw.drain.as_deref(), DRAIN);
        let tls = self.tls(raw.tls.as_ref(), public_url.as_ref());
        Some(Server {
            listen: listen?,
            public_url: public_url?,
            trusted_proxies,
            browser_origins,
            connections,
            keys: keys?,
            drain: drain?,
            tls,
        })
    }

    fn origins(&mut self, origins: &[String]) -> Vec<String> {
        for (n, text) in origins.iter().enumerate() {
            let same = Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == *text);
            if !same {
                let message = format!("`{text}` is no origin: write it like `https://inspector.example.com`");
                self.fault(&format!("server.browser_origins[{n}]"), message);
            }
        }
        origins.to_vec()
    }

    /// The keys that seal second factors: without one nobody could sign in.
    fn keys(&mut self, file: Option<&str>) -> Option<Keyring> {
        let key = "server.key_file";
        let before = self.faults.len();
        let Some(text) = self.secret(key, file, "PORTCULLIS_KEY") else {
            if self.faults.len() == before {
                let message =
                    "there is no key, here or in `PORTCULLIS_KEY`: make one by `openssl rand -base64 32`";
                self.fault(key, message);
            }
            return None;
        };
        Keyring::parse(&text).map_err(|error| self.fault(key, error.to_string())).ok()
    }

    fn public_url(&mut self, text: &str) -> Option<Url> {
        let key = "server.public_url";
        let url: Url = self.parsed(key, text)?;
        let host = url.host_str().unwrap_or_default();
        let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        if !(url.scheme() == "https" || (url.scheme() == "http" && loopback)) {
            self.fault(key, format!("`{text}` must begin with https:// (http:// is for loopback alone)"));
        } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            self.fault(key, format!("`{text}` must be scheme, host and port alone, with no path"));
        } else if !url.username().is_empty() || url.password().is_some() {
            self.fault(key, "must not hold a username or password");
        } else {
            return Some(url);
        }
        None
    }
}
