//! Running one admitted statement.
//!
//! Five round trips stand between the caller and the rows: `begin` with the guard, and two for each of the two texts of
//! [`super::wrap`] (the driver waits between parsing and executing). A statement of a known [`super::shape`] has known
//! types and needs three. A connection that is new pays two more: log-in, and one setting. A type that is not built in
//! costs two the first time. The rollback happens after the answer.

use std::sync::Arc;

use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::collect::{Collected, collect};
use super::early::Early;
use super::fault::{Fault, Overrun};
use super::form::{Form, forms};
use super::gateway::{GRACE, Gateway, Inner};
use super::guard::Entry;
use super::lease::Lease;
use super::shape::shape;
use super::wrap::{self, Wrapped};
use crate::model::answer::Answer;
use crate::model::limits::Limits;
use crate::telemetry::Layer;

/// Who asks, and for how much.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    pub attempt: Uuid,
    pub person: &'a str,
    pub client: &'a str,
    /// A value for each context setting of the profile, in their order.
    pub context: &'a [String],
    /// How many rows at most; the statement's own limit and the profile's hold as well. None of them are fetched for 0,
    /// only the columns told.
    pub limit: Option<u64>,
    /// Stops the statement. Dropping the future of [`run`] stops it as well.
    pub cancelled: CancellationToken,
}

/// A statement without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub fault: Fault,
    /// The very text that the warehouse was sent, where it came to that.
    pub executed: Option<String>,
}

impl Order<'_> {
    pub(super) fn entry(&self) -> Entry<'_> {
        Entry { name: wrap::session_name(self.attempt, self.person, self.client), context: self.context }
    }
}

/// Runs a statement that the gate has admitted, once, and rolls back: in the transaction that was begun early for the same
/// order, if there is one.
pub async fn run(
    gateway: &Gateway,
    admitted: gate::Admitted,
    order: Order<'_>,
    early: Option<Early>,
) -> Result<Answer, Failure> {
    let statement = Statement { text: admitted.text(), columns: admitted.outputs(), limit: admitted.limit() };
    gateway.0.expectation.set(true);
    read(gateway, statement, order, early.and_then(Early::into_lease)).await
}

/// What the gate has admitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement<'a> {
    pub(super) text: &'a str,
    pub(super) columns: &'a [String],
    pub(super) limit: Option<u64>,
}

pub(super) async fn read(
    gateway: &Gateway,
    statement: Statement<'_>,
    order: Order<'_>,
    early: Option<Lease>,
) -> Result<Answer, Failure> {
    let mut executed = None;
    let result = tokio::select! {
        biased;
        () = order.cancelled.cancelled() => Err(Fault::Cancelled),
        result = read_to_end(&gateway.0, statement, &order, early, &mut executed) => result,
    };
    result.map_err(|fault| Failure { fault, executed })
}

async fn read_to_end(
    gateway: &Arc<Inner>,
    statement: Statement<'_>,
    order: &Order<'_>,
    early: Option<Lease>,
    executed: &mut Option<String>,
) -> Result<Answer, Fault> {
    let mut lease = match early {
        Some(lease) => lease,
        None => Layer::Begin.around(Lease::open(gateway, &order.entry())).await?,
    };
    let deadline = gateway.patience.statement + GRACE;
    let reading = Reading { gateway, statement, order, executed };
    let asked = timeout(deadline, reading.ask(&mut lease.connection));
    match Layer::Execute.around(asked).await {
        Ok(Ok(Read::Whole(answer))) => {
            lease.settle();
            Ok(answer)
        }
        Ok(Ok(Read::LeftOff(answer))) => Ok(answer),
        Ok(Err(fault)) => {
            if !fault.is_of_the_session() {
                lease.settle();
            }
            Err(fault)
        }
        Err(_elapsed) => Err(Fault::Timeout(Overrun::Deadline(deadline))),
    }
}

/// An answer, and whether its connection has said all that it had to say.
enum Read {
    Whole(Answer),
    LeftOff(Answer),
}

struct Reading<'a> {
    gateway: &'a Inner,
    statement: Statement<'a>,
    order: &'a Order<'a>,
    executed: &'a mut Option<String>,
}

impl Reading<'_> {
    async fn ask(self, connection: &mut PgConnection) -> Result<Read, Fault> {
        let Self { gateway, statement, order, executed } = self;
        let note = wrap::note(order.attempt, order.person, order.client);
        let rows = effective_rows(order.limit, statement.limit, gateway.limits);

        let shape = shape(statement.text);
        let known = if rows == 0 { None } else { gateway.shapes.forms(shape.as_deref()) };
        let executed = executed.insert(String::new());
        let forms = if let Some(forms) = known {
            forms
        } else {
            let types = wrap::types(&note, statement.text, statement.columns.len());
            executed.clone_from(&types.text);
            let forms: Arc<[Form]> = learn_forms(gateway, connection, &types).await?.into();
            gateway.shapes.learn(shape, &forms);
            forms
        };
        if rows == 0 {
            return Ok(Read::Whole(answer(statement, Collected::nothing(), executed)));
        }

        let cell = usize::try_from(gateway.limits.cell).unwrap_or(usize::MAX - 1);
        let fetch = wrap::rows(&note, statement.text, &forms, rows.saturating_add(1), cell.saturating_add(1));
        executed.clone_from(&fetch.text);
        let started = Instant::now();
        let collected = collect(connection, &fetch, &forms, rows, gateway.limits)
            .await
            .map_err(|error| Fault::running(&error, gateway.patience, started.elapsed(), &fetch.agents))
            .inspect_err(|fault| {
                if fault.tells_that_the_catalog_changed() {
                    gateway.shapes.forget();
                }
            })?;
        let whole = collected.whole;
        let answer = answer(statement, collected, executed);
        Ok(if whole { Read::Whole(answer) } else { Read::LeftOff(answer) })
    }
}

/// The smallest of the caps; the default counts where neither the caller nor the statement names one.
fn effective_rows(asked: Option<u64>, own: Option<u64>, limits: Limits) -> u64 {
    let wanted = match (asked, own) {
        (None, None) => limits.default_rows,
        (Some(rows), None) | (None, Some(rows)) => rows,
        (Some(asked), Some(own)) => asked.min(own),
    };
    wanted.min(limits.hard_rows)
}

async fn learn_forms(
    gateway: &Inner,
    connection: &mut PgConnection,
    types: &Wrapped,
) -> Result<Vec<Form>, Fault> {
    let started = Instant::now();
    let result = async {
        let row = sqlx::query(AssertSqlSafe(types.text.as_str()))
            .persistent(false)
            .fetch_one(&mut *connection)
            .await?;
        let ids: Vec<Oid> = row.try_get(0)?;
        forms(gateway, connection, &ids).await
    };
    result.await.map_err(|error| Fault::running(&error, gateway.patience, started.elapsed(), &types.agents))
}

fn answer(statement: Statement<'_>, collected: Collected, executed: &str) -> Answer {
    Answer {
        columns: statement.columns.to_vec(),
        rows: collected.rows,
        row_count: collected.row_count,
        bytes: collected.bytes,
        truncated: collected.truncated,
        cut_cells: collected.cut_cells,
        executed: executed.to_owned(),
    }
}
