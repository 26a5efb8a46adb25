//! Redirect URIs: where the answer of an authorization goes, and which ones are good enough.

use std::fmt;
use std::str::FromStr;
use url::{Host, Url};

/// Where an authorization response goes (RFC 6749, section 3.1.2), kept as it was written: it is compared as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    text: String,
    url: Url,
}

/// Longer ones are refused.
const LONGEST: usize = 2048;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no redirect URI: it is absolute, with a host and a path, without a fragment, a user or a wildcard"
)]
pub struct NotARedirectUri(pub String);

impl FromStr for RedirectUri {
    type Err = NotARedirectUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotARedirectUri(text.chars().take(200).collect());
        // Browsers read a backslash as a slash and drop what does not print; so neither is taken.
        let plain =
            text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic() && !b"\\*\"<>`".contains(&b));
        let url = Url::parse(text).map_err(|_| refused())?;
        let fits = plain
            && url.has_host()
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.fragment().is_none()
            && !text.contains('#')
            && url.username().is_empty()
            && url.password().is_none()
            && !text.split(['/', '?']).nth(2).is_some_and(|authority| authority.contains('@'))
            && !is_dangerous(url.scheme());
        if fits { Ok(Self { text: text.to_owned(), url }) } else { Err(refused()) }
    }
}

/// Schemes that run code or read files where they are opened.
fn is_dangerous(scheme: &str) -> bool {
    matches!(
        scheme,
        "javascript" | "data" | "file" | "vbscript" | "blob" | "about" | "view-source" | "ftp" | "ws" | "wss"
    )
}

impl RedirectUri {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether an answer would cross the network for everybody to read (OAuth 2.1, section 8.4.2): `http` that does not stay
    /// on this very machine.
    #[must_use]
    pub fn is_in_the_open(&self) -> bool {
        self.url.scheme() == "http" && !self.is_loopback()
    }

    /// `http` to this very machine (RFC 8252, section 7.3). `localhost` is among them, although section 8.3 advises
    /// against it: the most used clients listen there.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.url.scheme() == "http"
            && match self.url.host() {
                Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
                Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
                Some(Host::Domain(name)) => name == "localhost",
                None => false,
            }
    }

    /// Whether a request may ask for `self` where this one is registered: the same text, except that a program on a
    /// loopback address takes whatever port is free (RFC 8252, section 7.3).
    #[must_use]
    pub fn answers_for(&self, registered: &Self) -> bool {
        if self.text == registered.text {
            return true;
        }
        let same = |part: fn(&Url) -> Option<&str>| part(&self.url) == part(&registered.url);
        self.is_loopback()
            && registered.is_loopback()
            && same(Url::host_str)
            && self.url.path() == registered.url.path()
            && same(Url::query)
            && !has_detours(&self.text)
    }

    /// Whether `self` lies below `prefix`: https, the same host and port, and the prefix ends at a whole segment. A
    /// detour, written out or encoded, is refused, because a server behind may follow it.
    #[must_use]
    pub fn lies_below(&self, prefix: &Self) -> bool {
        let whole = prefix.url.path().strip_suffix('/').unwrap_or(prefix.url.path());
        self.is_https()
            && prefix.is_https()
            && self.url.host() == prefix.url.host()
            && self.url.port_or_known_default() == prefix.url.port_or_known_default()
            && self
                .url
                .path()
                .strip_prefix(whole)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && !has_detours(&self.text)
    }

    /// What a person should look at: the host, or where there is none that means anything, the scheme.
    #[must_use]
    pub fn place(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        if self.is_https() || self.url.scheme() == "http" {
            match self.url.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            }
        } else {
            format!("{}://{host}", self.url.scheme())
        }
    }

    /// The address with these parameters behind what it has already.
    #[must_use]
    pub fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a path leaves its folder, or may do so once somebody decodes it.
fn has_detours(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or(text).to_ascii_lowercase();
    let dotted = path.split('/').any(|segment| matches!(segment, "." | ".."));
    dotted || ["%2e", "%2f", "%5c", ";"].iter().any(|hidden| path.contains(hidden))
}

/// What a client that registers itself may use beside loopback: one URI, or with `/*` at the end, any one segment below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    Exactly(RedirectUri),
    OneBelow(RedirectUri),
}

impl FromStr for Allowed {
    type Err = NotARedirectUri;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_suffix("/*") {
            None => Ok(Self::Exactly(text.parse()?)),
            Some(above) => {
                let above: RedirectUri = above.parse()?;
                let has_path = above.url.path().len() > 1;
                if above.is_https() && has_path {
                    Ok(Self::OneBelow(above))
                } else {
                    Err(NotARedirectUri(text.to_owned()))
                }
            }
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(uri) => write!(f, "{uri}"),
            Self::OneBelow(above) => write!(f, "{above}/*"),
        }
    }
}

