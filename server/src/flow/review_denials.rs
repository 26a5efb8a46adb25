//! Looks through the denials of the record, newest first.

use crate::flow::{Failure, Portcullis, find_calls};
use crate::model::call::moment_of;
use crate::model::denial::DenialReason;
use crate::model::review::{DenialFilter, Heading, Page, Place, Span};
use crate::store::denials;
use std::cmp::Reverse;
use uuid::Uuid;

pub use crate::store::denials::DenialLine;

/// Lines of a page.
pub const LINES: usize = 50;
/// Denials that are looked through for one page.
const WALK: i64 = 20_000;
/// Denials before one, and denials after it.
const EACH_SIDE: i64 = 3;

/// One page of denials: the newest, or those beyond a place.
pub async fn review_denials(
    portcullis: &Portcullis,
    filter: &DenialFilter,
    place: Option<Place>,
) -> Result<Page<DenialLine>, Failure> {
    let mut transaction = find_calls::begin(portcullis).await?;
    let whole = Span::between(filter.from, filter.until);
    let heading = place.map_or(Heading::Older, Place::heading);
    let way = (place.map_or(whole, |place| whole.beyond(place)), heading);
    let want = i64::try_from(LINES + 1).unwrap_or(i64::MAX);
    let lines = denials::walk(&mut transaction, filter, way, (WALK, want)).await?;
    let stopped_at =
        if lines.len() > LINES { None } else { denials::reach(&mut transaction, filter, way, WALK).await? };
    Ok(Page::cut(lines, LINES, place, stopped_at.map(|id| (id, moment_of(id))), |line| line.id))
}

/// One denial, what the person can do about it, and when else they were turned away.
#[derive(Debug)]
pub struct Denied {
    pub line: DenialLine,
    pub advice: Option<&'static str>,
    /// The nearest ones of the same person, newest first.
    pub others: Vec<DenialLine>,
}

pub async fn review_denial(portcullis: &Portcullis, id: Uuid) -> Result<Option<Denied>, Failure> {
    let mut transaction = find_calls::begin(portcullis).await?;
    let Some(line) = denials::by_id(&mut transaction, id).await? else { return Ok(None) };
    let filter = DenialFilter { person_id: Some(line.person_id), ..DenialFilter::default() };
    let mut others = Vec::new();
    for heading in [Heading::Newer, Heading::Older] {
        let way = (Span::between(None, None).beyond(heading.beyond(id)), heading);
        others.extend(denials::walk(&mut transaction, &filter, way, (EACH_SIDE, EACH_SIDE)).await?);
    }
    others.sort_by_key(|other| Reverse(other.id));
    let advice = DenialReason::named(&line.reason).map(DenialReason::advice);
    Ok(Some(Denied { line, advice, others }))
}
