//! Rows of the record as the chain sees them: by name, with the types of their columns.

use super::canonical::{Canonical, Digest, micros};
use serde_json::{Map, Value as Json};
use time::OffsetDateTime;
use uuid::Uuid;

/// A table of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    Attempts,
    Outcomes,
    Denials,
    Events,
}

/// What a column holds. Addresses and JSON are sealed as the text that PostgreSQL gives for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Uuid,
    Moment,
    Text,
    Texts,
    Integer,
    Flag,
}

use Kind::{Flag, Integer, Moment, Text, Texts, Uuid as Id};

impl Relation {
    pub const ALL: [Self; 4] = [Self::Attempts, Self::Outcomes, Self::Denials, Self::Events];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Outcomes => "outcomes",
            Self::Denials => "denials",
            Self::Events => "events",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.name() == name)
    }

    /// Its columns in the order in which they are sealed, that of the row's identifier first. A column that comes to a
    /// table comes to the end here: what holds nothing is not sealed, so the digests of older rows stay what they are.
    #[must_use]
    pub const fn columns(self) -> &'static [(&'static str, Kind)] {
        match self {
            Self::Attempts => &[
                ("id", Id),
                ("at", Moment),
                ("request_id", Id),
                ("person_id", Id),
                ("person", Text),
                ("profile", Text),
                ("token_id", Id),
                ("client_id", Id),
                ("client", Text),
                ("redirect", Text),
                ("ip", Text),
                ("user_agent", Text),
                ("tool", Text),
                ("arguments", Text),
                ("sql", Text),
            ],
            Self::Outcomes => &[
                ("attempt_id", Id),
                ("at", Moment),
                ("decision", Text),
                ("reason", Text),
                ("subject", Text),
                ("canonical_sql", Text),
                ("executed_sql", Text),
                ("relations", Texts),
                ("functions", Texts),
                ("row_count", Integer),
                ("byte_count", Integer),
                ("truncated", Flag),
                ("duration_us", Integer),
                ("error", Text),
            ],
            Self::Denials => &[
                ("id", Id),
                ("at", Moment),
                ("request_id", Id),
                ("reason", Text),
                ("person_id", Id),
                ("person", Text),
                ("profile", Text),
                ("token_id", Id),
                ("client_id", Id),
                ("client", Text),
                ("ip", Text),
                ("user_agent", Text),
            ],
            Self::Events => &[
                ("id", Id),
                ("at", Moment),
                ("kind", Text),
                ("actor", Text),
                ("person_id", Id),
                ("subject", Text),
                ("detail", Text),
            ],
        }
    }
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Uuid(Uuid),
    Moment(OffsetDateTime),
    Text(String),
    Texts(Vec<String>),
    Integer(i64),
    Flag(bool),
}

/// A row of the record. Columns that hold nothing are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub relation: Relation,
    pub id: Uuid,
    /// What stands beside the identifier, in the order of the columns.
    pub values: Vec<(&'static str, Value)>,
}

