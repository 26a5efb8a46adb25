//! `[budgets]`, and what a profile says instead.

use super::raw::{RawBudgets, RawCaps};
use super::reading::Reading;
use crate::model::budget::{Budget, Budgets, Force, Measured};
use std::collections::BTreeMap;
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(31 * 24);

impl Reading<'_> {
    /// The budgets of a profile: each measure that it does not speak of is as for all.
    pub(super) fn budgets(&mut self, key: &str, for_all: &RawBudgets, own: &RawBudgets) -> Budgets {
        let key = format!("{key}.budget");
        let mut budgets = Vec::new();
        for force in Force::ALL {
            for measured in Measured::ALL {
                let part = format!("{}.{}", force.word(), measured.word());
                let (key, caps) = match (own.caps(force, measured), for_all.caps(force, measured)) {
                    (Some(own), _) => (format!("{key}.{part}"), own),
                    (None, Some(for_all)) => (format!("budgets.{part}"), for_all),
                    (None, None) => continue,
                };
                let of = |(window, most)| Budget { force, measured, window, most };
                budgets.extend(self.caps(&key, caps).into_iter().map(of));
            }
        }
        let (key, concurrent) = match (own.concurrent, for_all.concurrent) {
            (Some(own), _) => (format!("{key}.concurrent"), Some(own)),
            (None, for_all) => ("budgets.concurrent".to_owned(), for_all),
        };
        if concurrent == Some(0) {
            self.fault(&key, "is zero, so nobody could read anything: leave it out to have no such budget");
        }
        Budgets { budgets, concurrent }
    }

    fn caps(&mut self, key: &str, raw: &BTreeMap<String, u64>) -> Vec<(Duration, u64)> {
        let mut caps = Vec::new();
        for (window, &most) in raw {
            let key = format!("{key}.{window}");
            let length = self.duration_or(&key, Some(window), MINUTE);
            let is_whole = |length: Duration| length.as_nanos().is_multiple_of(MINUTE.as_nanos());
            if length.is_some_and(|length| length < MINUTE || length > LONGEST || !is_whole(length)) {
                self.fault(&key, "is not a window of whole minutes, of 31 days at most");
            }
            if most == 0 {
                self.fault(&key, "is zero: leave the window out to have no such budget");
            }
            caps.extend(length.map(|length| (length, most)));
        }
        caps.sort_unstable();
        caps
    }
}

impl RawBudgets {
    fn caps(&self, force: Force, measured: Measured) -> Option<&BTreeMap<String, u64>> {
        let RawCaps { calls, rows, bytes } = match force {
            Force::Soft => &self.soft,
            Force::Hard => &self.hard,
        };
        match measured {
            Measured::Calls => calls.as_ref(),
            Measured::Rows => rows.as_ref(),
            Measured::Bytes => bytes.as_ref(),
        }
    }
}
