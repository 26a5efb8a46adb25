//! Where a database is, and how the program knows whom it speaks with.

use super::reading::{Fault, Reading};
use crate::model::certificate::read_chain;
use sqlx::postgres::PgConnectOptions;
use std::borrow::Cow;
use std::path::PathBuf;
use std::str::FromStr;
use url::Url;

impl Reading<'_> {
    /// The address of a database. Files that it names are relative to the configuration's folder, like all others.
    pub(super) fn database(&mut self, key: &str, text: &str) -> Option<PgConnectOptions> {
        // The text is not repeated: it may hold a secret.
        let options = PgConnectOptions::from_str(text)
            .map_err(|error| self.fault(key, format!("is no address of a PostgreSQL: {error}")));
        let Ok(url) = Url::parse(text) else { return options.ok() };
        if url.password().is_some() {
            self.fault(key, "holds a password: put it into the environment or a file of its own");
        }
        self.knows_its_server(key, &url);
        let authorities = self.named(key, &url, &["sslrootcert", "ssl-root-cert", "ssl-ca"]);
        if let Some((file, text)) = &authorities
            && let Err(why) = read_chain(text)
        {
            self.fault(key, format!("names in `sslrootcert` the file `{}`, which {why}", file.display()));
        }
        let certificate = self.named(key, &url, &["sslcert", "ssl-cert"]);
        let secret = self.named(key, &url, &["sslkey", "ssl-key"]);
        let mut options = options.ok()?;
        if let Some((file, _)) = authorities {
            options = options.ssl_root_cert(file);
        }
        if let Some((file, _)) = certificate {
            options = options.ssl_client_cert(file);
        }
        if let Some((file, _)) = secret {
            options = options.ssl_client_key(file);
        }
        Some(options)
    }

    fn knows_its_server(&mut self, key: &str, url: &Url) {
        let mode = said(url, &["sslmode", "ssl-mode"]);
        let mode = mode.as_deref();
        // libpq would take `require` with an authority for `verify-ca`; the driver believes anybody.
        if said(url, &["sslrootcert", "ssl-root-cert", "ssl-ca"]).is_some()
            && !matches!(mode, Some("verify-full" | "verify-ca"))
        {
            let message =
                "names an authority in `sslrootcert`, which is asked with `sslmode=verify-full` alone";
            self.fault(key, message);
        }
        if !leads_over_a_network(url) {
            return;
        }
        let caution = match mode {
            None => {
                let message = "says nothing of TLS, so anybody on the way could pass for the server: add \
                               `sslmode=verify-full` (and `sslrootcert=FILE` for a CA of your own), or name what \
                               you accept instead, such as `sslmode=disable`";
                return self.fault(key, message);
            }
            Some("disable" | "allow") => {
                "without TLS anybody on the way can read along, and change what is read"
            }
            Some("prefer" | "require") => {
                "anybody on the way could pass for the server: nothing proves whose it is"
            }
            Some("verify-ca") => {
                "whoever holds a certificate of the same authority could pass for the server"
            }
            Some(_) => return,
        };
        let message = format!("{caution}; `sslmode=verify-full` prevents that");
        let caution = Fault { key: key.to_owned(), message };
        if !self.cautions.contains(&caution) {
            self.cautions.push(caution);
        }
    }

    /// The file that a url names under one of these words, and what is in it.
    fn named(&mut self, key: &str, url: &Url, words: &[&str]) -> Option<(PathBuf, Vec<u8>)> {
        let text = said(url, words)?;
        // The driver also takes PEM itself here.
        if text.trim_start().starts_with("-----BEGIN") {
            return None;
        }
        let file = self.folder.join(&*text);
        match std::fs::read(&file) {
            Ok(text) => Some((file, text)),
            Err(error) => {
                let (word, file) = (words.first().copied().unwrap_or_default(), file.display());
                self.fault(
                    key,
                    format!("names in `{word}` the file `{file}`, which cannot be read: {error}"),
                );
                None
            }
        }
    }
}

/// What a url says under one of these words; the driver heeds the last one.
fn said<'u>(url: &'u Url, words: &[&str]) -> Option<Cow<'u, str>> {
    url.query_pairs().filter(|(name, _)| words.contains(&&**name)).last().map(|(_, value)| value)
}

fn leads_over_a_network(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_here =
        matches!(host, "" | "localhost" | "[::1]") || host.starts_with("127.") || host.starts_with("%2F");
    !is_here && !said(url, &["host"]).is_some_and(|host| host.starts_with('/'))
}
