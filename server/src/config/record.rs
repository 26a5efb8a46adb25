//! `[record]`

use super::Record;
use super::raw::RawRecord;
use super::reading::Reading;
use crate::model::chain::{CheckpointPolicy, PublicKey, RecordKeys};
use std::time::Duration;

/// A checkpoint comes once a day at least.
const DAY: Duration = Duration::from_hours(24);
const MOST_ROWS: i64 = 100_000_000;

impl Reading<'_> {
    pub(super) fn record(&mut self, raw: &RawRecord) -> Record {
        let checkpoints = CheckpointPolicy::default();
        let rows = raw.checkpoint_rows.unwrap_or(checkpoints.rows);
        if !(1..=MOST_ROWS).contains(&rows) {
            self.fault("record.checkpoint_rows", format!("`{rows}` is not between 1 and {MOST_ROWS}"));
        }
        let every = raw.checkpoint_every.as_deref();
        let every = every.and_then(|text| self.bounded("record.checkpoint_every", text, DAY));
        let every = every.and_then(|every| every.try_into().ok()).unwrap_or(checkpoints.every);
        Record {
            keys: self.record_keys(raw),
            checkpoints: CheckpointPolicy { rows, every },
            checkpoint_file: raw.checkpoint_file.as_ref().map(|file| self.folder.join(file)),
            webhook: self.webhook("record", raw.webhook.as_ref()),
        }
    }

    fn record_keys(&mut self, raw: &RawRecord) -> RecordKeys {
        let key = "record.key_file";
        let secret = self.secret(key, raw.key_file.as_deref(), "PORTCULLIS_RECORD_KEY");
        let parsed = secret.map(|text| RecordKeys::parse(&text));
        let mut keys = match parsed {
            Some(Ok(keys)) => keys,
            Some(Err(error)) => {
                self.fault(key, error.to_string());
                RecordKeys::default()
            }
            None => RecordKeys::default(),
        };
        for (n, text) in raw.public_keys.iter().enumerate() {
            if let Some(public) = self.parsed::<PublicKey>(&format!("record.public_keys[{n}]"), text) {
                keys.know(public);
            }
        }
        keys
    }
}
