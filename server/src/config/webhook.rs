//! `[alerts.webhook]`, `[record.webhook]` and `[alerts.sentry]`

use super::raw::RawWebhook;
use super::reading::Reading;
use crate::model::webhook::{Secret, Webhook};
use sentry_types::Dsn;
use url::Url;

impl Reading<'_> {
    /// The webhook of a section. Each has a secret of its own: whoever is sent alerts could sign checkpoints otherwise.
    pub(super) fn webhook(&mut self, section: &str, raw: Option<&RawWebhook>) -> Option<Webhook> {
        let raw = raw?;
        let url = self.sink(&format!("{section}.webhook.url"), &raw.url);
        let key = &format!("{section}.webhook.secret_file");
        let before = self.faults.len();
        let variable = &format!("PORTCULLIS_{}_WEBHOOK_SECRET", section.to_ascii_uppercase());
        let secret = self.secret(key, raw.secret_file.as_deref(), variable);
        let secret = match secret.as_deref().map(Secret::new) {
            Some(Some(secret)) => Some(secret),
            Some(None) => {
                self.fault(
                    key,
                    format!("is shorter than {} bytes: `openssl rand -base64 32`", Secret::LEAST),
                );
                None
            }
            None if self.faults.len() == before => {
                self.fault(key, format!("there is no secret, here or in `{variable}`"));
                None
            }
            None => None,
        };
        Some(Webhook { url: url?, secret: secret? })
    }

    pub(super) fn sentry(&mut self, dsn: &str) -> Option<Dsn> {
        let key = "alerts.sentry.dsn";
        let dsn = dsn.parse::<Dsn>().map_err(|error| self.fault(key, format!("is no DSN: {error}"))).ok()?;
        self.sink(key, dsn.envelope_api_url().as_str())?;
        Some(dsn)
    }

    /// An address of the operator's own that something is sent to: https, or http on this very machine.
    pub(super) fn sink(&mut self, key: &str, text: &str) -> Option<Url> {
        let url: Url = self.parsed(key, text)?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if !(url.scheme() == "https" || (url.scheme() == "http" && loopback)) {
            self.fault(key, format!("`{text}` must begin with https:// (http:// is for loopback alone)"));
            return None;
        }
        if !url.username().is_empty() || url.password().is_some() {
            self.fault(key, "must not hold a username or password");
            return None;
        }
        Some(url)
    }
}
