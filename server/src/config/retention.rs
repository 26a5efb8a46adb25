//! `[retention]`

use super::raw::RawRetention;
use super::reading::Reading;
use time::Duration;

/// Less would drop what is still looked for.
const LEAST: Duration = Duration::days(31);

impl Reading<'_> {
    /// How long the record is kept; for ever, where nothing is said.
    pub(super) fn retention(&mut self, raw: &RawRetention) -> Option<Duration> {
        let key = "retention.keep";
        let keep = self.duration_or(key, Some(raw.keep.as_deref()?), std::time::Duration::ZERO)?;
        let keep = Duration::try_from(keep).unwrap_or(Duration::MAX);
        if keep < LEAST {
            self.fault(key, format!("is less than {} days", LEAST.whole_days()));
        }
        Some(keep)
    }
}
