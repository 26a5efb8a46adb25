//! What somebody looks for in the record, and how far they have come.

use crate::model::call::{Ending, first_id_at};
use time::OffsetDateTime;
use uuid::Uuid;

/// Which calls are looked for; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    pub person_id: Option<Uuid>,
    pub profile: Option<String>,
    pub client: Option<ClientChoice>,
    pub tool: Option<String>,
    pub ending: Option<Ending>,
    pub reason: Option<String>,
    /// As `schema.name`.
    pub relation: Option<String>,
    /// Since when, this moment included.
    pub from: Option<OffsetDateTime>,
    /// Until when, this moment excluded.
    pub until: Option<OffsetDateTime>,
    /// Words of the statement, as somebody typed them; the beginning of each is enough, and all must be there.
    pub text: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientChoice {
    /// This one client.
    Id(Uuid),
    /// Every client of this name.
    Named(String),
}

impl ClientChoice {
    /// Its identifier, or its name.
    #[must_use]
    pub fn parts(choice: Option<&Self>) -> (Option<Uuid>, Option<&str>) {
        match choice {
            Some(Self::Id(id)) => (Some(*id), None),
            Some(Self::Named(name)) => (None, Some(name)),
            None => (None, None),
        }
    }
}

/// Identifiers between two others, both excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub after: Uuid,
    pub before: Uuid,
}

impl Span {
    #[must_use]
    pub fn between(from: Option<OffsetDateTime>, until: Option<OffsetDateTime>) -> Self {
        Self { after: from.map_or(Uuid::nil(), first_id_at), before: until.map_or(Uuid::max(), first_id_at) }
    }

    /// What of it lies beyond `place`.
    #[must_use]
    pub fn beyond(self, place: Place) -> Self {
        match place {
            Place::OlderThan(id) => Self { before: self.before.min(id), ..self },
            Place::NewerThan(id) => Self { after: self.after.max(id), ..self },
        }
    }
}

/// Where to go on in a list that is sorted by time: the identifier stays good whatever is added meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    OlderThan(Uuid),
    NewerThan(Uuid),
}

impl Place {
    #[must_use]
    pub const fn heading(self) -> Heading {
        match self {
            Self::OlderThan(_) => Heading::Older,
            Self::NewerThan(_) => Heading::Newer,
        }
    }
}

/// Which way somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    Older,
    Newer,
}

impl Heading {
    /// What lies beyond `id` on this way.
    #[must_use]
    pub const fn beyond(self, id: Uuid) -> Place {
        match self {
            Self::Older => Place::OlderThan(id),
            Self::Newer => Place::NewerThan(id),
        }
    }
}

/// One page of a list, newest first.
#[derive(Debug)]
pub struct Page<T> {
    pub lines: Vec<T>,
    pub newer: Option<Place>,
    pub older: Option<Place>,
    /// Where the search stopped for now, without having seen everything: its time was up.
    pub stopped_at: Option<OffsetDateTime>,
}

impl<T> Page<T> {
    /// A page of `most` lines from what was found on the way from `place`, one line more telling that it goes on there, or
    /// a stop where the search gave up.
    #[must_use]
    pub fn cut(
        mut found: Vec<T>,
        most: usize,
        place: Option<Place>,
        stop: Option<(Uuid, OffsetDateTime)>,
        id: impl Fn(&T) -> Uuid,
    ) -> Self {
        let goes_on = found.len() > most;
        found.truncate(most);
        let (first, last) = (found.first().map(&id), found.last().map(&id));
        let ahead = if goes_on { last } else { stop.map(|(id, _)| id) };
        let back = place.and(first);
        let (newer, older) = match place.map_or(Heading::Older, Place::heading) {
            Heading::Older => (back.map(Place::NewerThan), ahead.map(Place::OlderThan)),
            Heading::Newer => {
                found.reverse();
                (ahead.map(Place::NewerThan), back.map(Place::OlderThan))
            }
        };
        let stopped_at = if goes_on { None } else { stop.map(|(_, at)| at) };
        Self { lines: found, newer, older, stopped_at }
    }
}

/// Which denials are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DenialFilter {
    pub person_id: Option<Uuid>,
    pub profile: Option<String>,
    pub client: Option<ClientChoice>,
    pub reason: Option<String>,
    pub from: Option<OffsetDateTime>,
    pub until: Option<OffsetDateTime>,
}

/// Which events are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Whom it concerns.
    pub person_id: Option<Uuid>,
    pub kind: Option<String>,
    /// Who did it.
    pub actor: Option<String>,
    pub from: Option<OffsetDateTime>,
    pub until: Option<OffsetDateTime>,
}
