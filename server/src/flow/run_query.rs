//! One statement, from the agent's words to rows: written down, judged, run, written down again, answered.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NotAnswered, Open, Recorded, Request};
use crate::flow::{canary, surface};
use crate::model::answer::Answer;
use crate::model::attempt::Tool;
use crate::model::outcome::{Decision, Failed, Outcome, Refused};
use crate::telemetry::Layer;
use crate::warehouse::{self, Early, Failure, Fault, Order};
use gate::{Admitted, Refusal};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What an agent asks.
#[derive(Debug)]
pub struct Query {
    pub sql: String,
    /// Rows at most, beside all other caps; 0 asks for the columns alone.
    pub limit: Option<u64>,
}

/// What it is told: rows, or what else was asked for.
#[derive(Debug)]
pub struct Reply<T = Answer> {
    /// Names the call in the record.
    pub attempt: Uuid,
    pub verdict: Verdict<T>,
    pub duration: Duration,
}

#[derive(Debug)]
pub enum Verdict<T = Answer> {
    Answered(T),
    Refused(Refusal),
    Failed(Fault),
}

/// Statements longer than this are judged on a thread that may block, so that other requests go on.
const LONG: usize = 16 * 1024;

/// Runs one statement for a principal. `gone` tells that nobody waits for the answer any more.
pub async fn run_query(
    portcullis: &Portcullis,
    principal: &Principal,
    query: Query,
    gone: &CancellationToken,
) -> Result<Recorded<Reply>, NotAnswered> {
    let request = Request {
        tool: Tool::RunQuery.name(),
        arguments: json!({ "limit": query.limit }),
        sql: Some(&query.sql),
    };
    let attempting = record::attempt(portcullis, principal, request)?;
    // From here on it can be stopped; that ends with the answer.
    let at_work = portcullis.running().begin(attempting.id(), principal.holder(), gone);
    let context = context(principal);
    let order = Order { limit: query.limit, ..order(principal, attempting.id(), &context, at_work.stop()) };
    // A transaction may begin meanwhile; nothing is judged, and nothing of the agent's is said, before the attempt is on
    // record.
    let gateway = &principal.profile().gateway;
    let (open, early) = tokio::join!(attempting.begin(), warehouse::begin_early(gateway, &order));
    let open = open?;
    let named = canary::named(principal, &query.sql);
    let (verdict, outcome) = answer(principal, query.sql, &open, order, early).await;
    forget_if_changed(principal, &verdict).await;
    let attempt = open.id();
    let reply = Reply { attempt, verdict, duration: open.elapsed() };
    let recorded = open.complete(&outcome, reply).await?;
    canary::tell(portcullis, principal, attempt, &outcome, named).await;
    Ok(recorded)
}

async fn answer(
    principal: &Principal,
    sql: String,
    open: &Open<'_>,
    order: Order<'_>,
    early: Option<Early>,
) -> (Verdict, Outcome) {
    let (admitted, said) = match admit(principal, sql, open).await {
        Ok(admitted) => admitted,
        Err(told) => return told,
    };
    match warehouse::run(&principal.profile().gateway, admitted, order, early).await {
        Ok(answer) => {
            let outcome = Outcome {
                executed_sql: Some(answer.executed.clone()),
                row_count: answer.row_count,
                byte_count: answer.bytes,
                truncated: answer.truncated,
                duration: open.elapsed(),
                ..said
            };
            (Verdict::Answered(answer), outcome)
        }
        Err(Failure { fault, executed }) => without_answer(fault, executed, said, open),
    }
}

/// The statement as the gate printed it and what the record says of it so far; or what there is to tell instead.
pub(super) async fn admit<T>(
    principal: &Principal,
    sql: String,
    open: &Open<'_>,
) -> Result<(Admitted, Outcome), (Verdict<T>, Outcome)> {
    let admitted = match Layer::Gate.around(judge(principal, sql)).await {
        Ok(Ok(admitted)) => admitted,
        Ok(Err(refusal)) => {
            if refusal.is_our_fault() {
                // The statement itself stands in the record.
                tracing::error!(attempt = %open.id(), "the gate would have printed something else than it read");
            }
            let outcome = refused(&refusal, open.elapsed());
            return Err((Verdict::Refused(refusal), outcome));
        }
        Err(fault) => {
            let outcome = failure(&fault, open.elapsed());
            return Err((Verdict::Failed(fault), outcome));
        }
    };
    let said = Outcome {
        canonical_sql: Some(admitted.text().to_owned()),
        functions: admitted.functions().iter().map(ToString::to_string).collect(),
        ..Outcome::of(Decision::Allowed, Duration::ZERO)
    }
    .reading(admitted.relations());
    Ok((admitted, said))
}

