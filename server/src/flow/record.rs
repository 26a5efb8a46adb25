//! No record, no answer: an attempt is written down before anything is done, its outcome before anything is said.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::flow::budget::Bill;
use crate::model::attempt::{Attempt, Tool};
use crate::model::budget::OverBudget;
use crate::model::measure;
use crate::model::outcome::{Decision, Outcome, Refused};
use crate::model::rng::NoEntropy;
use crate::store::StoreError;
use crate::store::outcomes::Completed;
use crate::telemetry::Layer;
use serde_json::Value;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// An attempt that is on record and still without an outcome.
#[must_use = "an attempt needs its outcome"]
pub(super) struct Open<'a> {
    portcullis: &'a Portcullis,
    id: Uuid,
    tool: String,
    begun: Instant,
    bill: Option<Bill>,
}

/// Something whose outcome is on record; only [`Open::complete`] makes one.
#[derive(Debug)]
pub struct Recorded<T>(T);

impl<T> Recorded<T> {
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded(change(self.0))
    }

    pub fn into_inner(self) -> T {
        self.0
    }
}

/// The record could not be written, so nothing was done, or what was done is not told.
#[derive(Debug, thiserror::Error)]
pub enum NoRecord {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Why something that was asked for was not done.
#[derive(Debug, thiserror::Error)]
pub enum NotAnswered {
    /// A budget is used up. This is on record.
    #[error("{}", .0.0)]
    OverBudget(Recorded<OverBudget>),
    #[error(transparent)]
    NoRecord(#[from] NoRecord),
}

impl From<StoreError> for NotAnswered {
    fn from(error: StoreError) -> Self {
        Self::NoRecord(error.into())
    }
}

impl From<NoEntropy> for NotAnswered {
    fn from(error: NoEntropy) -> Self {
        Self::NoRecord(error.into())
    }
}

/// What is asked for.
pub(super) struct Request<'a> {
    pub(super) tool: &'a str,
    pub(super) arguments: Value,
    pub(super) sql: Option<&'a str>,
}

/// An attempt that has its identifier, and is not on record yet.
#[must_use = "an attempt is to be written down"]
pub(super) struct Attempting<'a> {
    portcullis: &'a Portcullis,
    attempt: Attempt,
    begun: Instant,
    bill: Option<Bill>,
}

pub(super) fn attempt<'a>(
    portcullis: &'a Portcullis,
    principal: &Principal,
    request: Request<'_>,
) -> Result<Attempting<'a>, NoRecord> {
    let begun = Instant::now();
    let at = portcullis.now();
    let attempt = Attempt {
        id: portcullis.rng().uuid_at(at)?,
        at,
        holder: principal.holder().clone(),
        caller: principal.caller().clone(),
        tool: request.tool.to_owned(),
        arguments: request.arguments,
        sql: request.sql.map(str::to_owned),
    };
    let bill = Bill::open(principal, attempt.id, attempt.sql.is_some());
    Ok(Attempting { portcullis, attempt, begun, bill })
}

/// Writes an attempt down, and counts it against its budgets. Where this fails, nothing may be done.
pub(super) async fn begin<'a>(
    portcullis: &'a Portcullis,
    principal: &Principal,
    request: Request<'_>,
) -> Result<Open<'a>, NotAnswered> {
    attempt(portcullis, principal, request)?.begin().await
}

impl<'a> Attempting<'a> {
    pub(super) fn id(&self) -> Uuid {
        self.attempt.id
    }

    /// Writes it down, and counts it against its budgets. Where this fails, nothing may be done.
    pub(super) async fn begin(self) -> Result<Open<'a>, NotAnswered> {
        let Self { portcullis, attempt, begun, bill } = self;
        let (id, tool) = (attempt.id, attempt.tool.clone());
        let written = portcullis.journal().begin(attempt);
        let over = match &bill {
            None => Layer::Attempt.around(written).await.map(|()| None)?,
            Some(bill) => {
                let charged = bill.charge(portcullis);
                let (written, over) = Layer::Attempt.around(async { tokio::join!(written, charged) }).await;
                written?;
                over?
            }
        };
        let open = Open { portcullis, id, tool, begun, bill };
        match over {
            None => Ok(open),
            Some(over) => Err(open.refuse(over).await?),
        }
    }
}

impl Open<'_> {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    fn count(self, outcome: &Outcome) {
        // A name that we do not know is the caller's; there could be as many as they like.
        let tool = Tool::named(&self.tool).map_or("unknown", Tool::name);
        let (decision, reason) = (outcome.decision.code(), outcome.decision.reason().unwrap_or_default());
        let labels = [("tool", tool), ("decision", decision), ("reason", reason)];
        metrics::counter!(measure::CALLS, &labels).increment(1);
        metrics::histogram!(measure::CALL_SECONDS, "tool" => tool).record(self.elapsed());
    }

    async fn refuse(self, over: OverBudget) -> Result<NotAnswered, NoRecord> {
        let outcome = Outcome {
            subject: Some(over.subject()),
            error: Some(over.to_string()),
            ..Outcome::of(Decision::Refused(Refused::OverBudget), self.elapsed())
        };
        Ok(NotAnswered::OverBudget(self.complete(&outcome, over).await?))
    }

    /// Writes the outcome down and hands the answer out. Where this fails, the answer is withheld.
    pub(super) async fn complete<T>(self, outcome: &Outcome, answer: T) -> Result<Recorded<T>, NoRecord> {
        let completed =
            Completed { attempt_id: self.id, at: self.portcullis.now(), outcome: outcome.clone() };
        let written = self.portcullis.journal().complete(completed);
        match &self.bill {
            None => Layer::Outcome.around(written).await?,
            Some(bill) => {
                let settled = bill.settle(self.portcullis, outcome);
                let (written, settled) =
                    Layer::Outcome.around(async { tokio::join!(written, settled) }).await;
                written?;
                settled?;
            }
        }
        self.count(outcome);
        Ok(Recorded(answer))
    }
}
