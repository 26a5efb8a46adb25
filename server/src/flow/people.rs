//! Looks people up.

use crate::flow::{Failure, Portcullis};
use crate::model::attribute::Attributes;
use crate::model::person::{Person, Username};
use crate::model::session::SessionLine;
use crate::model::zone::Zone;
use crate::store::people::Since;
use crate::store::tokens::{LivingToken, TokenLine};
use crate::store::{assignments, factors, people, sessions, tokens};

pub use crate::store::people::{PageLine, PeopleFilter, PersonLine};

/// Tokens in a list, at most.
const TOKENS: i64 = 50;
/// People on a page.
const PAGE: i64 = 50;
const PAGE_LENGTH: usize = 50;

pub async fn list(portcullis: &Portcullis) -> Result<Vec<PersonLine>, Failure> {
    Ok(people::list(portcullis.store()).await?)
}

/// A page of people by name, and whether there are more.
pub async fn page(portcullis: &Portcullis, filter: &PeopleFilter) -> Result<(Vec<PageLine>, bool), Failure> {
    let mut lines = people::page(portcullis.store(), filter, PAGE + 1).await?;
    let has_more = lines.len() > PAGE_LENGTH;
    lines.truncate(PAGE_LENGTH);
    Ok((lines, has_more))
}

/// Says by which clock a person reads.
pub async fn set_zone(portcullis: &Portcullis, person: &Person, zone: &Zone) -> Result<(), Failure> {
    Ok(people::set_zone(portcullis.store(), person.id, zone).await?)
}

pub async fn find(portcullis: &Portcullis, username: &Username) -> Result<Option<Person>, Failure> {
    Ok(people::by_username(portcullis.store(), username).await?)
}

/// Whether nobody is known yet.
pub async fn is_empty(portcullis: &Portcullis) -> Result<bool, Failure> {
    Ok(!people::exist(portcullis.store()).await?)
}

/// Everything about one person.
#[derive(Debug)]
pub struct Portrait {
    pub profiles: Vec<String>,
    pub attributes: Attributes,
    pub has_factor: bool,
    pub codes_left: i64,
    pub sessions: Vec<SessionLine>,
    pub tokens: Vec<TokenLine>,
}

/// One person, as whoever administers sees them.
#[derive(Debug)]
pub struct Likeness {
    pub since: Option<Since>,
    pub profiles: Vec<String>,
    pub attributes: Attributes,
    pub codes_left: i64,
    pub sessions: Vec<SessionLine>,
    /// What reads on their behalf, the last used first.
    pub tokens: Vec<LivingToken>,
}

pub async fn likeness(portcullis: &Portcullis, person: &Person) -> Result<Likeness, Failure> {
    let (store, now) = (portcullis.store(), portcullis.now());
    Ok(Likeness {
        since: people::since(store, person.id).await?,
        profiles: assignments::of_person(store, person.id).await?,
        attributes: people::attributes(store, person.id).await?,
        codes_left: factors::codes_left(store, person.id).await?,
        sessions: sessions::of_person(store, person.id, now, portcullis.session_life()).await?,
        tokens: tokens::living_of_person(store, person.id, now, TOKENS).await?,
    })
}

pub async fn portrait(portcullis: &Portcullis, person: &Person) -> Result<Portrait, Failure> {
    let store = portcullis.store();
    Ok(Portrait {
        profiles: assignments::of_person(store, person.id).await?,
        attributes: people::attributes(store, person.id).await?,
        has_factor: factors::is_enrolled(store, person.id).await?,
        codes_left: factors::codes_left(store, person.id).await?,
        sessions: sessions::of_person(store, person.id, portcullis.now(), portcullis.session_life()).await?,
        tokens: tokens::of_person(store, person.id, TOKENS).await?,
    })
}
