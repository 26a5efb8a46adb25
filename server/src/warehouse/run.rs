//! Running one admitted statement.
//!
//! Five round trips stand between the caller and the rows: `begin` with the guard, and two for each of the two texts of
//! [`super::wrap`] (the driver waits between parsing and executing). A statement of a known [`super::shape`] has known
//! types and needs three. A connection that is new pays one more, the log-in. A type that is not built in
//! costs two the first time. The rollback happens after the answer.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::collect::{Collected, collect};
use super::early::Early;
use super::explain;
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
        None => enter(gateway, order).await?,
    };
    let (deadline, lag) = (deadline(gateway), lease.lag);
    let reading = Reading { gateway, statement, order, executed };
    let asked = timeout(deadline, reading.ask(&mut lease.connection));
    let read = Layer::Execute.around(asked).await;
    leave(lease, deadline, read).map(|answer| Answer { lag, ..answer })
}

/// Enters the profile's role for an order.
pub(super) async fn enter(gateway: &Arc<Inner>, order: &Order<'_>) -> Result<Lease, Fault> {
    Layer::Begin.around(Lease::open(gateway, &order.entry())).await
}

/// How long an order may take on its connection.
pub(super) fn deadline(gateway: &Inner) -> Duration {
    gateway.patience.statement + GRACE
}

/// Gives the connection back if it can be used again. One that is not given back is closed, and its statement stopped.
pub(super) fn leave<T>(
    lease: Lease,
    deadline: Duration,
    read: Result<Result<Read<T>, Fault>, Elapsed>,
) -> Result<T, Fault> {
    match read {
        Ok(Ok(Read::Whole(told))) => {
            lease.settle();
            Ok(told)
        }
        Ok(Ok(Read::LeftOff(told))) => Ok(told),
        Ok(Err(fault)) => {
            if !fault.is_of_the_session() {
                lease.settle();
            }
            Err(fault)
        }
        Err(_elapsed) => Err(Fault::Timeout(Overrun::Deadline(deadline))),
    }
}

/// What was told, and whether its connection has said all that it had to say.
pub(super) enum Read<T> {
    Whole(T),
    LeftOff(T),
}

pub(super) struct Reading<'a> {
    pub(super) gateway: &'a Inner,
    pub(super) statement: Statement<'a>,
    pub(super) order: &'a Order<'a>,
    pub(super) executed: &'a mut Option<String>,
}

/// The text that fetches the rows, and how each column of it is read.
pub(super) struct Fetch {
    pub(super) text: Wrapped,
    pub(super) forms: Arc<[Form]>,
}

impl Reading<'_> {
    async fn ask(mut self, connection: &mut PgConnection) -> Result<Read<Answer>, Fault> {
        let rows = self.rows();
        let fetch = self.fetch(connection, rows).await?;
        let Self { gateway, statement, order: _, executed } = self;
        let executed = executed.get_or_insert_default();
        if rows == 0 {
            return Ok(Read::Whole(answer(statement, Collected::nothing(), executed)));
        }
        if let Some(most) = gateway.tools.max_cost {
            let question = wrap::explained(&fetch.text);
            executed.clone_from(&question.text);
            explain::bound(gateway, connection, &question, most).await?;
        }
        executed.clone_from(&fetch.text.text);
        let started = Instant::now();
        let collected = collect(connection, &fetch, statement.columns, rows, gateway)
            .await
            .map_err(|error| Fault::running(&error, gateway.patience, started.elapsed(), &fetch.text.agents))
            .inspect_err(|fault| {
                if fault.tells_that_the_catalog_changed() {
                    gateway.shapes.forget();
                }
            })?;
        let whole = collected.whole;
        let answer = answer(statement, collected, executed);
        Ok(if whole { Read::Whole(answer) } else { Read::LeftOff(answer) })
    }

    pub(super) fn rows(&self) -> u64 {
        effective_rows(self.order.limit, self.statement.limit, self.gateway.limits)
    }

    /// Learns the types of the columns where they are not known, and writes the text that fetches `rows` rows of them.
    pub(super) async fn fetch(&mut self, connection: &mut PgConnection, rows: u64) -> Result<Fetch, Fault> {
        let Self { gateway, statement, order, executed } = self;
        let note = wrap::note(order.attempt, order.person, order.client);
        let shape = shape(statement.text);
        let known = if rows == 0 { None } else { gateway.shapes.forms(shape.as_deref()) };
        let forms = if let Some(forms) = known {
            forms
        } else {
            let types = wrap::types(&note, statement.text, statement.columns.len());
            **executed = Some(types.text.clone());
            let forms: Arc<[Form]> = learn_forms(gateway, connection, &types).await?.into();
            gateway.shapes.learn(shape, &forms);
            forms
        };
        let cell = usize::try_from(gateway.limits.cell).unwrap_or(usize::MAX - 1);
        let text = wrap::rows(&note, statement.text, &forms, rows.saturating_add(1), cell.saturating_add(1));
        Ok(Fetch { text, forms })
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
        summary: collected.summary,
        lag: None,
        executed: executed.to_owned(),
    }
}
