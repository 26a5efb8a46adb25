//! An attempt: what somebody asked for, written down before anything is done about it.

use crate::model::access::Holder;
use crate::model::caller::Caller;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Attempt {
    pub id: Uuid,
    pub at: OffsetDateTime,
    pub holder: Holder,
    pub caller: Caller,
    pub tool: String,
    /// The arguments as they were sent, the statement excepted.
    pub arguments: Value,
    /// The statement as it was sent.
    pub sql: Option<String>,
}

/// Which tool was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    ListTables,
    DescribeTable,
    RunQuery,
    ExplainQuery,
}

impl Tool {
    pub const ALL: [Self; 4] = [Self::ListTables, Self::DescribeTable, Self::RunQuery, Self::ExplainQuery];

    /// Its name over MCP and in the record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ListTables => "list_tables",
            Self::DescribeTable => "describe_table",
            Self::RunQuery => "run_query",
            Self::ExplainQuery => "explain_query",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }
}

/// Text as PostgreSQL can keep it: its text type has no NUL, so a visible symbol stands for each.
#[must_use]
pub fn storable(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}

/// The same for JSON, keys and values alike.
#[must_use]
pub fn storable_json(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(storable(text)),
        Value::Array(items) => items.iter().map(storable_json).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (storable(key), storable_json(value))).collect())
        }
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::storable_json;
    use serde_json::json;

    #[test]
    fn no_nul_reaches_the_record() {
        let sent = json!({ "a\u{0}": ["b\u{0}", { "c": "\u{0}" }, 1, null] });
        assert_eq!(storable_json(&sent), json!({ "a\u{2400}": ["b\u{2400}", { "c": "\u{2400}" }, 1, null] }));
    }
}
