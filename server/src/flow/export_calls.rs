//! Hands out everything that the record holds of the calls that fit, however many they are, piece by piece.
//!
//! A piece takes a connection for as long as it is read and none while somebody waits for it to be sent, so that a slow
//! reader holds nothing but its own piece.

use crate::flow::find_calls::{self, Search};
use crate::flow::happened::{self, Happened};
use crate::flow::{Failure, Portcullis, index_calls};
use crate::model::call::Ending;
use crate::model::csv;
use crate::model::event::EventKind;
use crate::model::person::Person;
use crate::model::review::{CallFilter, ClientChoice, Heading, Place, Span};
use crate::store::record::{self, WholeCall};
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// Calls that are found at once.
const FOUND: usize = 1_000;
/// Bytes of text that are read at once.
const BYTES: i64 = 1 << 20;

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
    filter: CallFilter,
    format: Format,
    /// Found, and not handed out yet; the newest first.
    found: Vec<Uuid>,
    at: At,
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
        filter: CallFilter,
        format: Format,
    ) -> Result<Self, NotExported> {
        if let Some(known) = index_calls::refresh(portcullis).await? {
            return Err(NotExported::Behind(known));
        }
        let mut transaction = happened::begin(portcullis).await?;
        let detail = json!({ "format": format.code(), "filter": told(&filter) });
        let happened = Happened::by_themselves(EventKind::RecordExported, person, detail);
        happened::record(portcullis, &mut transaction, portcullis.now(), happened).await?;
        happened::commit(transaction).await?;
        Ok(Self { portcullis: portcullis.clone(), filter, format, found: Vec::new(), at: At::Head })
    }

    /// The next piece; `None` after the last.
    pub async fn piece(&mut self) -> Result<Option<String>, Failure> {
        match self.at {
            At::Head if self.format == Format::Csv => {
                self.at = At::Place(None);
                return Ok(Some(head()));
            }
            At::Head => self.at = At::Place(None),
            At::Place(_) | At::End => {}
        }
        let calls = self.read().await?;
        if calls.is_empty() {
            return Ok(None);
        }
        let mut piece = String::new();
        for call in &calls {
            match self.format {
                Format::Csv => write_csv(&mut piece, call),
                Format::Ndjson => {
                    piece.push_str(&object(call).to_string());
                    piece.push('\n');
                }
            }
        }
        Ok(Some(piece))
    }

    /// The calls of the next piece; none at the end.
    async fn read(&mut self) -> Result<Vec<WholeCall>, Failure> {
        let mut transaction = find_calls::begin(&self.portcullis).await?;
        while let (true, At::Place(place)) = (self.found.is_empty(), self.at) {
            let whole = Span::between(self.filter.from, self.filter.until);
            let way = (place.map_or(whole, |place| whole.beyond(place)), Heading::Older);
            let search = Search::prepare(&mut transaction, &self.filter).await?;
            let found = search.find(&mut transaction, way, FOUND, Duration::MAX).await?;
            self.at = match found.ids.last() {
                Some(last) if found.ids.len() == FOUND => At::Place(Some(Place::OlderThan(*last))),
                _ => At::End,
            };
            self.found = found.ids;
        }
        let calls = record::calls(&mut *transaction, &self.found, BYTES).await?;
        let handed_out = calls.last().map_or(Uuid::nil(), |call| call.id);
        self.found.retain(|id| *id < handed_out);
        Ok(calls)
    }
}

/// The names of the columns, in order.
const COLUMNS: [&str; 28] = [
    "id",
    "at",
    "request_id",
    "person_id",
    "person",
    "profile",
    "token_id",
    "client_id",
    "client",
    "redirect",
    "ip",
    "user_agent",
    "tool",
    "arguments",
    "sql",
    "decision",
    "reason",
    "subject",
    "canonical_sql",
    "executed_sql",
    "relations",
    "functions",
    "row_count",
    "byte_count",
    "truncated",
    "duration_us",
    "ended_at",
    "error",
];

fn object(call: &WholeCall) -> Value {
    json!({
        "id": call.id,
        "at": instant(call.at),
        "request_id": call.request_id,
        "person_id": call.person_id,
        "person": call.person,
        "profile": call.profile,
        "token_id": call.token_id,
        "client_id": call.client_id,
        "client": call.client,
        "redirect": call.redirect,
        "ip": call.ip,
        "user_agent": call.user_agent,
        "tool": call.tool,
        "arguments": call.arguments,
        "sql": call.sql,
        "decision": call.decision.as_deref().unwrap_or(Ending::Unfinished.code()),
        "reason": call.reason,
        "subject": call.subject,
        "canonical_sql": call.canonical_sql,
        "executed_sql": call.executed_sql,
        "relations": call.relations,
        "functions": call.functions,
        "row_count": call.row_count,
        "byte_count": call.byte_count,
        "truncated": call.truncated,
        "duration_us": call.duration_us,
        "ended_at": call.ended_at.map(instant),
        "error": call.error,
    })
}

fn head() -> String {
    let mut head = String::new();
    for name in COLUMNS {
        csv::cell(&mut head, name);
    }
    csv::end(&mut head);
    head
}

/// The same values as in JSON; what is no text there is written as JSON, and nothing where there is nothing.
fn write_csv(csv: &mut String, call: &WholeCall) {
    let object = object(call);
    for name in COLUMNS {
        match object.get(name) {
            Some(Value::String(text)) => csv::cell(csv, text),
            Some(Value::Null) | None => csv::cell(csv, ""),
            Some(other) => csv::cell(csv, &other.to_string()),
        }
    }
    csv::end(csv);
}

fn instant(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// A filter as the record keeps it.
fn told(filter: &CallFilter) -> Value {
    let (client_id, client) = ClientChoice::parts(filter.client.as_ref());
    let mut told = json!({
        "person_id": filter.person_id,
        "profile": filter.profile,
        "client_id": client_id,
        "client": client,
        "tool": filter.tool,
        "decision": filter.ending.map(Ending::code),
        "reason": filter.reason,
        "relation": filter.relation,
        "from": filter.from.map(instant),
        "until": filter.until.map(instant),
        "text": filter.text,
    });
    if let Value::Object(members) = &mut told {
        members.retain(|_, value| !value.is_null());
    }
    told
}
