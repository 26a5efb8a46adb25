//! Answers as MCP tool results: the same JSON as structured content and as text.

use super::fence::Fence;
use super::problem::{self, Problem};
use crate::flow::list_tables::Tables;
use crate::flow::run_query::{Reply, Verdict};
use crate::model::answer::{Answer, Summary};
use crate::model::budget::OverBudget;
use crate::model::catalog::{Column, ForeignKey, Relation};
use crate::model::limits::Limits;
use crate::model::plan::{Node, Plan};
use rmcp::model::CallToolResult;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A standby that is less behind needs no word of its own.
const WORTH_A_WORD: Duration = Duration::from_secs(1);

/// The answer of `list_tables`.
pub(super) fn tables(tables: &Tables) -> CallToolResult {
    let tables: Vec<Value> = tables.relations().map(|relation| Value::Object(head(relation))).collect();
    CallToolResult::structured(json!({ "tables": tables }))
}

/// The answer of `describe_table`.
pub(super) fn table(relation: &Relation) -> CallToolResult {
    let mut told = head(relation);
    told.insert("columns".to_owned(), relation.columns.iter().map(column).collect());
    let mut key: Vec<&Column> =
        relation.columns.iter().filter(|column| column.primary_key.is_some()).collect();
    key.sort_by_key(|column| column.primary_key);
    told.insert("primary_key".to_owned(), key.into_iter().map(|column| json!(column.name)).collect());
    told.insert("foreign_keys".to_owned(), relation.foreign_keys.iter().map(foreign_key).collect());
    CallToolResult::structured(Value::Object(told))
}

fn head(relation: &Relation) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("name".to_owned(), json!(format!("{}.{}", relation.schema, relation.name)));
    head.insert("kind".to_owned(), json!(relation.kind.word()));
    head.insert("comment".to_owned(), json!(relation.comment));
    head.insert("estimated_rows".to_owned(), json!(relation.estimated_rows));
    head
}

fn column(column: &Column) -> Value {
    let mut told = json!({ "name": column.name, "type": column.data_type, "nullable": column.nullable });
    if let Value::Object(told) = &mut told {
        if let Some(comment) = &column.comment {
            told.insert("comment".to_owned(), json!(comment));
        }
        if !column.enum_labels.is_empty() {
            told.insert("enum".to_owned(), json!(column.enum_labels));
        }
        if let Some(values) = &column.values {
            told.insert("values".to_owned(), json!(values.seen));
            told.insert("more_values".to_owned(), json!(!values.complete));
        }
    }
    told
}

fn foreign_key(key: &ForeignKey) -> Value {
    json!({
        "columns": key.columns,
        "references": format!("{}.{}", key.target_schema, key.target_name),
        "referenced_columns": key.target_columns,
    })
}

/// The answer of `run_query`, whatever became of it: every key is always there.
pub(super) fn rows(reply: &Reply, fence: &Fence, limits: Limits) -> CallToolResult {
    let (answer, problem) = match &reply.verdict {
        Verdict::Answered(answer) => (Some(answer), None),
        Verdict::Refused(refusal) => (None, Some(problem::of_refusal(refusal))),
        Verdict::Failed(fault) => (None, Some(problem::of_fault(fault))),
    };
    let hint = match (&problem, answer) {
        (Some(problem), _) => problem.hint.clone(),
        (None, Some(answer)) => hint(answer, limits),
        (None, None) => String::new(),
    };
    let value = shape(answer, problem.as_ref(), &hint, reply.duration, fence);
    if problem.is_some() {
        CallToolResult::structured_error(value)
    } else {
        CallToolResult::structured(value)
    }
}

/// The answer of `run_query` where a budget is used up, with the moment when it resets.
pub(super) fn over_budget(over: &OverBudget, fence: &Fence) -> CallToolResult {
    let problem = problem::of_budget(over);
    let mut value = shape(None, Some(&problem), &problem.hint, Duration::ZERO, fence);
    if let (Value::Object(value), Some(at)) = (&mut value, over.resets_at()) {
        value.insert("resets_at".to_owned(), json!(at));
    }
    CallToolResult::structured_error(value)
}

