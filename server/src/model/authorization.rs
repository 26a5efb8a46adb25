//! What an operator decides about authorization, and what of a request is judged without looking anything up.

use crate::model::client::{ClientKind, ClientName, Redirects};
use crate::model::document::DocumentUrl;
use crate::model::redirect::Allowed;
use crate::model::throttle::Throttle;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// An operator's decisions.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// How long a code is good.
    pub code: Duration,
    /// How long a refresh token is good while it is not used; nothing: there are none.
    pub refresh: Option<Duration>,
    /// How long everything that descends from one approval may live.
    pub grant: Duration,
    /// Agents read only while their person is signed in.
    pub require_live_session: bool,
    pub registration: SelfRegistration,
    /// What clients that register themselves may use as redirect URIs, beside loopback.
    pub redirect_uris: Vec<Allowed>,
    /// Whose metadata documents are believed.
    pub document_hosts: Vec<String>,
    pub clients: BTreeMap<ClientName, ConfiguredClient>,
    pub bad_token: Throttle,
    pub registrations: Throttle,
}

/// Whether clients may register themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfRegistration {
    Open,
    Closed,
}

/// A client that stands in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredClient {
    pub name: String,
    pub redirects: Redirects,
    pub consent: Consent,
}

/// Whether a person is asked before a client is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Ask,
    /// Where there is one profile, so that there is nothing to choose.
    Skip,
}

impl Authorization {
    /// Whether the configuration still knows such a client.
    #[must_use]
    pub fn recognises(&self, kind: ClientKind, identifier: &str) -> bool {
        match kind {
            ClientKind::CommandLine | ClientKind::Console | ClientKind::Registered | ClientKind::Dynamic => {
                true
            }
            ClientKind::Configured => self.configured(identifier).is_some(),
            ClientKind::MetadataDocument => identifier.parse().is_ok_and(|url| self.believes(&url)),
        }
    }

    #[must_use]
    pub fn lets_register(&self) -> bool {
        self.registration == SelfRegistration::Open
    }

    #[must_use]
    pub fn configured(&self, identifier: &str) -> Option<&ConfiguredClient> {
        self.clients.get(&identifier.parse::<ClientName>().ok()?)
    }

    /// Whether documents of this host are believed.
    #[must_use]
    pub fn believes(&self, url: &DocumentUrl) -> bool {
        self.document_hosts.iter().any(|host| host == url.host())
    }
}

/// Whether `asked` means the endpoint whose canonical address is `audience`: with or without the slash at its end, in
/// whatever case scheme and host are (RFC 8707, section 2).
#[must_use]
pub fn is_resource(audience: &str, asked: &str) -> bool {
    let Ok(url) = Url::parse(asked) else { return false };
    let plain = url.query().is_none()
        && !asked.contains(['#', '?'])
        && url.username().is_empty()
        && url.password().is_none();
    plain
        && url.as_str().trim_end_matches('/') == audience.trim_end_matches('/')
        && !url.as_str().ends_with("//")
}

/// Whether this is a list of scopes at all (RFC 6749, section 3.3).
#[must_use]
pub fn is_scope(text: &str) -> bool {
    let plain = |c: char| matches!(c, '\u{21}' | '\u{23}'..='\u{5b}' | '\u{5d}'..='\u{7e}');
    text.split(' ').all(|scope| !scope.is_empty() && scope.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::{is_resource, is_scope};

    #[test]
    fn both_forms_of_the_address_are_the_resource() {
        let here = "https://db.example.com/mcp/sql/";
        for good in [here, "https://db.example.com/mcp/sql", "HTTPS://DB.example.com:443/mcp/sql/"] {
            assert!(is_resource(here, good), "{good}");
        }
        for bad in [
            "",
            "https://db.example.com",
            "https://db.example.com/",
            "https://db.example.com/mcp/sql/x",
            "https://db.example.com/MCP/sql",
            "http://db.example.com/mcp/sql",
            "https://evil.example/mcp/sql",
            "https://db.example.com/mcp/sql?x",
            "https://db.example.com/mcp/sql#",
            "https://u@db.example.com/mcp/sql",
            "https://db.example.com/mcp/sql//",
        ] {
            assert!(!is_resource(here, bad), "{bad}");
        }
    }

    #[test]
    fn scopes_are_words() {
        assert!(is_scope("mcp:sql") && is_scope("openid email profile"));
        assert!(!is_scope("a  b") && !is_scope("a\"b") && !is_scope("\u{e9}") && !is_scope("a\nb"));
    }
}
