//! Looks through the calls of the record, newest first.

use crate::flow::find_calls::{self, Search};
use crate::flow::{Failure, Portcullis, index_calls};
use crate::model::call::moment_of;
use crate::model::review::{CallFilter, Heading, Page, Place, Span};
use crate::store::Transaction;
use crate::store::calls;
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

pub use crate::store::calls::CallLine;

/// Lines of a page.
pub const LINES: usize = 50;
/// For how long a page searches, and a little.
pub const PATIENCE: Duration = Duration::from_millis(25);

/// What was found.
#[derive(Debug)]
pub struct Calls {
    pub page: Page<CallLine>,
    /// Where the index is behind the record: how far it is.
    pub behind: Option<OffsetDateTime>,
}

/// Which page.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// `None`: the newest.
    pub place: Option<Place>,
    /// For how long to search before what was found by then is shown.
    pub patience: Duration,
}

impl Look {
    #[must_use]
    pub const fn at(place: Option<Place>) -> Self {
        Self { place, patience: PATIENCE }
    }
}

/// One page of calls: the newest, or those beyond a place.
pub async fn review_calls(
    portcullis: &Portcullis,
    filter: &CallFilter,
    look: Look,
) -> Result<Calls, Failure> {
    let behind = index_calls::refresh(portcullis).await?;
    let mut transaction = find_calls::begin(portcullis).await?;
    let mut page = page(&mut transaction, filter, look).await?;
    let is_short = page.lines.len() < LINES && page.stopped_at.is_none();
    if is_short && look.place.is_some_and(|place| place.heading() == Heading::Newer) {
        // The newest page is a full one where there are so many.
        page = self::page(&mut transaction, filter, Look { place: None, ..look }).await?;
    }
    Ok(Calls { page, behind })
}

/// The newest calls on behalf of a person, at most `most`.
pub async fn latest_of(
    portcullis: &Portcullis,
    person_id: Uuid,
    most: usize,
) -> Result<Vec<CallLine>, Failure> {
    index_calls::refresh(portcullis).await?;
    let mut transaction = find_calls::begin(portcullis).await?;
    let filter = CallFilter { person_id: Some(person_id), ..CallFilter::default() };
    newest(&mut transaction, &filter, most).await
}

/// The newest calls that fit, at most `most`.
pub(super) async fn newest(
    store: &mut Transaction,
    filter: &CallFilter,
    most: usize,
) -> Result<Vec<CallLine>, Failure> {
    let search = Search::prepare(store, filter).await?;
    let way = (Span::between(filter.from, filter.until), Heading::Older);
    let found = search.find(store, way, most, PATIENCE).await?;
    Ok(calls::lines(store, &found.ids).await?)
}

async fn page(
    store: &mut Transaction,
    filter: &CallFilter,
    Look { place, patience }: Look,
) -> Result<Page<CallLine>, Failure> {
    let search = Search::prepare(store, filter).await?;
    let whole = Span::between(filter.from, filter.until);
    let heading = place.map_or(Heading::Older, Place::heading);
    let span = place.map_or(whole, |place| whole.beyond(place));
    let found = search.find(store, (span, heading), LINES + 1, patience).await?;
    let stop = found.stopped_at.map(|id| (id, moment_of(id)));
    let ids = Page::cut(found.ids, LINES, place, stop, |id| *id);
    let lines = calls::lines(store, &ids.lines).await?;
    Ok(Page { lines, newer: ids.newer, older: ids.older, stopped_at: ids.stopped_at })
}

/// The calls of the same person around one, newest first, it not among them.
pub(super) async fn around(
    store: &mut Transaction,
    id: Uuid,
    person_id: Uuid,
    each_side: usize,
) -> Result<Vec<CallLine>, Failure> {
    let filter = CallFilter { person_id: Some(person_id), ..CallFilter::default() };
    let search = Search::prepare(store, &filter).await?;
    let mut ids = Vec::new();
    for heading in [Heading::Newer, Heading::Older] {
        let way = (Span::between(None, None).beyond(heading.beyond(id)), heading);
        ids.extend(search.find(store, way, each_side, PATIENCE).await?.ids);
    }
    Ok(calls::lines(store, &ids).await?)
}
