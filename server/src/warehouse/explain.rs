//! What PostgreSQL would do for a statement, and at what estimated cost. The statement is planned in the same guarded
//! transaction in which it would run, and as the same text; none of it is run.

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::time::{Instant, timeout};

use super::fault::Fault;
use super::gateway::{Gateway, Inner};
use super::run::{Failure, Order, Read, Reading, Statement, deadline, enter, leave};
use super::wrap::{self, Wrapped};
use crate::model::plan::Plan;

/// Plans a statement that the gate has admitted, and rolls back. Privileges are checked as if it ran.
pub async fn explain(
    gateway: &Gateway,
    admitted: gate::Admitted,
    order: Order<'_>,
) -> Result<(Plan, String), Failure> {
    let statement = Statement { text: admitted.text(), columns: admitted.outputs(), limit: admitted.limit() };
    let mut executed = None;
    let result = tokio::select! {
        biased;
        () = order.cancelled.cancelled() => Err(Fault::Cancelled),
        result = plan_to_end(&gateway.0, statement, &order, &mut executed) => result,
    };
    match result {
        Ok(plan) => Ok((plan, executed.unwrap_or_default())),
        Err(fault) => Err(Failure { fault, executed }),
    }
}

async fn plan_to_end(
    gateway: &std::sync::Arc<Inner>,
    statement: Statement<'_>,
    order: &Order<'_>,
    executed: &mut Option<String>,
) -> Result<Plan, Fault> {
    let mut lease = enter(gateway, order).await?;
    let deadline = deadline(gateway);
    let planning = async {
        let mut reading = Reading { gateway, statement, order, executed: &mut *executed };
        let rows = reading.rows();
        let fetch = reading.fetch(&mut lease.connection, rows).await?;
        let question = wrap::explained(&fetch.text);
        *executed = Some(question.text.clone());
        plan(gateway, &mut lease.connection, &question).await.map(Read::Whole)
    };
    let read = timeout(deadline, planning).await;
    leave(lease, deadline, read)
}

/// Refuses a text that would cost more than `most`; `question` asks for its plan.
pub(super) async fn bound(
    gateway: &Inner,
    connection: &mut PgConnection,
    question: &Wrapped,
    most: u64,
) -> Result<(), Fault> {
    let plan = plan(gateway, connection, question).await?;
    let cost = whole(plan.cost);
    if cost > most { Err(Fault::OverBudget { cost, most }) } else { Ok(()) }
}

async fn plan(gateway: &Inner, connection: &mut PgConnection, question: &Wrapped) -> Result<Plan, Fault> {
    let started = Instant::now();
    let said = sqlx::query(AssertSqlSafe(question.text.as_str()))
        .persistent(false)
        .fetch_one(connection)
        .await
        .and_then(|row| row.try_get::<Value, _>(0))
        .map_err(|error| Fault::running(&error, gateway.patience, started.elapsed(), &question.agents))?;
    Plan::read(&said)
        .ok_or_else(|| Fault::misconfigured("the warehouse explains its plans in a way of its own"))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an estimate, never negative")]
fn whole(cost: f64) -> u64 {
    cost.ceil() as u64
}
