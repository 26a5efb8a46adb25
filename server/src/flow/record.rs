//! No record, no answer: an attempt is written down before anything is done, its outcome before anything is said.

use crate::flow::Portcullis;
use crate::flow::authenticate::Principal;
use crate::model::attempt::{Attempt, Tool};
use crate::model::measure;
use crate::model::outcome::{Decision, Outcome};
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
}

/// Something whose outcome is on record; only [`Open::complete`] makes one.
#[derive(Debug)]
pub struct Recorded<T>(T);

impl<T> Recorded<T> {
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
    Ok(Attempting { portcullis, attempt, begun })
}

/// Writes an attempt down. Where this fails, nothing may be done.
pub(super) async fn begin<'a>(
    portcullis: &'a Portcullis,
    principal: &Principal,
    request: Request<'_>,
) -> Result<Open<'a>, NoRecord> {
    attempt(portcullis, principal, request)?.begin().await
}

impl<'a> Attempting<'a> {
    pub(super) fn id(&self) -> Uuid {
        self.attempt.id
    }

    /// Writes it down. Where this fails, nothing may be done.
    pub(super) async fn begin(self) -> Result<Open<'a>, NoRecord> {
        let Self { portcullis, attempt, begun } = self;
        let (id, tool) = (attempt.id, attempt.tool.clone());
        Layer::Attempt.around(portcullis.journal().begin(attempt)).await?;
        Ok(Open { portcullis, id, tool, begun })
    }
}

impl Open<'_> {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    fn count(self, decision: Decision) {
        // A name that we do not know is the caller's; there could be as many as they like.
        let tool = Tool::named(&self.tool).map_or("unknown", Tool::name);
        let reason = decision.reason().unwrap_or_default();
        let labels = [("tool", tool), ("decision", decision.code()), ("reason", reason)];
        metrics::counter!(measure::CALLS, &labels).increment(1);
        metrics::histogram!(measure::CALL_SECONDS, "tool" => tool).record(self.elapsed());
    }

    /// Writes the outcome down and hands the answer out. Where this fails, the answer is withheld.
    pub(super) async fn complete<T>(self, outcome: Outcome, answer: T) -> Result<Recorded<T>, NoRecord> {
        let decision = outcome.decision;
        let completed = Completed { attempt_id: self.id, at: self.portcullis.now(), outcome };
        Layer::Outcome.around(self.portcullis.journal().complete(completed)).await?;
        self.count(decision);
        Ok(Recorded(answer))
    }
}
