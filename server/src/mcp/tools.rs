//! The tools as `tools/list` shows them: at most 5,000 bytes in all, because every model reads them every time.

use crate::model::attempt::Tool as Name;
use crate::model::tools::Tools;
use rmcp::model::{JsonObject, MetaObject, Tool, ToolAnnotations};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};

/// Every tool that there is for somebody, in a fixed order.
pub(super) fn of(tools: Tools) -> Vec<Tool> {
    static ALL: LazyLock<Vec<(Name, Tool)>> =
        LazyLock::new(|| Name::ALL.map(|name| (name, tool(name))).to_vec());
    ALL.iter().filter(|(name, _)| tools.have(*name)).map(|(_, tool)| tool.clone()).collect()
}

fn tool(name: Name) -> Tool {
    let (title, description, input, output) = match name {
        Name::ListTables => (
            "List tables",
            "The tables and views that you can read, with kind, comment and estimated rows.",
            json!({
                "type": "object",
                "properties": { "word": { "type": "string", "description": "only those with it in name, comment or columns" } },
                "additionalProperties": false,
            }),
            tables(),
        ),
        Name::DescribeTable => (
            "Describe a table",
            "Readable columns of one table with type, nullability, comment and enum labels; its primary key and foreign keys.",
            json!({
                "type": "object",
                "properties": { "name": { "type": "string", "description": "as list_tables names it: schema.table" } },
                "required": ["name"],
                "additionalProperties": false,
            }),
            table(),
        ),
        Name::RunQuery => (
            "Run a query",
            "Run one read-only PostgreSQL SELECT. Name the columns (no *), prefer aggregates, page by key instead of OFFSET. \
             A refusal tells its reason and a hint.",
            json!({
                "type": "object",
                "properties": {
                    "sql": { "type": "string", "description": "one SELECT; WITH is fine" },
                    "limit": { "type": ["integer", "null"], "minimum": 0, "description": "rows at most; 0: columns only" },
                },
                "required": ["sql"],
                "additionalProperties": false,
            }),
            rows(),
        ),
        Name::ExplainQuery => (
            "Explain a query",
            "What PostgreSQL would do for a SELECT, and its estimated cost; nothing is run.",
            json!({
                "type": "object",
                "properties": { "sql": { "type": "string" } },
                "required": ["sql"],
                "additionalProperties": false,
            }),
            plan(),
        ),
    };
    let annotations =
        ToolAnnotations::new().read_only(true).destructive(false).idempotent(true).open_world(false);
    let tool = Tool::new(name.name(), description, object(&input))
        .with_title(title)
        .with_raw_output_schema(object(&output))
        .with_annotations(annotations);
    match name {
        // An answer is bounded by our own caps; the client need not cut it sooner.
        Name::RunQuery => {
            tool.with_meta(MetaObject(meta(&json!({ "anthropic/maxResultSizeChars": 400_000 }))))
        }
        _ => tool,
    }
}

fn tables() -> Value {
    json!({
        "type": "object",
        "properties": { "tables": { "type": "array", "items": {
            "type": "object",
            "properties": {
                "name": { "type": "string" },
                "kind": { "type": "string" },
                "comment": { "type": ["string", "null"] },
                "estimated_rows": { "type": ["integer", "null"] },
            },
            "required": ["name", "kind"],
        } } },
        "required": ["tables"],
    })
}

fn table() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string" },
            "kind": { "type": "string" },
            "comment": { "type": ["string", "null"] },
            "estimated_rows": { "type": ["integer", "null"] },
            "columns": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "name": { "type": "string" },
                    "type": { "type": "string" },
                    "nullable": { "type": "boolean" },
                    "comment": { "type": "string" },
                    "enum": { "type": "array", "items": { "type": "string" } },
                    "values": { "type": "array", "items": { "type": "string" } },
                    "more_values": { "type": "boolean" },
                },
                "required": ["name", "type", "nullable"],
            } },
            "primary_key": { "type": "array", "items": { "type": "string" } },
            "foreign_keys": { "type": "array", "items": { "type": "object" } },
        },
        "required": ["name", "kind", "columns", "primary_key", "foreign_keys"],
    })
}

fn rows() -> Value {
    json!({
        "type": "object",
        "properties": {
            "columns": { "type": "array", "items": { "type": "string" } },
            "rows": { "type": "string", "description": "fenced JSON: an array of rows, each an array of values" },
            "row_count": { "type": "integer" },
            "truncated": { "type": "boolean" },
            "summary": { "type": "string", "description": "fenced JSON, of what was read" },
            "duration_ms": { "type": "number" },
            "lag_seconds": { "type": ["number", "null"], "description": "of the standby that was read" },
            "hint": { "type": "string" },
            "rejection_reason": { "type": "string", "description": "empty unless refused or failed" },
            "error": { "type": "string", "description": "fenced" },
            "data_handling": { "type": "string" },
            "resets_at": { "type": "string", "description": "RFC 3339; of a budget" },
        },
        "required": ["columns", "rows", "row_count", "truncated", "summary", "duration_ms", "lag_seconds", "hint", "rejection_reason", "error", "data_handling"],
    })
}

fn plan() -> Value {
    json!({
        "type": "object",
        "properties": {
            "cost": { "type": ["number", "null"] },
            "rows": { "type": ["number", "null"] },
            "nodes": { "type": "array", "items": { "type": "object" } },
            "hint": { "type": "string" },
            "rejection_reason": { "type": "string" },
            "error": { "type": "string" },
        },
        "required": ["cost", "rows", "nodes", "hint", "rejection_reason", "error"],
    })
}

fn object(value: &Value) -> Arc<JsonObject> {
    Arc::new(meta(value))
}

fn meta(value: &Value) -> JsonObject {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::model::tools::Tools;

    #[test]
    fn the_list_is_short() {
        let everything = Tools { explain: true, max_cost: Some(1), summaries: true };
        let text = serde_json::to_string(&super::of(everything)).unwrap();
        assert!(text.len() <= 5_000, "{} bytes", text.len());
    }
}
