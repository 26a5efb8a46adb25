//! Canaries: relations that nobody has a reason to touch. Whoever does is told of at once; their answer stays as it is, so
//! that they do not learn of it.

use crate::flow::alert::{Occasion, Raised, raise};
use crate::flow::authenticate::Principal;
use crate::flow::{Failure, Portcullis, happened};
use crate::model::alert::AlertKind;
use crate::model::canary::Canary;
use crate::model::outcome::{Decision, Outcome};
use serde_json::json;
use uuid::Uuid;

/// A person is told of once in so many seconds: windows are fixed, so that all instances agree.
const WINDOW: i64 = 3600;

/// The canaries of the principal's warehouse, outside of every profile, that a statement names.
pub(super) fn named(principal: &Principal, sql: &str) -> Vec<String> {
    let named = principal.profile().warehouse.canaries.iter().filter(|canary| canary.is_named_in(sql));
    named.map(Canary::to_string).collect()
}

/// Tells of a call that touched one: read it, or was refused and named one outside. Where that cannot be told, the record
/// still says it.
pub(super) async fn tell(
    portcullis: &Portcullis,
    principal: &Principal,
    call: Uuid,
    outcome: &Outcome,
    named: Vec<String>,
) {
    let touched = match outcome.decision {
        Decision::Refused(_) => named,
        Decision::Allowed | Decision::Failed(_) => {
            let canaries = principal.profile().canaries.iter().map(Canary::to_string);
            canaries.filter(|canary| outcome.relations.contains(canary)).collect()
        }
    };
    if touched.is_empty() {
        return;
    }
    match keep(portcullis, principal, call, outcome, &touched).await {
        Ok(raised) => raised.tell(),
        Err(failure) => {
            let (person, canary) = (&principal.holder().person, touched.join(", "));
            tracing::error!(%failure, %person, canary, "a canary was touched, and the alert cannot be kept");
        }
    }
}

async fn keep(
    portcullis: &Portcullis,
    principal: &Principal,
    call: Uuid,
    outcome: &Outcome,
    touched: &[String],
) -> Result<Raised, Failure> {
    let (at, holder) = (portcullis.now(), principal.holder());
    let window = at.unix_timestamp().div_euclid(WINDOW);
    let occasion = Occasion {
        kind: AlertKind::Canary,
        key: format!("{}/{window}", holder.person_id),
        person_id: Some(holder.person_id),
        subject: holder.person.as_str(),
        // Names alone; the statement stands in the record, under the id of the call.
        detail: json!({
            "canary": touched.join(", "),
            "profile": holder.profile.as_str(),
            "client": holder.client,
            "decision": outcome.decision.code(),
            "call": call,
        }),
    };
    let mut transaction = happened::begin(portcullis).await?;
    let raised = raise(portcullis, &mut transaction, at, occasion).await?;
    happened::commit(transaction).await?;
    Ok(raised)
}
