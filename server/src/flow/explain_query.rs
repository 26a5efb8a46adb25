//! The plan of one statement, on record like the statement itself; nothing is run.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::record::{self, NotAnswered, Open, Recorded, Request};
use crate::flow::run_query::{Reply, Verdict, admit, context, forget_if_changed, order, without_answer};
use crate::model::attempt::Tool;
use crate::model::outcome::Outcome;
use crate::model::plan::Plan;
use crate::warehouse;
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// Tells what the warehouse would do for `sql`, as far as the principal may know of it.
pub async fn explain_query(
    portcullis: &Portcullis,
    principal: &Principal,
    sql: String,
    gone: &CancellationToken,
) -> Result<Recorded<Reply<Plan>>, NotAnswered> {
    let request = Request { tool: Tool::ExplainQuery.name(), arguments: json!({}), sql: Some(&sql) };
    let open = record::begin(portcullis, principal, request).await?;
    let at_work = portcullis.running().begin(open.id(), principal.holder(), gone);
    let (verdict, outcome) = explain(principal, sql, &open, at_work.stop()).await;
    forget_if_changed(principal, &verdict).await;
    let reply = Reply { attempt: open.id(), verdict, duration: open.elapsed() };
    Ok(open.complete(&outcome, reply).await?)
}

async fn explain(
    principal: &Principal,
    sql: String,
    open: &Open<'_>,
    stop: CancellationToken,
) -> (Verdict<Plan>, Outcome) {
    let (admitted, said) = match admit(principal, sql, open).await {
        Ok(admitted) => admitted,
        Err(told) => return told,
    };
    let context = context(principal);
    let order = order(principal, open.id(), &context, stop);
    match warehouse::explain(&principal.profile().gateway, admitted, order).await {
        Ok((plan, executed)) => {
            let reading = match principal.reading().await {
                Ok(reading) => reading,
                Err(fault) => return without_answer(fault, Some(executed), said, open),
            };
            let plan =
                plan.for_one_who_knows(|schema, name| reading.catalog.relation(schema, name).is_some());
            let outcome = Outcome { executed_sql: Some(executed), duration: open.elapsed(), ..said };
            (Verdict::Answered(plan), outcome)
        }
        Err(warehouse::Failure { fault, executed }) => without_answer(fault, executed, said, open),
    }
}
