//! Dynamic client registration (RFC 7591): what a client says about itself, and what of it counts here.

use crate::model::client::shown_name;
use crate::model::redirect::{Allowed, RedirectUri};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// A client that registers twice within this time is one client: many do so on every start.
pub const TWICE: Duration = Duration::from_mins(10);

/// A client without a token after this time is forgotten.
pub const UNUSED: Duration = Duration::from_hours(14 * 24);

/// Redirect URIs of one client at most.
const MOST_URIS: usize = 20;

/// A registration that can be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub name: String,
    pub redirect_uris: Vec<RedirectUri>,
    /// Members that are echoed as they came, because they decide nothing here.
    pub echoed: Vec<(&'static str, Value)>,
}

/// Why a registration is refused (RFC 7591, section 3.2.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRegistration {
    #[error("{0}")]
    Redirect(String),
    #[error("{0}")]
    Metadata(String),
}

impl Registration {
    /// Reads a registration. One odd redirect URI does not spoil the others: clients register all they may ever use at
    /// once. What is not usable is dropped, and the answer shows what is left.
    pub fn read(metadata: &Value, allowed: &[Allowed]) -> Result<Self, BadRegistration> {
        let Value::Object(members) = metadata else {
            return Err(BadRegistration::Metadata("the registration is not a JSON object".to_owned()));
        };
        let text = |key: &str| match members.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(BadRegistration::Metadata(format!("`{key}` is not a string"))),
        };
        let name = shown_name(text("client_name")?.unwrap_or_default());
        let list = |key: &str| match members.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>())),
            Some(_) => Err(BadRegistration::Metadata(format!("`{key}` is not a list"))),
        };
        if list("grant_types")?.is_some_and(|types| !types.contains(&"authorization_code")) {
            return Err(BadRegistration::Metadata("`grant_types` lacks `authorization_code`".to_owned()));
        }
        if list("response_types")?.is_some_and(|types| !types.contains(&"code")) {
            return Err(BadRegistration::Metadata("`response_types` lacks `code`".to_owned()));
        }
        let uris = match members.get("redirect_uris") {
            Some(Value::Array(uris)) if !uris.is_empty() => uris,
            _ => return Err(BadRegistration::Redirect("`redirect_uris` is missing or empty".to_owned())),
        };
        let redirect_uris = usable(uris, allowed);
        if redirect_uris.is_empty() {
            let message = "none of `redirect_uris` can be used here: http to 127.0.0.1, [::1] or localhost is, and what the \
                           operator allows in `oauth.redirect_uris`";
            return Err(BadRegistration::Redirect(message.to_owned()));
        }
        let mut echoed = Vec::new();
        for key in [
            "application_type",
            "client_uri",
            "logo_uri",
            "tos_uri",
            "policy_uri",
            "software_id",
            "software_version",
        ] {
            if let Some(text) = text(key)?.filter(|text| text.len() <= 2048) {
                echoed.push((key, json!(text)));
            }
        }
        let name = if name.is_empty() { "unnamed client".to_owned() } else { name };
        Ok(Self { name, redirect_uris, echoed })
    }

    /// The same for the same registration, whatever its order of redirect URIs.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut uris: Vec<&str> = self.redirect_uris.iter().map(RedirectUri::as_str).collect();
        uris.sort_unstable();
        Sha256::digest(json!([self.name, uris]).to_string()).into()
    }
}

fn usable(uris: &[Value], allowed: &[Allowed]) -> Vec<RedirectUri> {
    let mut usable: Vec<RedirectUri> = Vec::new();
    for uri in uris.iter().filter_map(|uri| uri.as_str()?.parse::<RedirectUri>().ok()) {
        let good = uri.is_loopback() || allowed.iter().any(|allowed| allowed.covers(&uri));
        if good && usable.len() < MOST_URIS && !usable.contains(&uri) {
            usable.push(uri);
        }
    }
    usable
}

#[cfg(test)]
mod tests {
    use super::{BadRegistration, Registration};
    use serde_json::{Value, json};

    fn read(metadata: &Value) -> Result<Registration, BadRegistration> {
        let allowed = ["cursor://anysphere.cursor-mcp/oauth/callback".parse().unwrap()];
        Registration::read(metadata, &allowed)
    }

    #[test]
    fn odd_redirect_uris_are_dropped() {
        let registration = read(&json!({ "client_name": "Cursor", "redirect_uris": [
            "cursor://anysphere.cursor-mcp/oauth/callback", "https://evil.example/cb", 5, "javascript:alert(1)",
            "http://localhost:8787/callback", "http://localhost:8787/callback",
        ] }));
        let uris: Vec<String> = registration.unwrap().redirect_uris.iter().map(ToString::to_string).collect();
        assert_eq!(uris, ["cursor://anysphere.cursor-mcp/oauth/callback", "http://localhost:8787/callback"]);
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for uris in [json!(null), json!([]), json!("http://localhost/cb"), json!(["https://evil.example/cb"])]
        {
            let refused = read(&json!({ "redirect_uris": uris })).unwrap_err();
            assert!(matches!(refused, BadRegistration::Redirect(_)), "{uris}");
        }
        for (key, value) in [
            ("grant_types", json!(["client_credentials"])),
            ("grant_types", json!("authorization_code")),
            ("response_types", json!(["token"])),
            ("client_name", json!(5)),
        ] {
            let mut metadata = json!({ "redirect_uris": ["http://localhost/cb"] });
            metadata[key] = value;
            assert!(matches!(read(&metadata).unwrap_err(), BadRegistration::Metadata(_)), "{key}");
        }
        assert!(matches!(read(&json!([])).unwrap_err(), BadRegistration::Metadata(_)));
    }

    #[test]
    fn the_same_registration_is_known_again() {
        let one = read(
            &json!({ "client_name": "a", "redirect_uris": ["http://localhost/1", "http://localhost/2"] }),
        )
        .unwrap();
        let two = read(
            &json!({ "client_name": "a", "redirect_uris": ["http://localhost/2", "http://localhost/1"] }),
        )
        .unwrap();
        let other = read(
            &json!({ "client_name": "b", "redirect_uris": ["http://localhost/2", "http://localhost/1"] }),
        )
        .unwrap();
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
