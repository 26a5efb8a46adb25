//! What there is to read.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NoRecord, Recorded, Request};
use crate::flow::run_query::failure;
use crate::flow::surface::Reading;
use crate::model::attempt::Tool;
use crate::model::outcome::{Decision, Outcome};
use crate::warehouse::Fault;
use serde_json::json;
use std::sync::Arc;

/// The relations that the principal's profile can read, by name.
pub async fn list_tables(
    portcullis: &Portcullis,
    principal: &Principal,
) -> Result<Recorded<Result<Arc<Reading>, Fault>>, NoRecord> {
    let request = Request { tool: Tool::ListTables.name(), arguments: json!({}), sql: None };
    let open = record::begin(portcullis, principal, request).await?;
    let reading = principal.reading().await;
    let outcome = match &reading {
        Ok(reading) => Outcome {
            row_count: reading.catalog.relations.len() as u64,
            ..Outcome::of(Decision::Allowed, open.elapsed())
        },
        Err(fault) => failure(fault, open.elapsed()),
    };
    open.complete(outcome, reading).await
}
