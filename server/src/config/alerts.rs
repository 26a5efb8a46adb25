//! `[alerts]`

use super::raw::RawAlerts;
use super::reading::Reading;
use crate::model::tripwire::{Tripwire, Tripwires, Watched};
use std::collections::BTreeMap;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// What holds for each kind of call about which nothing is said.
const DEFAULT: [(Duration, u64); 2] = [(HOUR, 50), (DAY, 150)];

impl Reading<'_> {
    pub(super) fn tripwires(&mut self, raw: &RawAlerts) -> Tripwires {
        let mut tripwires = Vec::new();
        for watched in Watched::ALL {
            let said = match watched {
                Watched::Allowed => &raw.allowed,
                Watched::Refused => &raw.refused,
                Watched::Denied => &raw.denied,
            };
            let pairs = match said {
                Some(said) => self.thresholds(&format!("alerts.{}", watched.word()), said),
                None => DEFAULT.to_vec(),
            };
            tripwires.extend(pairs.into_iter().map(|(window, threshold)| Tripwire {
                watched,
                window,
                threshold,
            }));
        }
        Tripwires(tripwires)
    }

    fn thresholds(&mut self, key: &str, raw: &BTreeMap<String, u64>) -> Vec<(Duration, u64)> {
        let mut pairs = Vec::new();
        for (window, &threshold) in raw {
            let key = format!("{key}.{window}");
            let length = self.duration_or(&key, Some(window), HOUR);
            // Calls are counted by the hour.
            let is_whole = |length: Duration| length.as_nanos().is_multiple_of(HOUR.as_nanos());
            if length.is_some_and(|length| length < HOUR || length > 31 * DAY || !is_whole(length)) {
                self.fault(&key, "is not a window of whole hours, of 31 days at most");
            }
            if threshold == 0 {
                self.fault(&key, "is zero: leave the window out to have no such alert");
            }
            pairs.extend(length.map(|length| (length, threshold)));
        }
        pairs.sort_unstable();
        pairs
    }
}
