//! The MCP voice: what went wrong, as a tool result that leads a model to what works.

use crate::flow::authenticate::Principal;
use crate::flow::{Fault, NoRecord, Overrun};
use crate::model::budget::OverBudget;
use crate::model::outcome::{Decision, Refused};
use gate::Refusal;
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::json;

/// What `run_query` says of something that gave no rows.
pub(super) struct Problem {
    pub(super) reason: &'static str,
    pub(super) error: String,
    pub(super) hint: String,
}

impl Problem {
    /// In one line, for a tool whose answers have no place of their own for it.
    pub(super) fn told(&self) -> String {
        format!("{}: {}; {}", self.reason, self.error, self.hint)
    }
}

pub(super) fn of_budget(over: &OverBudget) -> Problem {
    let hint = match over.resets_at() {
        Some(at) => {
            format!("retry after {at}, or ask an operator for a larger budget; until then every call counts")
        }
        None => "retry when one of your other statements has ended: ask one after the other".to_owned(),
    };
    Problem { reason: Refused::OverBudget.code(), error: over.to_string(), hint }
}

pub(super) fn of_refusal(refusal: &Refusal) -> Problem {
    Problem {
        reason: Refused::Gate(refusal.reason).code(),
        error: match refusal.at {
            Some(at) => format!("{refusal}, at line {} column {}", at.line, at.column),
            None => refusal.to_string(),
        },
        hint: refusal.advice().into_owned(),
    }
}

pub(super) fn of_fault(fault: &Fault) -> Problem {
    Problem { reason: code(fault), error: fault.to_string(), hint: hint(fault) }
}

fn code(fault: &Fault) -> &'static str {
    Decision::of(fault).reason().unwrap_or_default()
}

fn hint(fault: &Fault) -> String {
    match fault {
        Fault::Execution { hint: Some(hint), .. } => hint.clone(),
        Fault::Execution { .. } => "PostgreSQL could not run it: mend the statement and try again".to_owned(),
        Fault::Timeout(Overrun::Lock(_)) => {
            "somebody changes that table at the moment: try again in a few seconds".to_owned()
        }
        Fault::OverBudget { .. } => {
            "filter more, on columns of a key where you can, join less, or aggregate over a shorter time"
                .to_owned()
        }
        Fault::Timeout(_) => {
            "it took too long: filter more, join less, or aggregate over a shorter time".to_owned()
        }
        Fault::PermissionDenied { .. } | Fault::Misconfigured(_) => {
            "this is for the operator to mend; trying again will not help until they have".to_owned()
        }
        Fault::Cancelled => "nobody waited for the answer, or an operator stopped it".to_owned(),
        Fault::Unavailable(_) | Fault::Busy { .. } => "try again in a few seconds".to_owned(),
        Fault::Stale { .. } => "the standby is catching up: try again in a minute".to_owned(),
        Fault::Conflict => {
            "try again; a statement that reads less, and for a shorter time, is stopped less often".to_owned()
        }
    }
}

/// A tool that has no answer.
pub(super) fn fault(fault: &Fault) -> CallToolResult {
    told(of_fault(fault).told())
}

/// A name that means nothing to the profile; it is not told whether it means something to anybody else.
pub(super) fn unknown_table(name: &str) -> CallToolResult {
    let name: String = name.chars().take(200).collect();
    told(format!("`{name}` is no table that you can read; list_tables names those that are"))
}

pub(super) fn told(text: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}

/// No record, no answer. The id of the request leads to the log.
pub(super) fn no_record(error: &NoRecord, principal: &Principal) -> ErrorData {
    tracing::error!(%error, "a call cannot be recorded, so it is not answered");
    ErrorData::internal_error(
        "the call cannot be recorded at the moment, so it was not answered; try again in a few seconds",
        Some(json!({ "request_id": principal.caller().request_id })),
    )
}
