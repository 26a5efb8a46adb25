//! What goes on: figures of a window, and the latest that was refused.

use crate::flow::usage::{Sums, slot};
use crate::flow::{Failure, Portcullis, find_calls, index_calls, review_calls};
use crate::model::call::Ending;
use crate::model::review::CallFilter;
use crate::model::window::Window;
use crate::store::Transaction;
use crate::store::rollups::{self, DurationRow, Since, UsageRow};
use crate::store::{indexing, people};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

pub use crate::store::calls::CallLine;
pub use crate::store::rollups::Ranked;

/// Lines of a ranking.
const RANKS: usize = 8;
/// Refused calls that are shown.
const REFUSED: usize = 6;

/// Figures of one window.
#[derive(Debug)]
pub struct Figures {
    pub window: Window,
    pub since: OffsetDateTime,
    pub sums: Sums,
    /// The same for each slot of the window, the oldest first.
    pub trend: Vec<Sums>,
    /// People who made a call.
    pub people: usize,
    pub latency: Option<Latency>,
    pub top_people: Vec<(String, i64)>,
    pub top_relations: Vec<Ranked>,
    pub top_reasons: Vec<Ranked>,
}

/// How long calls took: so many of a hundred no longer than this. Right to a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
}

/// Everything that goes on.
#[derive(Debug)]
pub struct Overview {
    pub figures: Figures,
    pub refused: Vec<CallLine>,
    /// Where the index is behind the record: how far it is.
    pub behind: Option<OffsetDateTime>,
}

pub async fn overview(portcullis: &Portcullis, window: Window) -> Result<Overview, Failure> {
    let behind = index_calls::refresh(portcullis).await?;
    let mut transaction = find_calls::begin(portcullis).await?;
    let figures = figures(&mut transaction, Since::of(window, portcullis.now())).await?;
    let refused = CallFilter { ending: Some(Ending::Refused), ..CallFilter::default() };
    let refused = review_calls::newest(&mut transaction, &refused, REFUSED).await?;
    Ok(Overview { figures, refused, behind })
}

async fn figures(store: &mut Transaction, since: Since) -> Result<Figures, Failure> {
    let window = since.window;
    let most = i64::try_from(RANKS).unwrap_or(i64::MAX);
    let rows = rollups::usage(store, since).await?;
    let summed_to = indexing::state(store).await?.denials_to;
    let denials = rollups::denials(store, since, summed_to, None).await?;
    let mut trend = trend(window, &rows);
    for row in denials {
        if let Some(point) = trend.get_mut(slot(window, row.slot)) {
            point.denied += row.denials;
        }
    }
    let mut sums = Sums::default();
    for point in &trend {
        sums += *point;
    }
    let mut callers: Vec<(Uuid, i64)> =
        rows.iter().filter_map(|row| row.person_id.map(|id| (id, row.calls))).collect();
    callers.sort_by_key(|(id, calls)| (-calls, *id));
    let people = callers.len();
    callers.truncate(RANKS);
    Ok(Figures {
        window,
        since: since.at,
        sums,
        trend,
        people,
        latency: latency(&rollups::durations(store, since).await?),
        top_people: named(store, &callers).await?,
        top_relations: rollups::relations(store, since, most).await?,
        top_reasons: rollups::reasons(store, since, most).await?,
    })
}

fn trend(window: Window, rows: &[UsageRow]) -> Vec<Sums> {
    let mut trend = vec![Sums::default(); window.slots()];
    for row in rows {
        let (Some(at), Some(decision)) = (row.slot, &row.decision) else { continue };
        if let Some(point) = trend.get_mut(slot(window, at)) {
            point.count(decision, row.calls);
            point.rows += row.row_count;
            point.bytes += row.byte_count;
        }
    }
    trend
}

async fn named(store: &mut Transaction, callers: &[(Uuid, i64)]) -> Result<Vec<(String, i64)>, Failure> {
    let ids: Vec<Uuid> = callers.iter().map(|(id, _)| *id).collect();
    let names = people::names(store, &ids).await?;
    let name_of = |id: &Uuid| names.iter().find(|name| name.id == *id).map(|name| name.username.clone());
    Ok(callers.iter().map(|(id, calls)| (name_of(id).unwrap_or_else(|| id.to_string()), *calls)).collect())
}

/// `None` where nothing was called.
fn latency(rows: &[DurationRow]) -> Option<Latency> {
    let all: i64 = rows.iter().map(|row| row.calls).sum();
    let of_hundred = |share: i64| {
        let mut left = (all * share).div_euclid(100) + i64::from((all * share).rem_euclid(100) > 0);
        let row = rows.iter().find(|row| {
            left -= row.calls;
            left <= 0
        })?;
        // The middle of the step.
        let micros = (f64::from(row.step) / 8.0 + 0.0625).exp2();
        Some(Duration::from_secs_f64(micros / 1e6))
    };
    Some(Latency { p50: of_hundred(50)?, p95: of_hundred(95)?, p99: of_hundred(99)? })
}

#[cfg(test)]
mod tests {
    use super::latency;
    use crate::store::rollups::DurationRow;

    #[test]
    fn percentiles_are_right_to_a_tenth() {
        #[expect(clippy::cast_possible_truncation, reason = "a small step")]
        let step = |micros: f64| (8.0 * micros.log2()).floor() as i16;
        let mut rows: Vec<DurationRow> = [(1_000.0, 60), (20_000.0, 35), (3_000_000.0, 5)]
            .map(|(micros, calls)| DurationRow { step: step(micros), calls })
            .into();
        let found = latency(&rows).unwrap();
        for (found, expected) in [(found.p50, 0.001), (found.p95, 0.02), (found.p99, 3.0)] {
            assert!((found.as_secs_f64() / expected - 1.0).abs() < 0.1, "{found:?} {expected}");
        }
        rows.clear();
        assert_eq!(latency(&rows), None);
    }
}
