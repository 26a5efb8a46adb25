//! Verifies a file that [`export_chain`](super::export_chain) wrote, without any store.

use crate::flow::export_chain::Stretch;
use crate::model::chain::finding::Witness;
use crate::model::chain::follow::{Follow, Open};
use crate::model::chain::line::{Head, Line, VERSION};
use crate::model::chain::{Checkpoint, Finding, RecordKeys, Retained, Row, Seal};
use std::io::{BufRead, Read};
use time::OffsetDateTime;
use uuid::Uuid;

/// A line may have so many bytes: a row holds three statements of a megabyte at most, each escaped.
const LONGEST: u64 = 64 << 20;

#[derive(Debug, thiserror::Error)]
pub enum NotVerified {
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("line {line}: {why}")]
    Line { line: u64, why: &'static str },
    #[error("it broke off after line {0}: the line that tells its end is missing")]
    BrokenOff(u64),
}

/// What was looked at, and what was found.
#[derive(Debug)]
pub struct FileVerdict {
    pub follow: Follow,
    /// The first seal that was looked at.
    pub first: i64,
    pub stretch: Stretch,
}

/// Reads the file to its end, holding it against itself and against the keys.
pub fn verify_file(reader: impl BufRead, keys: RecordKeys) -> Result<FileVerdict, NotVerified> {
    let mut lines = Lines { reader, line: 0, text: Vec::new() };
    let head = lines.head()?;
    let (stretch, after) = lines.read_head(head)?;
    let mut retained = Vec::new();
    let mut next = lines.next()?;
    while let Line::Retained(one) = next {
        retained.push(one.read().ok_or_else(|| lines.fault("it is no statement about what was dropped"))?);
        next = lines.next()?;
    }
    let mut file = File::begin(after.as_ref(), retained, keys, stretch);
    let first = file.follow.position() + 1;
    loop {
        match next {
            Line::Seal(seal) => file.seal(seal.read().ok_or_else(|| lines.fault("it is no seal"))?),
            Line::Row(row) => file.row(Row::from_json(row).ok_or_else(|| lines.fault("it is no row"))?),
            Line::Checkpoint(one) => {
                let checkpoint = one.read().ok_or_else(|| lines.fault("it is no checkpoint"))?;
                file.close();
                file.follow.hold(&checkpoint, Witness::Checkpoint);
            }
            Line::End(end) => {
                file.close();
                if end.position != file.follow.position() {
                    return Err(lines.fault("it tells another end than there is"));
                }
                if !lines.is_over()? {
                    return Err(lines.fault("something stands behind the end"));
                }
                file.follow.finish();
                return Ok(FileVerdict { follow: file.follow, first, stretch });
            }
            Line::Record(_) | Line::Retained(_) => return Err(lines.fault("it stands in the wrong place")),
        }
        next = lines.next()?;
    }
}

/// What is being looked at.
struct File {
    follow: Follow,
    open: Option<Open>,
    since: Uuid,
    until: Uuid,
}

impl File {
    fn begin(
        after: Option<&Checkpoint>,
        retained: Vec<Retained>,
        keys: RecordKeys,
        stretch: Stretch,
    ) -> Self {
        let (since, until) = stretch.ids();
        Self { follow: Follow::begin(after, retained, keys), open: None, since, until }
    }

    fn seal(&mut self, seal: Seal) {
        self.close();
        self.open = Some(self.follow.open(seal));
    }

    /// A row stands behind its seal.
    fn row(&mut self, row: Row) {
        let (relation, id) = (row.relation, row.id);
        let is_known = self.open.as_mut().is_some_and(|open| self.follow.show(open, row));
        if !is_known {
            self.follow.note(Finding::Inserted { relation, id });
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            let (since, until) = (self.since, self.until);
            self.follow.close(open, |id| id < since || id >= until);
        }
    }
}

/// Lines with their numbers.
struct Lines<R> {
    reader: R,
    line: u64,
    text: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn head(&mut self) -> Result<Head, NotVerified> {
        match self.next()? {
            Line::Record(head) => Ok(head),
            _ => Err(self.fault("it is no beginning of a record")),
        }
    }

    fn read_head(&self, head: Head) -> Result<(Stretch, Option<Checkpoint>), NotVerified> {
        if head.version != VERSION {
            return Err(self.fault("it is of a version that is not known here"));
        }
        let moment = |micros: Option<i64>| {
            micros
                .map(|micros| OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000))
                .transpose()
        };
        let moments = moment(head.since_us).and_then(|since| Ok((since, moment(head.until_us)?)));
        let (since, until) = moments.map_err(|_| self.fault("it tells no moment"))?;
        let after = match head.after {
            Some(one) => Some(one.read().ok_or_else(|| self.fault("it is no checkpoint"))?),
            None => None,
        };
        Ok((Stretch { since, until }, after))
    }

    fn next(&mut self) -> Result<Line, NotVerified> {
        if !self.read()? {
            return Err(NotVerified::BrokenOff(self.line));
        }
        self.line += 1;
        serde_json::from_slice(&self.text).map_err(|_| self.fault("it is no line of a record"))
    }

    fn is_over(&mut self) -> Result<bool, NotVerified> {
        Ok(!self.read()?)
    }

    fn read(&mut self) -> Result<bool, NotVerified> {
        self.text.clear();
        let read = (&mut self.reader).take(LONGEST).read_until(b'\n', &mut self.text)?;
        Ok(read > 0)
    }

    fn fault(&self, why: &'static str) -> NotVerified {
        NotVerified::Line { line: self.line, why }
    }
}
