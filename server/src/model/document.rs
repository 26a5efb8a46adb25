//! Client ID metadata documents: a client whose `client_id` is the address of a document that describes it.

use crate::model::client::{Match, Redirects, shown_name};
use crate::model::redirect::{Allowed, RedirectUri};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;
use url::{Host, Url};

/// Bytes of a document at most, as the draft recommends.
pub const MOST_BYTES: usize = 5 * 1024;

/// How long a document is believed without another look, at least and at most, whatever its server says.
const FRESH: (Duration, Duration) = (Duration::from_mins(5), Duration::from_hours(24));

/// The address of a document: https, a named host, a path, and nothing that could make two addresses of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentUrl {
    text: String,
    url: Url,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a client metadata document")]
pub struct NotADocumentUrl;

impl FromStr for DocumentUrl {
    type Err = NotADocumentUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| NotADocumentUrl)?;
        let fits = url.scheme() == "https"
            && text.len() <= 512
            // As text and as address it is the same: no default port, no dot segments, no upper case in the host.
            && url.as_str() == text
            && matches!(url.host(), Some(Host::Domain(_)))
            && url.port().is_none()
            && url.path().len() > 1
            && !url.path().to_ascii_lowercase().contains("%2e")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if fits { Ok(Self { text: text.to_owned(), url }) } else { Err(NotADocumentUrl) }
    }
}

impl DocumentUrl {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    #[must_use]
    pub fn path(&self) -> &str {
        self.url.path()
    }
}

impl fmt::Display for DocumentUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A document as it came.
#[derive(Debug, Clone)]
pub struct Fetched {
    pub body: Vec<u8>,
    pub cache_control: Option<String>,
}

/// What a document says that matters to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub name: String,
    pub redirects: Redirects,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDocument {
    #[error("the document is not a JSON object")]
    NoJson,
    #[error("`client_id` in the document is not the address of the document")]
    OtherClient,
    #[error("the document has no `client_name`")]
    NoName,
    #[error("the document has no redirect URI that can be used here")]
    NoRedirect,
    #[error("the document holds a secret, or asks for one")]
    Secret,
}

impl Document {
    /// Reads the document found at `url`. Whoever is trusted to publish it here may use https addresses anywhere;
    /// beside these and loopback there are those `allowed`.
    pub fn read(url: &DocumentUrl, body: &[u8], allowed: &[Allowed]) -> Result<Self, BadDocument> {
        let Ok(Value::Object(document)) = serde_json::from_slice(body) else {
            return Err(BadDocument::NoJson);
        };
        if document.get("client_id").and_then(Value::as_str) != Some(url.as_str()) {
            return Err(BadDocument::OtherClient);
        }
        let method = document.get("token_endpoint_auth_method").and_then(Value::as_str).unwrap_or("none");
        if document.contains_key("client_secret") || method.starts_with("client_secret") {
            return Err(BadDocument::Secret);
        }
        let name = shown_name(document.get("client_name").and_then(Value::as_str).unwrap_or_default());
        if name.is_empty() {
            return Err(BadDocument::NoName);
        }
        let uris =
            document.get("redirect_uris").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let registered: Vec<RedirectUri> = uris
            .iter()
            .filter_map(|uri| uri.as_str()?.parse().ok())
            .filter(|uri: &RedirectUri| {
                uri.is_https() || uri.is_loopback() || allowed.iter().any(|allowed| allowed.covers(uri))
            })
            .collect();
        if registered.is_empty() {
            return Err(BadDocument::NoRedirect);
        }
        Ok(Self { name, redirects: Redirects { registered, by: Match::Exact } })
    }
}

/// How long a document may be kept (RFC 9111, section 5.2.2), within our own bounds.
#[must_use]
pub fn freshness(cache_control: Option<&str>) -> Duration {
    let mut seconds = None;
    for directive in cache_control.unwrap_or_default().split(',').map(str::trim) {
        match directive.split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("max-age") => {
                seconds = value.trim_matches('"').parse().ok();
            }
            None if directive.eq_ignore_ascii_case("no-store")
                || directive.eq_ignore_ascii_case("no-cache") =>
            {
                return FRESH.0;
            }
            _ => {}
        }
    }
    seconds.map_or(FRESH.0, |seconds| Duration::from_secs(seconds).clamp(FRESH.0, FRESH.1))
}

#[cfg(test)]
mod tests {
    use super::{BadDocument, Document, DocumentUrl, freshness};
    use serde_json::{Value, json};

    const URL: &str = "https://claude.ai/oauth/claude-code-client-metadata";

    fn read(document: &Value) -> Result<Document, BadDocument> {
        Document::read(&URL.parse().unwrap(), document.to_string().as_bytes(), &[])
    }

    fn good() -> Value {
        json!({
            "client_id": URL,
            "client_name": "Claude Code",
            "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
            "token_endpoint_auth_method": "none",
        })
    }

    #[test]
    fn only_plain_addresses_name_documents() {
        assert!(URL.parse::<DocumentUrl>().is_ok());
        for bad in [
            "http://a.example/c",
            "https://a.example",
            "https://a.example/",
            "https://a.example/../c",
            "https://a.example/x/./c",
            "https://a.example/%2e%2e/c",
            "https://u@a.example/c",
            "https://a.example/c#x",
            "https://a.example/c?x=1",
            "https://A.example/c",
            "https://a.example:443/c",
            "https://a.example:8443/c",
            "https://127.0.0.1/c",
            "https://[::1]/c",
            "https://2130706433/c",
            "https://a.example\\c",
            "c",
        ] {
            assert!(bad.parse::<DocumentUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_document_speaks_for_its_own_address_alone() {
        assert_eq!(read(&good()).unwrap().name, "Claude Code");
        let with = |key: &str, value: Value| {
            let mut document = good();
            document[key] = value;
            read(&document).unwrap_err()
        };
        assert_eq!(with("client_id", json!("https://claude.ai/other")), BadDocument::OtherClient);
        assert_eq!(with("client_name", json!(" ")), BadDocument::NoName);
        assert_eq!(with("client_secret", json!("x")), BadDocument::Secret);
        assert_eq!(with("token_endpoint_auth_method", json!("client_secret_jwt")), BadDocument::Secret);
        assert_eq!(
            with("redirect_uris", json!(["cursor://x/y", "javascript:alert(1)", 5])),
            BadDocument::NoRedirect
        );
        assert_eq!(with("redirect_uris", Value::Null), BadDocument::NoRedirect);
        assert_eq!(read(&json!([])).unwrap_err(), BadDocument::NoJson);
    }

    #[test]
    fn a_document_is_kept_within_bounds() {
        for (said, seconds) in [
            (None, 300),
            (Some("no-store"), 300),
            (Some("max-age=0"), 300),
            (Some("public, max-age=3600"), 3600),
            (Some("max-age=31536000, immutable"), 86_400),
            (Some("max-age=x"), 300),
        ] {
            assert_eq!(freshness(said).as_secs(), seconds, "{said:?}");
        }
    }
}
