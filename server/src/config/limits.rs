//! `[limits]` and `[timeouts]`

use super::Timeouts;
use super::raw::{RawLimits, RawTimeouts};
use super::reading::Reading;
use crate::model::limits::Limits;
use std::time::Duration;

impl Reading<'_> {
    pub(super) fn limits(&mut self, raw: &RawLimits) -> Option<Limits> {
        let before = self.faults.len();
        let values = [
            ("default_rows", raw.default_rows, 1, 100_000),
            ("hard_rows", raw.hard_rows, 1, 100_000),
            ("bytes", raw.bytes, 1_024, 64 << 20),
            ("cell_bytes", raw.cell_bytes, 16, 1 << 20),
        ];
        for (name, value, least, most) in values {
            if !(least..=most).contains(&value) {
                self.fault(&format!("limits.{name}"), format!("`{value}` is not between {least} and {most}"));
            }
        }
        if raw.default_rows > raw.hard_rows {
            self.fault("limits.default_rows", "is above `limits.hard_rows`");
        }
        (self.faults.len() == before).then_some(Limits {
            default_rows: raw.default_rows,
            hard_rows: raw.hard_rows,
            bytes: raw.bytes,
            cell: raw.cell_bytes,
        })
    }

    pub(super) fn timeouts(&mut self, raw: &RawTimeouts) -> Option<Timeouts> {
        // Clients give a call up after a minute, so an answer must come well before.
        let most = Duration::from_secs(45);
        let statement = self.bounded("timeouts.statement", &raw.statement, most);
        let lock = self.bounded("timeouts.lock", &raw.lock, most);
        let idle = self.bounded("timeouts.idle_in_transaction", &raw.idle_in_transaction, most);
        Some(Timeouts { statement: statement?, lock: lock?, idle_in_transaction: idle? })
    }
}