fn shape(
    answer: Option<&Answer>,
    problem: Option<&Problem>,
    hint: &str,
    duration: Duration,
    fence: &Fence,
) -> Value {
    let summaries = answer.and_then(|answer| answer.summary.as_deref());
    json!({
        "columns": answer.map(|answer| answer.columns.as_slice()).unwrap_or_default(),
        "rows": fence.around(answer.map_or("[]", |answer| &answer.rows)),
        "row_count": answer.map_or(0, |answer| answer.row_count),
        "truncated": answer.is_some_and(|answer| answer.truncated),
        "summary": summaries.map(|columns| fence.around(&summary(columns))).unwrap_or_default(),
        "duration_ms": milliseconds(duration),
        "lag_seconds": answer.and_then(|answer| answer.lag).map(|lag| milliseconds(lag) / 1e3),
        "hint": hint,
        "rejection_reason": problem.map_or("", |problem| problem.reason),
        "error": problem.map(|problem| fence.around(&problem.error)).unwrap_or_default(),
        "data_handling": fence.rule(),
    })
}

fn hint(answer: &Answer, limits: Limits) -> String {
    let Answer { truncated, cut_cells, row_count, lag, .. } = answer;
    let mut hints = Vec::new();
    if let Some(lag) = lag.filter(|lag| *lag >= WORTH_A_WORD) {
        hints.push(format!("these rows come from a standby, as they were {:.1} s ago", lag.as_secs_f64()));
    }
    if *truncated {
        hints.push(format!(
            "there are more rows than these {row_count} (at most {} rows and {} bytes an answer): aggregate in SQL, or \
             walk by key with `where id > LAST order by id limit N`",
            limits.hard_rows, limits.bytes,
        ));
    }
    if *cut_cells > 0 {
        hints.push(format!("{cut_cells} long values were cut: select a part of them with substring()"));
    }
    hints.join("; ")
}

fn summary(columns: &[Summary]) -> String {
    let column = |column: &Summary| {
        let Summary { column, count, nulls, distinct, least, greatest } = column;
        json!({
            "column": column, "count": count, "nulls": nulls, "distinct": distinct, "min": least, "max": greatest,
        })
    };
    columns.iter().map(column).collect::<Value>().to_string()
}

/// The answer of `explain_query`, whatever became of it: every key is always there.
pub(super) fn plan(reply: &Reply<Plan>, fence: &Fence) -> CallToolResult {
    let (plan, problem) = match &reply.verdict {
        Verdict::Answered(plan) => (Some(plan), None),
        Verdict::Refused(refusal) => (None, Some(problem::of_refusal(refusal))),
        Verdict::Failed(fault) => (None, Some(problem::of_fault(fault))),
    };
    let hint = match (&problem, plan) {
        (Some(problem), _) => problem.hint.as_str(),
        (None, Some(plan)) if plan.nodes.is_empty() => {
            "what stands behind a view or a table of several parts is not told"
        }
        _ => "",
    };
    let value = json!({
        "cost": plan.map(|plan| plan.cost),
        "rows": plan.map(|plan| plan.rows),
        "nodes": plan.map(|plan| plan.nodes.iter().map(node).collect::<Vec<_>>()).unwrap_or_default(),
        "hint": hint,
        "rejection_reason": problem.as_ref().map_or("", |problem| problem.reason),
        "error": problem.as_ref().map(|problem| fence.around(&problem.error)).unwrap_or_default(),
    });
    if problem.is_some() {
        CallToolResult::structured_error(value)
    } else {
        CallToolResult::structured(value)
    }
}

fn node(node: &Node) -> Value {
    let Node { depth, kind, relation, cost, rows } = node;
    let relation = relation.as_ref().map(|(schema, name)| format!("{schema}.{name}"));
    json!({ "depth": depth, "node": kind, "relation": relation, "cost": cost, "rows": rows })
}

/// To the microsecond: what took less than a millisecond did take its time.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
