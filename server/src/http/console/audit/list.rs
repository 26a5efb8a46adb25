//! What the lists of the record have in common: filters that stand in the address, and the way from page to page.

use crate::flow::{Failure, Portcullis, people};
use crate::model::person::Person;
use crate::model::review::{ClientChoice, Page, Place};
use app::parts::{Active, Pager};
use time::OffsetDateTime;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

/// Characters of a filter; more are cut.
const LONGEST: usize = 200;

/// The address of a list, with the filters that are on.
pub(super) struct Address {
    path: &'static str,
    filters: Vec<(&'static str, String)>,
}

impl Address {
    pub(super) fn new(path: &'static str) -> Self {
        Self { path, filters: Vec::new() }
    }

    /// Adds a filter, unless it is empty; what it holds is `None` then.
    pub(super) fn filter(&mut self, name: &'static str, typed: &str) -> Option<String> {
        let value: String = typed.trim().chars().take(LONGEST).collect();
        if value.is_empty() {
            return None;
        }
        self.filters.push((name, value.clone()));
        Some(value)
    }

    /// The filters that are on, each with the address without it.
    pub(super) fn active(&self) -> Vec<Active> {
        let active = |(name, value): &(&'static str, String)| {
            let others = self.filters.iter().filter(|(other, _)| other != name);
            Active::new(name, value, &written(self.path, "", others, None))
        };
        self.filters.iter().map(active).collect()
    }

    pub(super) fn newest(&self) -> String {
        written(self.path, "", &self.filters, None)
    }

    pub(super) fn at(&self, place: Place) -> String {
        let place = match place {
            Place::OlderThan(id) => ("before", id.to_string()),
            Place::NewerThan(id) => ("after", id.to_string()),
        };
        written(self.path, "", &self.filters, Some(&place))
    }

    /// The address of the same as a file.
    pub(super) fn file(&self, ending: &str) -> String {
        written(self.path, ending, &self.filters, None)
    }

    pub(super) fn pager<T>(&self, page: &Page<T>, what: (&str, &str)) -> Pager {
        let shown = match page.lines.len() {
            0 => "Nothing on this page".to_owned(),
            1 => format!("1 {}", what.0),
            n => format!("{n} {}, newest first", what.1),
        };
        Pager {
            shown,
            newest: page.newer.map(|_| self.newest()),
            newer: page.newer.map(|place| self.at(place)),
            older: page.older.filter(|_| page.stopped_at.is_none()).map(|place| self.at(place)),
        }
    }
}

fn written<'a>(
    path: &str,
    ending: &str,
    filters: impl IntoIterator<Item = &'a (&'static str, String)>,
    place: Option<&'a (&'static str, String)>,
) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in filters.into_iter().chain(place) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => format!("{path}{ending}"),
        query => format!("{path}{ending}?{query}"),
    }
}

/// Where in a list somebody is, as the address tells it.
pub(super) fn place(before: &str, after: &str) -> Option<Place> {
    let older = before.parse().ok().map(Place::OlderThan);
    older.or_else(|| after.parse().ok().map(Place::NewerThan))
}

/// Whom a name means. A name that nobody has means somebody who did nothing, so that nothing is found.
pub(super) async fn person(portcullis: &Portcullis, name: Option<String>) -> Result<Option<Uuid>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let Ok(username) = name.parse() else { return Ok(Some(Uuid::nil())) };
    Ok(Some(people::find(portcullis, &username).await?.map_or(Uuid::nil(), |person| person.id)))
}

/// A client, by its identifier or its name.
pub(super) fn client(typed: Option<String>) -> Option<ClientChoice> {
    typed.map(|typed| match typed.parse() {
        Ok(id) => ClientChoice::Id(id),
        Err(_) => ClientChoice::Named(typed),
    })
}

/// A moment, by the viewer's clock; what is none is no filter.
pub(super) fn moment(
    viewer: &Person,
    address: &mut Address,
    name: &'static str,
    typed: &str,
) -> Option<OffsetDateTime> {
    let at = viewer.zone.read(typed.trim())?;
    address.filter(name, typed);
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::Address;
    use crate::model::review::Place;
    use uuid::Uuid;

    #[test]
    fn every_filter_stands_in_the_address_and_can_be_taken_away() {
        let mut address = Address::new("/audit/queries");
        assert_eq!(address.filter("person", "  "), None);
        assert_eq!(address.filter("profile", " support "), Some("support".to_owned()));
        address.filter("words", "a&b=c #ü");
        assert_eq!(address.newest(), "/audit/queries?profile=support&words=a%26b%3Dc+%23%C3%BC");
        assert_eq!(address.file(".csv"), "/audit/queries.csv?profile=support&words=a%26b%3Dc+%23%C3%BC");
        assert_eq!(address.active()[1].without, "/audit/queries?profile=support");
        let older = address.at(Place::OlderThan(Uuid::nil()));
        assert!(older.ends_with("&before=00000000-0000-0000-0000-000000000000"), "{older}");
    }
}
