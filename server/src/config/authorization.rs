//! `[oauth]`, and those throttles that strangers meet.

use super::raw::{RawAttempts, RawClient, RawOauth, RawThrottle};
use super::reading::Reading;
use crate::model::authorization::{Authorization, ConfiguredClient, Consent, SelfRegistration};
use crate::model::client::{ClientName, Match, Redirects, shown_name};
use crate::model::redirect::{Allowed, RedirectUri};
use crate::model::throttle::Throttle;
use std::collections::BTreeMap;
use std::time::Duration;

/// Where the well-known hosted clients and editors have their answers sent.
const REDIRECT_URIS: [&str; 8] = [
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
    "https://chatgpt.com/connector/oauth/*",
    "https://chatgpt.com/connector_platform_oauth_redirect",
    "https://vscode.dev/redirect",
    "https://insiders.vscode.dev/redirect",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    "cursor://anysphere.cursor-mcp/oauth/callback",
];

/// Whose clients describe themselves in metadata documents.
const DOCUMENT_HOSTS: [&str; 4] = ["claude.ai", "chatgpt.com", "vscode.dev", "opencode.ai"];

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Reading<'_> {
    pub(super) fn authorization(&mut self, raw: &RawOauth, throttle: &RawThrottle) -> Option<Authorization> {
        let code = self.between(
            "oauth.code",
            raw.code.as_deref(),
            Duration::from_mins(1),
            (Duration::from_secs(10), Duration::from_mins(10)),
        );
        let refresh = self.duration_or("oauth.refresh_token", raw.refresh_token.as_deref(), Duration::ZERO);
        if refresh.is_some_and(|refresh| refresh > 90 * DAY) {
            self.fault("oauth.refresh_token", "is not between nothing and 90 days");
        }
        let grant = self.between("oauth.grant", raw.grant.as_deref(), 30 * DAY, (HOUR, 366 * DAY));
        let registration = match raw.registration.as_deref() {
            None | Some("open") => SelfRegistration::Open,
            Some("closed") => SelfRegistration::Closed,
            Some(other) => {
                self.fault("oauth.registration", format!("`{other}` is neither `open` nor `closed`"));
                SelfRegistration::Closed
            }
        };
        let redirect_uris = match &raw.redirect_uris {
            Some(uris) => self.allowed(uris),
            None => self.allowed(&REDIRECT_URIS.map(str::to_owned)),
        };
        let document_hosts = match &raw.document_hosts {
            Some(hosts) => self.hosts(hosts),
            None => DOCUMENT_HOSTS.map(str::to_owned).to_vec(),
        };
        let clients = self.clients(&raw.clients);
        let bad_token = self.attempts("throttle.bad_token", throttle.bad_token.as_ref(), (100, 6 * HOUR));
        let registrations =
            self.attempts("throttle.registration", throttle.registration.as_ref(), (20, HOUR));
        Some(Authorization {
            code: code?,
            refresh: refresh.filter(|refresh| !refresh.is_zero()),
            grant: grant?,
            require_live_session: raw.require_live_session.unwrap_or(true),
            registration,
            redirect_uris,
            document_hosts,
            clients,
            bad_token: bad_token?,
            registrations: registrations?,
        })
    }

    fn allowed(&mut self, uris: &[String]) -> Vec<Allowed> {
        let read = uris.iter().enumerate();
        read.filter_map(|(n, uri)| self.parsed(&format!("oauth.redirect_uris[{n}]"), uri)).collect()
    }

    fn hosts(&mut self, hosts: &[String]) -> Vec<String> {
        for (n, host) in hosts.iter().enumerate() {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
            let named =
                host.contains('.') && host.bytes().all(plain) && host.parse::<std::net::IpAddr>().is_err();
            if !named || host.starts_with('.') || host.ends_with('.') {
                let key = format!("oauth.document_hosts[{n}]");
                self.fault(
                    &key,
                    format!("`{host}` is no name of a host, in lower case and without anything else"),
                );
            }
        }
        hosts.to_vec()
    }

    fn clients(&mut self, raw: &[RawClient]) -> BTreeMap<ClientName, ConfiguredClient> {
        let mut clients = BTreeMap::new();
        for (n, client) in raw.iter().enumerate() {
            let key = format!("oauth.clients[{n}]");
            let Some(id) = self.parsed::<ClientName>(&format!("{key}.id"), &client.id) else { continue };
            if let Some(client) = self.client(&key, client)
                && clients.insert(id, client).is_some()
            {
                self.fault(&format!("{key}.id"), "is the id of another client too");
            }
        }
        clients
    }

    fn client(&mut self, key: &str, raw: &RawClient) -> Option<ConfiguredClient> {
        let name = shown_name(&raw.name);
        if name.is_empty() {
            self.fault(&format!("{key}.name"), "is empty");
        }
        let by = match raw.redirect_match.as_deref() {
            None | Some("exact") => Match::Exact,
            Some("prefix") => Match::Prefix,
            Some(other) => {
                self.fault(
                    &format!("{key}.redirect_match"),
                    format!("`{other}` is neither `exact` nor `prefix`"),
                );
                return None;
            }
        };
        let consent = match raw.consent.as_deref() {
            None | Some("ask") => Consent::Ask,
            Some("skip") => Consent::Skip,
            Some(other) => {
                self.fault(&format!("{key}.consent"), format!("`{other}` is neither `ask` nor `skip`"));
                return None;
            }
        };
        let uris_key = format!("{key}.redirect_uris");
        if raw.redirect_uris.is_empty() {
            self.fault(&uris_key, "there is none");
        }
        let mut registered: Vec<RedirectUri> = Vec::new();
        for (n, uri) in raw.redirect_uris.iter().enumerate() {
            let key = format!("{uris_key}[{n}]");
            let Some(uri) = self.parsed::<RedirectUri>(&key, uri) else { continue };
            if by == Match::Prefix && !uri.is_https() {
                self.fault(&key, "a prefix begins with https://");
            } else if uri.is_in_the_open() {
                self.fault(&key, "would send codes over the network for everybody to read: use https");
            }
            registered.push(uri);
        }
        Some(ConfiguredClient { name, redirects: Redirects { registered, by }, consent })
    }

    fn attempts(
        &mut self,
        key: &str,
        raw: Option<&RawAttempts>,
        default: (u32, Duration),
    ) -> Option<Throttle> {
        let (attempts, window) =
            raw.map_or((default.0, None), |raw| (raw.attempts, Some(raw.window.as_str())));
        if !(1..=1_000_000).contains(&attempts) {
            self.fault(&format!("{key}.attempts"), format!("`{attempts}` is not between 1 and 1000000"));
        }
        let window =
            self.between(&format!("{key}.window"), window, default.1, (Duration::from_secs(1), DAY))?;
        Some(Throttle { attempts, window })
    }

    fn between(
        &mut self,
        key: &str,
        text: Option<&str>,
        default: Duration,
        (least, most): (Duration, Duration),
    ) -> Option<Duration> {
        let time = self.duration_or(key, text, default)?;
        if time < least || time > most {
            let (least, most) = (humantime::format_duration(least), humantime::format_duration(most));
            self.fault(key, format!("is not between {least} and {most}"));
        }
        Some(time)
    }
}
