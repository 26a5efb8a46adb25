//! What every list of the record shares: its address, the chips of its filters, and the way through its pages.

use crate::model::review::{Page, Place};
use app::parts::number::counted;
use app::parts::{Active, Exports, Pager};
use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::fmt;
use url::form_urlencoded;
use uuid::Uuid;

const BEFORE: &str = "before";
const AFTER: &str = "after";

/// The address of a list: its path, and what it asks for, decoded and in order. A field that was left empty asks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::from(&parts.uri))
    }
}

impl From<&Uri> for Address {
    fn from(uri: &Uri) -> Self {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let asked = pairs.into_owned().filter(|(_, value)| !value.trim().is_empty());
        Self { path: uri.path().to_owned(), pairs: asked.collect() }
    }
}

impl Address {
    pub(in crate::http) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), pairs: Vec::new() }
    }

    /// Everything that is asked under a name.
    pub(in crate::http) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(asked, _)| asked == name).map(|(_, value)| value.trim())
    }

    /// What stands in the field of a name: what was typed there, whatever it is worth.
    pub(in crate::http) fn typed(&self, name: &str) -> String {
        self.values(name).next().unwrap_or_default().to_owned()
    }

    pub(in crate::http) fn path(&self) -> &str {
        &self.path
    }

    pub(in crate::http) fn without(&self, name: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(asked, _)| asked != name).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    pub(in crate::http) fn with(&self, name: &str, value: impl fmt::Display) -> Self {
        let mut address = self.without(name);
        address.pairs.push((name.to_owned(), value.to_string()));
        address
    }

    /// The same asked of another path.
    pub(in crate::http) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), pairs: self.pairs.clone() }
    }

    /// Where the list begins, with every filter.
    pub(in crate::http) fn newest(&self) -> Self {
        self.without(BEFORE).without(AFTER)
    }

    /// Where the list goes on, with every filter.
    pub(in crate::http) fn beyond(&self, place: Place) -> Self {
        match place {
            Place::OlderThan(id) => self.newest().with(BEFORE, id),
            Place::NewerThan(id) => self.newest().with(AFTER, id),
        }
    }

    /// Where in the list somebody is; `None` at its newest end.
    pub(in crate::http) fn place(&self) -> Result<Option<Place>, NotAPlace> {
        let ids = |name| self.values(name).map(|id| id.parse::<Uuid>().map_err(|_| NotAPlace));
        let older = ids(BEFORE).map(|id| id.map(Place::OlderThan));
        let mut places = older.chain(ids(AFTER).map(|id| id.map(Place::NewerThan)));
        match (places.next(), places.next()) {
            (place, None) => place.transpose(),
            (_, Some(_)) => Err(NotAPlace),
        }
    }
}

/// What says where in a list to go on says nothing that can be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in the list")]
pub(in crate::http) struct NotAPlace;

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.pairs.is_empty() {
            return Ok(());
        }
        write!(f, "?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.pairs).finish())
    }
}

/// The filters that are on, each with the address of the list without it; `labels` name the fields in their order.
pub(in crate::http) fn chips(address: &Address, labels: &[(&str, &str)]) -> Vec<Active> {
    let list = address.newest();
    let chip = |(name, label): &(&str, &str), value: &str| {
        Active::new(label, value, &list.without(name).to_string())
    };
    labels.iter().flat_map(|label| list.values(label.0).map(|value| chip(label, value))).collect()
}

/// Where the files of the list are, with every filter.
pub(in crate::http) fn exports(address: &Address) -> Exports {
    let list = address.newest();
    let file = |ending| list.at(&format!("{}/export.{ending}", list.path)).to_string();
    Exports { csv: file("csv"), ndjson: file("ndjson") }
}

/// The way through a list whose lines are called by `nouns`, one and many.
pub(in crate::http) fn pager<T>(address: &Address, page: &Page<T>, (one, many): (&str, &str)) -> Pager {
    let href = |place| address.beyond(place).to_string();
    let newest = address.newest();
    let is_elsewhere = page.newer.is_some() || page.lines.is_empty();
    let lines = u64::try_from(page.lines.len()).unwrap_or(u64::MAX);
    Pager {
        shown: match lines {
            0 => format!("No {many}"),
            _ => format!("{}, newest first", counted(lines, one, many)),
        },
        newest: (is_elsewhere && *address != newest).then(|| newest.to_string()),
        newer: page.newer.map(href),
        older: page.older.map(href),
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, NotAPlace, chips, pager};
    use crate::model::review::{Page, Place};
    use uuid::Uuid;

    fn address(text: &str) -> Address {
        Address::from(&text.parse().unwrap())
    }

    #[test]
    fn an_address_is_written_as_it_was_read() {
        let read = address("/list?words=a%26b%3D%22c%22+%C3%A4&person=&client=%00%FF");
        assert_eq!(read.typed("words"), "a&b=\"c\" ä");
        assert_eq!(read.typed("person"), "");
        assert_eq!(read.to_string(), "/list?words=a%26b%3D%22c%22+%C3%A4&client=%00%EF%BF%BD");
        assert_eq!(address(&read.to_string()), read);
    }

    #[test]
    fn every_way_keeps_the_filters() {
        let id = Uuid::from_u128(7);
        let here = address(&format!("/list?person=a&before={id}&tool=b"));
        assert_eq!(here.place(), Ok(Some(Place::OlderThan(id))));
        let (newer, older) = (Some(Place::NewerThan(id)), Some(Place::OlderThan(Uuid::nil())));
        let page = Page { lines: vec![()], newer, older, stopped_at: None };
        let pager = pager(&here, &page, ("call", "calls"));
        assert_eq!(pager.newest.as_deref(), Some("/list?person=a&tool=b"));
        assert_eq!(pager.newer, Some(format!("/list?person=a&tool=b&after={id}")));
        assert_eq!(pager.older, Some(format!("/list?person=a&tool=b&before={}", Uuid::nil())));
        assert_eq!(pager.shown, "1 call, newest first");
        let chips = chips(&here, &[("tool", "Tool"), ("person", "Person")]);
        assert_eq!(chips[0].without, "/list?person=a");
        assert_eq!((chips[1].value.as_str(), chips[1].without.as_str()), ("a", "/list?tool=b"));
    }

    #[test]
    fn a_place_that_cannot_be_understood_is_none() {
        let id = Uuid::nil();
        assert_eq!(address("/list").place(), Ok(None));
        for text in ["/list?before=x", "/list?after=1", &format!("/list?before={id}&after={id}")] {
            assert_eq!(address(text).place(), Err(NotAPlace), "{text}");
        }
    }
}
