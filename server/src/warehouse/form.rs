//! How a value of a type is fetched as text, and how that text becomes JSON. `docs/types.md` is this page in prose.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{MutexGuard, PoisonError};

use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row};

use super::gateway::Inner;

/// Types that hold themselves do not exist; this bounds what a strange catalogue can make us do.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// Its text is JSON already: booleans, small integers, floats but for `NaN` and the infinities.
    Plain,
    /// `int8`: a number as long as every reader of JSON keeps its digits.
    Wide,
    /// `numeric`: always a string, with every digit.
    Exact,
    /// Anything that PostgreSQL writes as text.
    Text,
    /// `char(n)`: its cast to text would drop the blanks at its end.
    Padded,
    /// `inet`: its cast to text would add a netmask.
    Address,
    /// `bytea`: its hex digits; the cast to text would write all of them before any could be cut.
    Bytes,
    /// `date` and the timestamps: PostgreSQL's JSON has the ISO 8601 form, its text has not.
    Moment,
    /// `json` and `jsonb`: as it is.
    Document,
    Array(Box<Form>),
    /// A composite type, a form for each attribute.
    Composite(Vec<Form>),
    /// A row of no declared type.
    Record,
}

impl Form {
    /// The expression that fetches a value of this form from `column`: text whose length the server has bounded, so
    /// that a cell that fills the server's memory does not fill ours.
    pub(super) fn expression(&self, text: &mut String, column: usize, longest: usize) {
        let q = format_args!("q.c{column}");
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Plain | Self::Wide => write!(text, "{q}::pg_catalog.text"),
            Self::Moment => write!(text, "pg_catalog.to_json({q})::pg_catalog.text"),
            Self::Exact | Self::Text | Self::Document => {
                write!(text, "pg_catalog.left({q}::pg_catalog.text, {longest})")
            }
            Self::Padded => {
                write!(text, "pg_catalog.left(pg_catalog.textin(pg_catalog.bpcharout({q})), {longest})")
            }
            Self::Address => write!(text, "pg_catalog.textin(pg_catalog.inet_out({q}))"),
            Self::Bytes => {
                write!(
                    text,
                    r"pg_catalog.textcat(E'\\x', pg_catalog.encode(pg_catalog.substr({q}, 1, {longest}), 'hex'))"
                )
            }
            Self::Array(_) | Self::Composite(_) | Self::Record => {
                write!(text, "pg_catalog.left(pg_catalog.to_json({q})::pg_catalog.text, {longest})")
            }
        };
    }

    /// The forms of the types that are the same in every PostgreSQL.
    fn built_in(id: Oid) -> Option<Self> {
        Some(match id.0 {
            // bool, int2, int4, oid, float4, float8
            16 | 21 | 23 | 26 | 700 | 701 => Self::Plain,
            20 => Self::Wide,
            1700 => Self::Exact,
            // "char", name, text, point, cidr, macaddr, varchar, time, interval, timetz, bit, varbit, uuid
            18 | 19 | 25 | 600 | 650 | 829 | 1043 | 1083 | 1186 | 1266 | 1560 | 1562 | 2950 => Self::Text,
            1042 => Self::Padded,
            869 => Self::Address,
            17 => Self::Bytes,
            // date, timestamp, timestamptz
            1082 | 1114 | 1184 => Self::Moment,
            // json, jsonb
            114 | 3802 => Self::Document,
            2249 => Self::Record,
            // bool[], int2[], int4[], float4[], float8[]
            1000 | 1005 | 1007 | 1021 | 1022 => Self::Array(Box::new(Self::Plain)),
            1016 => Self::Array(Box::new(Self::Wide)),
            1231 => Self::Array(Box::new(Self::Exact)),
            // text[], varchar[], uuid[]
            1009 | 1015 | 2951 => Self::Array(Box::new(Self::Text)),
            _ => return None,
        })
    }
}

/// The form of each type. The catalogue is asked about those that are neither built in nor known from before.
pub(super) async fn forms(
    gateway: &Inner,
    connection: &mut PgConnection,
    ids: &[Oid],
) -> sqlx::Result<Vec<Form>> {
    if let Some(forms) = all(ids, Form::built_in) {
        return Ok(forms);
    }
    let known = |id| Form::built_in(id).or_else(|| known(gateway).get(&id.0).cloned());
    if let Some(forms) = all(ids, known) {
        return Ok(forms);
    }
    let found = look_up(connection, ids).await?;
    self::known(gateway).extend(found);
    Ok(ids.iter().map(|id| known(*id).unwrap_or(Form::Text)).collect())
}

fn all(ids: &[Oid], form: impl Fn(Oid) -> Option<Form>) -> Option<Vec<Form>> {
    ids.iter().map(|id| form(*id)).collect()
}

/// What the catalogue has told so far.
pub(super) fn known(gateway: &Inner) -> MutexGuard<'_, HashMap<u32, Form>> {
    gateway.forms.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Made {
    shape: String,
    parts: Vec<Oid>,
}

async fn look_up(connection: &mut PgConnection, ids: &[Oid]) -> sqlx::Result<HashMap<u32, Form>> {
    let rows =
        sqlx::query(include_str!("types.sql")).bind(ids).persistent(false).fetch_all(connection).await?;
    let mut made = HashMap::new();
    for row in rows {
        made.insert(
            row.try_get::<Oid, _>("id")?,
            Made { shape: row.try_get("shape")?, parts: row.try_get("parts")? },
        );
    }
    Ok(ids.iter().map(|id| (id.0, assemble(&made, *id, DEEPEST))).collect())
}

fn assemble(made: &HashMap<Oid, Made>, id: Oid, depth: usize) -> Form {
    if let Some(form) = Form::built_in(id) {
        return form;
    }
    let (Some(Made { shape, parts }), Some(depth)) = (made.get(&id), depth.checked_sub(1)) else {
        return Form::Text;
    };
    let part = || parts.first().map_or(Form::Text, |part| assemble(made, *part, depth));
    match shape.as_str() {
        "domain" => part(),
        "array" => Form::Array(Box::new(part())),
        "composite" => Form::Composite(parts.iter().map(|part| assemble(made, *part, depth)).collect()),
        _ => Form::Text,
    }
}
