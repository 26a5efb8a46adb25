//! Reads what is typed into the fields of a filter, and remembers what is wrong with it: what cannot be understood is
//! neither ignored nor taken for something else.

use super::listing::Address;
use crate::flow::{Failure, Portcullis, people};
use crate::http::console::sentence;
use crate::model::person::Username;
use crate::model::review::ClientChoice;
use crate::model::zone::Zone;
use app::parts::Problems;
use std::convert::Infallible;
use std::fmt::Display;
use time::OffsetDateTime;
use uuid::Uuid;

/// The fields of one filter.
pub(super) struct Fields<'a> {
    address: &'a Address,
    /// The clock of whoever typed.
    zone: &'a Zone,
    problems: Problems,
}

impl<'a> Fields<'a> {
    pub(super) fn new(address: &'a Address, zone: &'a Zone) -> Self {
        Self { address, zone, problems: Problems::default() }
    }

    /// What is wrong with what was read.
    pub(super) fn problems(self) -> Problems {
        self.problems
    }

    /// What a field means; `None` where it is empty, or means nothing.
    pub(super) fn read<T, E: Display>(
        &mut self,
        name: &'static str,
        meaning: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let mut values = self.address.values(name);
        let value = values.next()?;
        let problem = if values.next().is_some() {
            "this is given more than once".to_owned()
        } else if value.contains('\0') {
            "this holds a character that is in no text".to_owned()
        } else {
            match meaning(value) {
                Ok(meant) => return Some(meant),
                Err(problem) => problem.to_string(),
            }
        };
        self.problems.add(name, sentence(&problem));
        None
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name, |typed| Ok::<_, Infallible>(typed.to_owned()))
    }

    /// One of the words that there are.
    pub(super) fn word(&mut self, name: &'static str, words: &[&str]) -> Option<String> {
        self.read(name, |typed| {
            words
                .contains(&typed)
                .then(|| typed.to_owned())
                .ok_or_else(|| format!("there is no {name} `{typed}`"))
        })
    }

    /// A client: its identifier, or its name.
    pub(super) fn client(&mut self) -> Option<ClientChoice> {
        let client = self.text("client")?;
        Some(client.parse().map_or(ClientChoice::Named(client), ClientChoice::Id))
    }

    /// Since when, and until when.
    pub(super) fn span(&mut self) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
        let (from, until) = (self.moment("from"), self.moment("until"));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            self.problems.add("until", sentence("this is not after the beginning"));
        }
        (from, until)
    }

    fn moment(&mut self, name: &'static str) -> Option<OffsetDateTime> {
        let zone = self.zone;
        self.read(name, |typed| {
            let unread = || format!("`{typed}` is no date and time: write it like `2026-01-31T23:59`");
            zone.read(typed).ok_or_else(unread)
        })
    }

    /// A person, by their username.
    pub(super) async fn person(&mut self, portcullis: &Portcullis) -> Result<Option<Uuid>, Failure> {
        let unknown = |typed: &str| format!("there is no person `{typed}`");
        let Some(username) =
            self.read("person", |typed| typed.parse::<Username>().map_err(|_| unknown(typed)))
        else {
            return Ok(None);
        };
        let person = people::find(portcullis, &username).await?;
        if person.is_none() {
            self.problems.add("person", sentence(&unknown(username.as_str())));
        }
        Ok(person.map(|person| person.id))
    }
}
