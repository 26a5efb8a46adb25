//! A request that reaches no tool: it names none of ours, or cannot be read. It is recorded like any other.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NoRecord, NotAnswered, Recorded, Request};
use crate::model::outcome::{Decision, Outcome, Refused};
use serde_json::Value;

/// Records that a request was refused before it reached a tool.
pub async fn refuse(
    portcullis: &Portcullis,
    principal: &Principal,
    tool: &str,
    arguments: Value,
    why: String,
) -> Result<Recorded<String>, NoRecord> {
    let tool: String = tool.chars().filter(|c| !c.is_control()).take(128).collect();
    let request = Request { tool: &tool, arguments, sql: None };
    let open = match record::begin(portcullis, principal, request).await {
        Ok(open) => open,
        Err(NotAnswered::NoRecord(error)) => return Err(error),
        Err(NotAnswered::OverBudget(over)) => return Ok(over.map(|over| over.to_string())),
    };
    let decision = Decision::Refused(Refused::InvalidRequest);
    let outcome = Outcome { error: Some(why.clone()), ..Outcome::of(decision, open.elapsed()) };
    open.complete(&outcome, why).await
}
