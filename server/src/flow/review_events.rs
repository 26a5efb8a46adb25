//! Looks through the events of the record, newest first.

use crate::flow::{Failure, Portcullis, find_calls};
use crate::model::call::moment_of;
use crate::model::review::{EventFilter, Heading, Page, Place, Span};
use crate::store::events;

pub use crate::store::events::EventLine;

/// Lines of a page.
pub const LINES: usize = 50;
/// Events that are looked through for one page.
const WALK: i64 = 20_000;

/// One page of events: the newest, or those beyond a place.
pub async fn review_events(
    portcullis: &Portcullis,
    filter: &EventFilter,
    place: Option<Place>,
) -> Result<Page<EventLine>, Failure> {
    let mut transaction = find_calls::begin(portcullis).await?;
    let whole = Span::between(filter.from, filter.until);
    let heading = place.map_or(Heading::Older, Place::heading);
    let way = (place.map_or(whole, |place| whole.beyond(place)), heading);
    let want = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let lines = events::walk(&mut transaction, filter, way, (WALK, want)).await?;
    let stopped_at =
        if lines.len() > LINES { None } else { events::reach(&mut transaction, filter, way, WALK).await? };
    Ok(Page::cut(lines, LINES, place, stopped_at.map(|id| (id, moment_of(id))), |line| line.id))
}