impl Row {
    /// What is sealed of the row.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest_as(self.id)
    }

    /// What would be sealed if the row bore another identifier.
    #[must_use]
    pub fn digest_as(&self, id: Uuid) -> Digest {
        let mut canonical = Canonical::of("portcullis/row/1");
        canonical.text(self.relation.name());
        canonical.uuid(id);
        canonical.count(self.values.len());
        for (name, value) in &self.values {
            canonical.text(name);
            match value {
                Value::Uuid(id) => canonical.uuid(*id),
                Value::Moment(at) => canonical.moment(*at),
                Value::Text(text) => canonical.text(text),
                Value::Texts(texts) => canonical.texts(texts),
                Value::Integer(number) => canonical.integer(*number),
                Value::Flag(flag) => canonical.flag(*flag),
            }
        }
        canonical.digest()
    }

    /// The row as an object: moments as microseconds since 1970, all else as it is.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Json> {
        let mut object = Map::new();
        object.insert("relation".to_owned(), self.relation.name().into());
        object.insert("id".to_owned(), self.id.to_string().into());
        for (name, value) in &self.values {
            let value = match value {
                Value::Uuid(id) => id.to_string().into(),
                Value::Moment(at) => micros(*at).into(),
                Value::Text(text) => text.as_str().into(),
                Value::Texts(texts) => texts.iter().map(String::as_str).collect(),
                Value::Integer(number) => (*number).into(),
                Value::Flag(flag) => (*flag).into(),
            };
            object.insert((*name).to_owned(), value);
        }
        object
    }

    /// The same read back; `None` where it is no row, or says more than a row can.
    #[must_use]
    pub fn from_json(mut object: Map<String, Json>) -> Option<Self> {
        let relation = Relation::named(object.remove("relation")?.as_str()?)?;
        let id = object.remove("id")?.as_str()?.parse().ok()?;
        let mut values = Vec::new();
        for (name, kind) in relation.columns().iter().skip(1) {
            if let Some(value) = object.remove(*name) {
                values.push((*name, kind.read(value)?));
            }
        }
        object.is_empty().then_some(Self { relation, id, values })
    }
}

impl Kind {
    fn read(self, json: Json) -> Option<Value> {
        Some(match (self, json) {
            (Self::Uuid, Json::String(text)) => Value::Uuid(text.parse().ok()?),
            (Self::Moment, Json::Number(number)) => {
                let nanos = i128::from(number.as_i64()?) * 1_000;
                Value::Moment(OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?)
            }
            (Self::Text, Json::String(text)) => Value::Text(text),
            (Self::Texts, Json::Array(texts)) => {
                let texts: Option<Vec<_>> =
                    texts.into_iter().map(|text| text.as_str().map(str::to_owned)).collect();
                Value::Texts(texts?)
            }
            (Self::Integer, Json::Number(number)) => Value::Integer(number.as_i64()?),
            (Self::Flag, Json::Bool(flag)) => Value::Flag(flag),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Relation, Row, Value};
    use time::macros::datetime;
    use uuid::Uuid;

    fn row() -> Row {
        Row {
            relation: Relation::Outcomes,
            id: Uuid::from_u128(7),
            values: vec![
                ("at", Value::Moment(datetime!(2026-03-02 09:00:00.000_001 UTC))),
                ("decision", Value::Text("allowed".to_owned())),
                ("relations", Value::Texts(vec!["public.orders".to_owned()])),
                ("row_count", Value::Integer(-1)),
                ("truncated", Value::Flag(true)),
            ],
        }
    }

    /// A row that was sealed must be known again by every later version.
    #[test]
    fn the_digest_of_a_row_stays_what_it_is() {
        assert_eq!(
            row().digest().to_string(),
            "37f7f3102826d406e1004d889ed89d27831748d71bafb302efea41159b4f3814"
        );
        let bare = Row { relation: Relation::Attempts, id: Uuid::nil(), values: Vec::new() };
        assert_eq!(
            bare.digest().to_string(),
            "ff563ea6bd1cb0a2ff37eed67912694ac2b25b446593723c64e632c0996e0141"
        );
    }

    #[test]
    fn every_part_of_a_row_counts() {
        let sealed = row().digest();
        assert_ne!(row().digest_as(Uuid::from_u128(8)), sealed);
        assert_ne!(Row { relation: Relation::Attempts, ..row() }.digest(), sealed);
        for n in 0..row().values.len() {
            let mut changed = row();
            changed.values.remove(n);
            assert_ne!(changed.digest(), sealed);
            let mut changed = row();
            changed.values[n].1 = Value::Text(String::new());
            assert_ne!(changed.digest(), sealed);
        }
    }

    #[test]
    fn a_row_comes_back_from_json_as_it_was() {
        assert_eq!(Row::from_json(row().to_json()).unwrap(), row());
        let mut more = row().to_json();
        more.insert("remark".to_owned(), "x".into());
        assert_eq!(Row::from_json(more), None);
    }
}