impl Allowed {
    #[must_use]
    pub fn covers(&self, uri: &RedirectUri) -> bool {
        match self {
            Self::Exactly(allowed) => allowed == uri,
            Self::OneBelow(above) => {
                let segment = uri.text.strip_prefix(above.as_str()).and_then(|rest| rest.strip_prefix('/'));
                let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
                segment.is_some_and(|segment| !segment.is_empty() && segment.bytes().all(plain))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowed, RedirectUri};

    fn uri(text: &str) -> RedirectUri {
        text.parse().unwrap()
    }

    #[test]
    fn what_could_be_turned_against_a_person_is_no_redirect_uri() {
        for bad in [
            "",
            "/callback",
            "javascript:alert(1)",
            "javascript://x/%0aalert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https://a.example/cb#x",
            "https://a.example/cb#",
            "https://user@a.example/cb",
            "https://@a.example/cb",
            "https://*.example/cb",
            "https://a.example\\@evil.example/cb",
            "https://a.example/c b",
            "mailto:x@y",
            "https://a.example/\tcb",
            "https://a.example/\u{e9}",
            "cursor:callback",
            "about:blank",
            "http://",
        ] {
            assert!(bad.parse::<RedirectUri>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_loopback_address_takes_any_port_and_nothing_else() {
        let registered = uri("http://127.0.0.1/callback");
        for good in
            ["http://127.0.0.1/callback", "http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback"]
        {
            assert!(uri(good).answers_for(&registered), "{good}");
        }
        for bad in [
            "http://localhost:1/callback",
            "https://127.0.0.1:1/callback",
            "http://127.0.0.1:1/callback/x",
            "http://127.0.0.1:1/callback?x=1",
            "http://127.0.0.2:1/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://127.0.0.1:1/x/../callback",
            "http://[::1]/callback",
        ] {
            assert!(!uri(bad).answers_for(&registered), "{bad}");
        }
        assert!(uri("http://[::1]:9/cb").answers_for(&uri("http://[::1]/cb")));
        assert!(uri("http://localhost:9/cb").answers_for(&uri("http://localhost:3334/cb")));
        assert!(!uri("https://a.example:9/cb").answers_for(&uri("https://a.example/cb")));
        assert!(!uri("https://a.example/cb/").answers_for(&uri("https://a.example/cb")));
        assert!(!uri("https://A.example/cb").answers_for(&uri("https://a.example/cb")));
    }

    #[test]
    fn a_prefix_ends_at_a_segment_and_has_no_detours() {
        let prefix = uri("https://a.example/oauth/");
        for good in ["https://a.example/oauth", "https://a.example/oauth/", "https://a.example/oauth/x/y?z=1"]
        {
            assert!(uri(good).lies_below(&prefix), "{good}");
        }
        for bad in [
            "https://a.example/oauthx",
            "https://a.example/",
            "http://a.example/oauth/x",
            "https://b.example/oauth/x",
            "https://a.example:8443/oauth/x",
            "https://a.example/oauth/../x",
            "https://a.example/oauth/%2e%2e/x",
            "https://a.example/oauth/%2E./x",
            "https://a.example/oauth/..%2fx",
            "https://a.example/oauth/%5cx",
            "https://a.example.evil.example/oauth/x",
            "https://a.example/x?/oauth/",
        ] {
            assert!(!uri(bad).lies_below(&prefix), "{bad}");
        }
    }

    #[test]
    fn an_allowance_is_one_address_or_one_segment() {
        let exact: Allowed = "cursor://anysphere.cursor-mcp/oauth/callback".parse().unwrap();
        assert!(exact.covers(&uri("cursor://anysphere.cursor-mcp/oauth/callback")));
        assert!(!exact.covers(&uri("cursor://anysphere.cursor-mcp/oauth/callback/")));
        let below: Allowed = "https://chatgpt.com/connector/oauth/*".parse().unwrap();
        assert!(below.covers(&uri("https://chatgpt.com/connector/oauth/a-1_B")));
        for bad in ["", "/", "/a/b", "/..", "/a?x=1", "/%2e"] {
            assert!(!below.covers(&uri(&format!("https://chatgpt.com/connector/oauth{bad}"))), "{bad}");
        }
        for bad in ["https://a.example/*", "http://a.example/x/*", "https://*/x", "cursor://x/y/*"] {
            assert!(bad.parse::<Allowed>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_answer_is_added_to_what_an_address_has() {
        let told = uri("http://127.0.0.1:9/cb?x=1").with(&[("code", "a b"), ("iss", "https://x")]);
        assert_eq!(told, "http://127.0.0.1:9/cb?x=1&code=a+b&iss=https%3A%2F%2Fx");
        let told = uri("cursor://anysphere.cursor-mcp/oauth/callback").with(&[("state", "&")]);
        assert_eq!(told, "cursor://anysphere.cursor-mcp/oauth/callback?state=%26");
    }

    #[test]
    fn a_person_sees_where_the_answer_goes() {
        assert_eq!(uri("https://claude.ai/api/mcp/auth_callback").place(), "claude.ai");
        assert_eq!(uri("http://127.0.0.1:54321/callback").place(), "127.0.0.1:54321");
        assert_eq!(
            uri("cursor://anysphere.cursor-mcp/oauth/callback").place(),
            "cursor://anysphere.cursor-mcp"
        );
    }
}
