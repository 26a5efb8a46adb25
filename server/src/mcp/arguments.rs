//! What a tool was given, read strictly: an argument that we do not know is a mistake that the agent should hear of.

use crate::model::attempt::Tool;
use serde_json::{Map, Value};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arguments {
    ListTables { word: Option<String> },
    DescribeTable { name: String },
    RunQuery { sql: String, limit: Option<u64> },
    ExplainQuery { sql: String },
}

impl Arguments {
    /// Reads the arguments of a tool, or says in one sentence what is wrong with them.
    pub(super) fn read(tool: Tool, given: &Map<String, Value>) -> Result<Self, String> {
        let known: &[&str] = match tool {
            Tool::ListTables => &["word"],
            Tool::DescribeTable => &["name"],
            Tool::RunQuery => &["sql", "limit"],
            Tool::ExplainQuery => &["sql"],
        };
        if let Some(unknown) = given.keys().find(|key| !known.contains(&key.as_str())) {
            let unknown: String = unknown.chars().take(64).collect();
            let known = known.join("`, `");
            return Err(format!("`{}` takes no argument `{unknown}`; it takes `{known}`", tool.name()));
        }
        Ok(match tool {
            Tool::ListTables => Self::ListTables { word: word(given)? },
            Tool::DescribeTable => Self::DescribeTable { name: text(given, "name")? },
            Tool::RunQuery => Self::RunQuery { sql: text(given, "sql")?, limit: limit(given)? },
            Tool::ExplainQuery => Self::ExplainQuery { sql: text(given, "sql")? },
        })
    }
}

fn text(given: &Map<String, Value>, key: &str) -> Result<String, String> {
    match given.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Err(format!("`{key}` must be a string, not {}", kind(other))),
        None => Err(format!("`{key}` is missing")),
    }
}

/// A word that is left empty asks for everything.
fn word(given: &Map<String, Value>) -> Result<Option<String>, String> {
    match given.get("word") {
        None | Some(Value::Null) => Ok(None),
        Some(_) => {
            text(given, "word").map(|word| Some(word.trim().to_owned()).filter(|word| !word.is_empty()))
        }
    }
}

/// Beyond it a floating-point number is no longer exact.
const MOST_ROWS: f64 = 9_007_199_254_740_992.0;

fn limit(given: &Map<String, Value>) -> Result<Option<u64>, String> {
    match given.get("limit") {
        None | Some(Value::Null) => Ok(None),
        // Some clients write every number with a fraction.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole, and in range"
        )]
        Some(Value::Number(n))
            if n.as_f64().is_some_and(|n| n.fract() == 0.0 && (0.0..=MOST_ROWS).contains(&n)) =>
        {
            Ok(n.as_f64().map(|n| n as u64))
        }
        Some(value) => value.as_u64().map(Some).ok_or_else(|| {
            let found = value.as_number().map_or_else(|| kind(value).to_owned(), |n| format!("`{n}`"));
            format!("`limit` must be a whole number of rows, 0 or more, not {found}")
        }),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use crate::model::attempt::Tool;
    use serde_json::{Value, json};

    fn read(tool: Tool, given: Value) -> Result<Arguments, String> {
        let Value::Object(given) = given else { panic!("not an object") };
        Arguments::read(tool, &given)
    }

    #[test]
    fn right_arguments_are_read() {
        for (given, word) in
            [(json!({}), None), (json!({ "word": " " }), None), (json!({ "word": "order" }), Some("order"))]
        {
            let word = word.map(ToOwned::to_owned);
            assert_eq!(read(Tool::ListTables, given), Ok(Arguments::ListTables { word }));
        }
        let sql = "select 1".to_owned();
        assert_eq!(
            read(Tool::RunQuery, json!({ "sql": sql, "limit": null })),
            Ok(Arguments::RunQuery { sql: sql.clone(), limit: None }),
        );
        assert_eq!(
            read(Tool::RunQuery, json!({ "sql": sql, "limit": 0 })),
            Ok(Arguments::RunQuery { sql: sql.clone(), limit: Some(0) }),
        );
        assert_eq!(
            read(Tool::RunQuery, json!({ "sql": sql, "limit": 5.0 })),
            Ok(Arguments::RunQuery { sql, limit: Some(5) }),
        );
    }

    #[test]
    fn wrong_arguments_are_explained() {
        let cases = [
            (Tool::ListTables, json!({ "x": 1 }), "`list_tables` takes no argument `x`; it takes `word`"),
            (Tool::DescribeTable, json!({}), "`name` is missing"),
            (Tool::RunQuery, json!({ "sql": 5 }), "`sql` must be a string, not a number"),
            (
                Tool::RunQuery,
                json!({ "sql": "", "limit": -1 }),
                "`limit` must be a whole number of rows, 0 or more, not `-1`",
            ),
            (
                Tool::RunQuery,
                json!({ "sql": "", "limit": 1.5 }),
                "`limit` must be a whole number of rows, 0 or more, not `1.5`",
            ),
            (
                Tool::RunQuery,
                json!({ "sql": "", "limit": "9" }),
                "`limit` must be a whole number of rows, 0 or more, not a string",
            ),
            (
                Tool::RunQuery,
                json!({ "sql": "", "offset": 9 }),
                "`run_query` takes no argument `offset`; it takes `sql`, `limit`",
            ),
        ];
        for (tool, given, why) in cases {
            assert_eq!(read(tool, given), Err(why.to_owned()));
        }
    }
}
