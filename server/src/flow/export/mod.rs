//! Hands out everything that the record holds of what fits a filter, however much it is, piece by piece.
//!
//! A piece takes a connection for as long as it is read and none while somebody waits for it to be sent, so that a slow
//! reader holds nothing but its own piece.

mod rows;

use crate::flow::find_calls::{self, Search};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis, index_calls};
use crate::model::csv;
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::review::{CallFilter, DenialFilter, EventFilter, Heading, Place, Span};
use crate::store::Transaction;
use crate::store::{denials, events, record};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// Rows that are found at once.
const FOUND: usize = 1_000;
/// The same, as the statements take it.
const FOUND_ROWS: i64 = 1_000;
/// Denials and events that are looked through at once.
const WALK: i64 = 20_000;
/// Bytes of statements that are read at once.
const BYTES: i64 = 1 << 20;

/// What is handed out.
#[derive(Debug, Clone)]
pub enum Wanted {
    Calls(CallFilter),
    Denials(DenialFilter),
    Events(EventFilter),
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, with a line of names on top.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}

/// Why nothing is handed out.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// An export would lack what the index does not know yet.
    #[error("the index over the record is behind: it knows the calls before {0}")]
    Behind(OffsetDateTime),
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// An export under way.
pub struct Export {
    portcullis: Portcullis,
    wanted: Wanted,
    format: Format,
    at: At,
    /// Calls that were found, and not handed out yet; the newest first.
    found: Vec<Uuid>,
}

#[derive(Debug, Clone, Copy)]
enum At {
    Head,
    /// What lies beyond is still to be found.
    Place(Option<Place>),
    /// Everything was found.
    End,
}

impl Export {
    /// Writes down who takes what, and begins.
    pub async fn begin(
        portcullis: &Portcullis,
        person: &Person,
        wanted: Wanted,
        format: Format,
    ) -> Result<Self, NotExported> {
        if let Wanted::Calls(_) = wanted
            && let Some(known) = index_calls::refresh(portcullis).await?
        {
            return Err(NotExported::Behind(known));
        }
        let mut transaction = happened::begin(portcullis).await?;
        let detail = json!({ "format": format.code(), "what": wanted.code(), "filter": wanted.told() });
        let happened = Happened::by_themselves(EventKind::RecordExported, person, detail);
        happened::record(portcullis, &mut transaction, portcullis.now(), happened).await?;
        happened::commit(transaction).await?;
        Ok(Self { portcullis: portcullis.clone(), wanted, format, at: At::Head, found: Vec::new() })
    }

    /// The next piece; `None` after the last.
    pub async fn piece(&mut self) -> Result<Option<String>, Failure> {
        if let At::Head = self.at {
            self.at = At::Place(None);
            if self.format == Format::Csv {
                return Ok(Some(self.head()));
            }
        }
        let rows = self.rows().await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut piece = String::new();
        for row in &rows {
            match self.format {
                Format::Csv => self.write_csv(&mut piece, row),
                Format::Ndjson => {
                    piece.push_str(&row.to_string());
                    piece.push('\n');
                }
            }
        }
        Ok(Some(piece))
    }

    /// The rows of the next piece; none at the end.
    async fn rows(&mut self) -> Result<Vec<Value>, Failure> {
        let mut transaction = find_calls::begin(&self.portcullis).await?;
        loop {
            let rows = match self.wanted.clone() {
                Wanted::Calls(filter) => return self.calls(&mut transaction, &filter).await,
                Wanted::Denials(filter) => self.denials(&mut transaction, &filter).await?,
                Wanted::Events(filter) => self.events(&mut transaction, &filter).await?,
            };
            if !rows.is_empty() || matches!(self.at, At::End) {
                return Ok(rows);
            }
        }
    }

    async fn calls(&mut self, store: &mut Transaction, filter: &CallFilter) -> Result<Vec<Value>, Failure> {
        if let (true, At::Place(place)) = (self.found.is_empty(), self.at) {
            let search = Search::prepare(store, filter).await?;
            let way = way(place, filter.from, filter.until);
            self.found = search.find(store, way, FOUND, Duration::MAX).await?.ids;
            self.at = match self.found.last() {
                Some(last) if self.found.len() == FOUND => At::Place(Some(Place::OlderThan(*last))),
                _ => At::End,
            };
        }
        let calls = record::calls(&mut *store, &self.found, BYTES).await?;
        let handed_out = calls.last().map_or(Uuid::nil(), |call| call.id);
        self.found.retain(|id| *id < handed_out);
        Ok(calls.iter().map(rows::of_call).collect())
    }

    async fn denials(
        &mut self,
        store: &mut Transaction,
        filter: &DenialFilter,
    ) -> Result<Vec<Value>, Failure> {
        let At::Place(place) = self.at else { return Ok(Vec::new()) };
        let way = way(place, filter.from, filter.until);
        let lines = denials::walk(store, filter, way, (WALK, FOUND_ROWS)).await?;
        let further = match lines.last() {
            Some(last) if lines.len() == FOUND => Some(last.id),
            _ => denials::reach(store, filter, way, WALK).await?,
        };
        self.at = further.map_or(At::End, |id| At::Place(Some(Place::OlderThan(id))));
        Ok(lines.iter().map(rows::of_denial).collect())
    }

    async fn events(&mut self, store: &mut Transaction, filter: &EventFilter) -> Result<Vec<Value>, Failure> {
        let At::Place(place) = self.at else { return Ok(Vec::new()) };
        let way = way(place, filter.from, filter.until);
        let lines = events::walk(store, filter, way, (WALK, FOUND_ROWS)).await?;
        let further = match lines.last() {
            Some(last) if lines.len() == FOUND => Some(last.id),
            _ => events::reach(store, filter, way, WALK).await?,
        };
        self.at = further.map_or(At::End, |id| At::Place(Some(Place::OlderThan(id))));
        Ok(lines.iter().map(rows::of_event).collect())
    }

    fn head(&self) -> String {
        let mut head = String::new();
        for name in self.wanted.columns() {
            csv::cell(&mut head, name);
        }
        csv::end(&mut head);
        head
    }

    /// The same values as in JSON; what is no text there is written as JSON, and nothing where there is nothing.
    fn write_csv(&self, piece: &mut String, row: &Value) {
        for name in self.wanted.columns() {
            match row.get(name) {
                Some(Value::String(text)) => csv::cell(piece, text),
                Some(Value::Null) | None => csv::cell(piece, ""),
                Some(other) => csv::cell(piece, &other.to_string()),
            }
        }
        csv::end(piece);
    }
}

/// From the newest towards the oldest, beyond `place`.
fn way(place: Option<Place>, from: Option<OffsetDateTime>, until: Option<OffsetDateTime>) -> (Span, Heading) {
    let whole = Span::between(from, until);
    (place.map_or(whole, |place| whole.beyond(place)), Heading::Older)
}
