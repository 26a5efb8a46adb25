//! A place on this site, to go to after signing in: never one elsewhere.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use url::Url;

/// The path and query of an address of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalPath(String);

/// Longer ones are refused: an authorization request with everything in it stays well below.
const LONGEST: usize = 8192;

impl LocalPath {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no path of this site")]
pub struct NotALocalPath;

impl FromStr for LocalPath {
    type Err = NotALocalPath;

    /// Browsers take `//host`, `/\host` and `/<tab>/host` for other sites; so what counts is not how the text looks but
    /// where a browser would end.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let here = Url::parse("https://here.invalid").map_err(|_| NotALocalPath)?;
        let plain = text.len() <= LONGEST
            && text.starts_with('/')
            && !text.starts_with("//")
            && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
        let there = here.join(text).map_err(|_| NotALocalPath)?;
        if !plain
            || there.origin() != here.origin()
            || !there.username().is_empty()
            || there.password().is_some()
        {
            return Err(NotALocalPath);
        }
        let query = there.query().map(|query| format!("?{query}")).unwrap_or_default();
        // Dots may have been resolved into a path that begins with two slashes.
        let path = there.path();
        if path.starts_with("//") { Err(NotALocalPath) } else { Ok(Self(format!("{path}{query}"))) }
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::LocalPath;

    #[test]
    fn places_elsewhere_are_refused() {
        for elsewhere in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            " /account",
            "/a b",
            "/.//evil.example",
            "/a/..//evil.example",
            "/%\u{1}",
            "/é",
            &format!("/{}", "a".repeat(8192)),
        ] {
            assert!(elsewhere.parse::<LocalPath>().is_err(), "{elsewhere:?}");
        }
    }

    #[test]
    fn places_here_are_kept() {
        for here in
            ["/", "/account", "/o/authorize?client_id=a&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb&state=x"]
        {
            assert_eq!(here.parse::<LocalPath>().unwrap().as_str(), here);
        }
    }
}