/// What the profile's context settings are for this principal.
pub(super) fn context(principal: &Principal) -> Vec<String> {
    principal.profile().context.iter().map(|(_, value)| value.of(principal.holder())).collect()
}

pub(super) fn order<'a>(
    principal: &'a Principal,
    attempt: Uuid,
    context: &'a [String],
    cancelled: CancellationToken,
) -> Order<'a> {
    let holder = principal.holder();
    Order { attempt, person: holder.person.as_str(), client: &holder.client, context, limit: None, cancelled }
}

/// What there is to tell, and to write down, where the warehouse did not do what was admitted.
pub(super) fn without_answer<T>(
    fault: Fault,
    executed: Option<String>,
    said: Outcome,
    open: &Open<'_>,
) -> (Verdict<T>, Outcome) {
    let Outcome { decision, duration, error, .. } = failure(&fault, open.elapsed());
    (Verdict::Failed(fault), Outcome { decision, duration, error, executed_sql: executed, ..said })
}

/// Has the catalogue read again where PostgreSQL knows a different one.
pub(super) async fn forget_if_changed<T>(principal: &Principal, verdict: &Verdict<T>) {
    if let Verdict::Failed(fault) = verdict
        && tells_that_the_catalog_changed(fault)
    {
        surface::forget(principal.profile()).await;
    }
}

async fn judge(principal: &Principal, sql: String) -> Result<Result<Admitted, Refusal>, Fault> {
    let profile = Arc::clone(principal.profile());
    let reading = principal.reading().await?;
    if sql.len() <= LONG {
        return Ok(gate::judge(&sql, &reading.surface, &profile.policy));
    }
    let judged =
        tokio::task::spawn_blocking(move || gate::judge(&sql, &reading.surface, &profile.policy)).await;
    judged.map_err(|error| {
        tracing::error!(%error, "the gate broke down");
        Fault::Misconfigured("the statement could not be judged".to_owned())
    })
}

fn refused(refusal: &Refusal, duration: Duration) -> Outcome {
    Outcome {
        subject: refusal.subject.clone(),
        error: Some(refusal.to_string()),
        ..Outcome::of(Decision::Refused(Refused::Gate(refusal.reason)), duration)
    }
}

/// The outcome of something that the warehouse did not do.
pub(super) fn failure(fault: &Fault, duration: Duration) -> Outcome {
    Outcome { error: Some(for_the_record(fault)), ..Outcome::of(Decision::of(fault), duration) }
}

/// What the record keeps of PostgreSQL's words. A complaint about a value repeats the value, and the record holds nothing
/// out of a row; only complaints about the statement itself (class 42) are kept as they are.
fn for_the_record(fault: &Fault) -> String {
    match fault {
        Fault::Execution { sqlstate, .. } if !sqlstate.starts_with("42") => {
            format!("PostgreSQL could not run it (SQLSTATE {sqlstate})")
        }
        // With the details that only operators may know.
        fault => format!("{fault:#}"),
    }
}

/// The gate knows each relation and column that it lets through, so PostgreSQL missing one means that ours is an old view.
fn tells_that_the_catalog_changed(fault: &Fault) -> bool {
    matches!(fault, Fault::Execution { sqlstate, .. } if matches!(sqlstate.as_str(), "42P01" | "42703"))
}

impl Decision {
    /// What a fault of the warehouse means for a call.
    #[must_use]
    pub fn of(fault: &Fault) -> Self {
        Self::Failed(match fault {
            Fault::OverBudget { .. } => return Self::Refused(Refused::OverBudget),
            Fault::Execution { .. } => Failed::ExecutionError,
            Fault::Timeout(_) => Failed::Timeout,
            Fault::PermissionDenied { .. } => Failed::PermissionDenied,
            Fault::Cancelled => Failed::Cancelled,
            Fault::Misconfigured(_) => Failed::Misconfigured,
            Fault::Unavailable(_) | Fault::Busy { .. } | Fault::Stale { .. } | Fault::Conflict => {
                Failed::Unavailable
            }
        })
    }
}
