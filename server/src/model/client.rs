//! A client: a program that asks for access on behalf of a person.

use crate::model::redirect::RedirectUri;
use std::fmt;
use std::str::FromStr;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Client {
    pub id: Uuid,
    /// Its `client_id` as the client says it.
    pub identifier: String,
    pub kind: ClientKind,
    /// What it calls itself; nobody has checked that.
    pub name: String,
    pub redirects: Redirects,
    /// Who made it known: an account, or `configuration`; nothing where it did so itself.
    pub registered_by: Option<String>,
    pub registered_from: Option<std::net::IpAddr>,
    pub created_at: OffsetDateTime,
    pub disabled_at: Option<OffsetDateTime>,
    /// Until when its metadata document need not be fetched again.
    pub fresh_until: Option<OffsetDateTime>,
    /// When the last token was issued to it.
    pub used_at: Option<OffsetDateTime>,
}

/// How a client came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// The program's own command line.
    CommandLine,
    /// The page of the console on which statements are tried out.
    Console,
    /// By an operator, in the configuration.
    Configured,
    /// By an operator, with `portcullis client add`.
    Registered,
    /// By itself (RFC 7591).
    Dynamic,
    /// By a document at its own address (client ID metadata documents).
    MetadataDocument,
}

impl ClientKind {
    pub const ALL: [Self; 6] = [
        Self::CommandLine,
        Self::Console,
        Self::Configured,
        Self::Registered,
        Self::Dynamic,
        Self::MetadataDocument,
    ];

    /// The word of the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CommandLine => "command_line",
            Self::Console => "console",
            Self::Configured => "configured",
            Self::Registered => "registered",
            Self::Dynamic => "dynamic",
            Self::MetadataDocument => "metadata_document",
        }
    }

    /// Whether it is a part of the program, which never asks for access over the network.
    #[must_use]
    pub const fn is_our_own(self) -> bool {
        matches!(self, Self::CommandLine | Self::Console)
    }

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How a redirect URI is held against those that are registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    Exact,
    Prefix,
}

impl Match {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
        }
    }

    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Exact, Self::Prefix].into_iter().find(|each| each.code() == code)
    }
}

/// Where a client may have its answers sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirects {
    pub registered: Vec<RedirectUri>,
    pub by: Match,
}

impl Redirects {
    /// The address that a request asks for, if this client may have it; where the request names none, the only one.
    #[must_use]
    pub fn choose(&self, asked: Option<&str>) -> Option<RedirectUri> {
        let Some(asked) = asked else {
            return match (self.by, self.registered.as_slice()) {
                (Match::Exact, [only]) => Some(only.clone()),
                _ => None,
            };
        };
        let asked: RedirectUri = asked.parse().ok()?;
        let fits = self.registered.iter().any(|registered| match self.by {
            Match::Exact => asked.answers_for(registered),
            Match::Prefix => asked.lies_below(registered),
        });
        fits.then_some(asked)
    }
}

/// How an operator names a client: lower-case letters, digits, `-`, `_` and `.`, a letter first, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientName(String);

impl ClientName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no id of a client: use lower-case letters, digits, `-`, `_` and `.`, a letter first, at most 64"
)]
pub struct NotAClientName(String);

impl FromStr for ClientName {
    type Err = NotAClientName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
        let fits = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
            && text.len() <= 64
            && text.bytes().all(plain);
        // The form of an id that we give out ourselves.
        let ours = Uuid::try_parse(text).is_ok();
        if fits && !ours { Ok(Self(text.to_owned())) } else { Err(NotAClientName(text.to_owned())) }
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a stranger calls itself, fit to be shown: no control characters, nothing that turns the line around, not long.
#[must_use]
pub fn shown_name(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let plain: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control() && !turns(*c))
        .take(80)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ClientName, Match, Redirects, shown_name};

    fn redirects(by: Match, registered: &[&str]) -> Redirects {
        Redirects { registered: registered.iter().map(|uri| uri.parse().unwrap()).collect(), by }
    }

    #[test]
    fn a_request_gets_what_is_registered_and_nothing_else() {
        let exact = redirects(Match::Exact, &["https://a.example/cb", "http://localhost/cb"]);
        assert!(exact.choose(Some("https://a.example/cb")).is_some());
        assert!(exact.choose(Some("http://localhost:7/cb")).is_some());
        assert!(exact.choose(Some("https://a.example/cb/x")).is_none());
        assert!(exact.choose(None).is_none(), "there are two");
        assert!(redirects(Match::Exact, &["https://a.example/cb"]).choose(None).is_some());
        let prefix = redirects(Match::Prefix, &["https://a.example/cb/"]);
        assert!(prefix.choose(Some("https://a.example/cb/x")).is_some());
        assert!(prefix.choose(None).is_none());
        assert!(redirects(Match::Exact, &[]).choose(Some("https://a.example/cb")).is_none());
    }

    #[test]
    fn names_of_operators_are_plain_and_not_like_ours() {
        assert!("looker".parse::<ClientName>().is_ok());
        for bad in ["", "Looker", "a b", "https://a.example", "a1111111-1111-4111-8111-111111111111"] {
            assert!(bad.parse::<ClientName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_cannot_disguise_itself() {
        assert_eq!(shown_name("  Claude\u{202e}edoC \n\t x\0"), "ClaudeedoC x");
        assert_eq!(shown_name(&"a".repeat(500)).len(), 80);
    }
}
