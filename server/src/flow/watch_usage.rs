//! Watches how much each person reads, and raises an alert where that crosses a threshold. It never holds anything up: it
//! looks at the sums that stand beside the record.

use crate::flow::alert::{Occasion, Raised, raise};
use crate::flow::budget;
use crate::flow::{Failure, Portcullis, happened};
use crate::model::alert::AlertKind;
use crate::model::tripwire::{Tripwire, Watched};
use crate::store::alerts;
use serde_json::json;
use time::{Duration, OffsetDateTime};

/// How often it looks.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);
/// How long one look may take; a store that went away without a word must not end the watch.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// Watches for as long as the program runs.
pub async fn keep_watching(portcullis: Portcullis) {
    loop {
        tokio::time::sleep(PAUSE).await;
        // A store that is away is told of by whoever fills the sums.
        match tokio::time::timeout(PATIENCE, watch_usage(&portcullis)).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::debug!(%failure, "the usage was not looked at"),
            Err(_elapsed) => tracing::warn!("the store did not tell the usage in its time"),
        }
    }
}

/// Looks once, and raises what nobody has raised before.
pub async fn watch_usage(portcullis: &Portcullis) -> Result<(), Failure> {
    let now = portcullis.now();
    for tripwire in &portcullis.tripwires().0 {
        let began_at = tripwire.began_at(now);
        for crossed in crossed(portcullis, tripwire, began_at, now).await? {
            // What the self-test is refused is refused on purpose.
            let tests = portcullis.self_testing().person.as_ref();
            if tripwire.watched == Watched::Refused
                && tests.is_some_and(|person| person.as_str() == crossed.person)
            {
                continue;
            }
            let mut transaction = happened::begin(portcullis).await?;
            let occasion = occasion(tripwire, began_at, &crossed);
            let raised = raise(portcullis, &mut transaction, now, occasion).await?;
            happened::commit(transaction).await?;
            Raised::tell(raised);
        }
    }
    budget::watch(portcullis).await
}

async fn crossed(
    portcullis: &Portcullis,
    tripwire: &Tripwire,
    began_at: OffsetDateTime,
    now: OffsetDateTime,
) -> Result<Vec<alerts::Crossed>, Failure> {
    let store = portcullis.store();
    let threshold = i64::try_from(tripwire.threshold).unwrap_or(i64::MAX);
    Ok(match tripwire.watched {
        Watched::Denied => alerts::crossed_by_denials(store, began_at, threshold).await?,
        Watched::Allowed | Watched::Refused => {
            // The hour before counts as running, because the sums come a little later than the calls.
            let lately = now - Duration::hours(2);
            alerts::crossed(store, began_at, lately, tripwire.watched.word(), threshold).await?
        }
    })
}

/// A crossing is one occasion for its window, however often it is noticed.
fn occasion<'a>(tripwire: &Tripwire, began_at: OffsetDateTime, crossed: &'a alerts::Crossed) -> Occasion<'a> {
    let (watched, window) = (tripwire.watched.word(), tripwire.window.as_secs());
    Occasion {
        kind: AlertKind::Usage,
        key: format!("{}/{watched}/{window}/{}", crossed.person_id, began_at.unix_timestamp()),
        person_id: Some(crossed.person_id),
        subject: &crossed.person,
        detail: json!({
            "decision": watched,
            "window": humantime::format_duration(tripwire.window).to_string(),
            "threshold": tripwire.threshold,
            "count": crossed.calls,
        }),
    }
}
