//! What an operator should look at, and what is held at this moment.

use super::frame::{Teller, held, shell};
use crate::flow::manage_person::Change;
use crate::flow::{Failure, alert, pause};
use crate::http::extract::form::{Form, Nothing};
use crate::http::extract::operator::{Administrator, Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::alert::{Alert, AlertKind};
use crate::model::pause::Scope;
use app::alerts::{Acknowledged, AlertRow, AlertsModel, AlertsPage, PauseRow, Threshold};
use app::parts::Section;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

const PATH: &str = "/alerts";

pub(in crate::http) async fn show(State(site): State<Site>, Auditor(operator): Auditor) -> Response {
    match model(&site, &operator).await {
        Ok(model) => page(StatusCode::OK, "Alerts", || AlertsPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator) -> Result<AlertsModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let board = alert::board(portcullis).await?;
    let acknowledged = board.acknowledged.into_iter().filter_map(|alert| {
        let (by, at) = alert.acknowledged.clone()?;
        Some(Acknowledged { alert: row(&alert, teller), by, at: teller.moment(at) })
    });
    let pauses = pause::list(portcullis).await?.into_iter().map(|pause| PauseRow {
        kind: pause.scope.kind().to_owned(),
        key: pause.scope.key(),
        paused: held(&pause, teller),
        subject: pause.subject,
    });
    let thresholds = portcullis.tripwires().0.iter().map(|tripwire| Threshold {
        decision: tripwire.watched.word().to_owned(),
        window: humantime::format_duration(tripwire.window).to_string(),
        count: tripwire.threshold,
    });
    Ok(AlertsModel {
        shell: shell(site, operator, Section::Alerts).await?,
        open: board.open.iter().map(|alert| row(alert, teller)).collect(),
        acknowledged: acknowledged.collect(),
        pauses: pauses.collect(),
        thresholds: thresholds.collect(),
    })
}

pub(super) fn row(alert: &Alert, teller: Teller<'_>) -> AlertRow {
    let href = match alert.kind {
        AlertKind::Usage | AlertKind::Budget | AlertKind::Canary => Some(format!("/usage/{}", alert.subject)),
        AlertKind::ProfileGained | AlertKind::SeveralProfiles => {
            Some(format!("/audit/events?person={}", alert.subject))
        }
        AlertKind::Drift | AlertKind::SelfTest => Some("/surface".to_owned()),
    };
    AlertRow {
        id: alert.id.to_string(),
        at: teller.moment(alert.at),
        kind: alert.kind.code().replace('_', " "),
        text: alert.message(),
        href,
    }
}

#[derive(Deserialize)]
pub(in crate::http) struct Row {
    id: Uuid,
}

pub(in crate::http) async fn acknowledge(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Form(Row { id }): Form<Row>,
) -> Response {
    match alert::acknowledge(&site.portcullis, id, operator.name()).await {
        Ok(true) => operator.done(&site, "The alert is put away.", PATH),
        Ok(false) => operator.done(&site, "Somebody had put it away before.", PATH),
        Err(failure) => problem::failed(&failure),
    }
}

pub(in crate::http) async fn hold_everything(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Form(Nothing {}): Form<Nothing>,
) -> Response {
    let paused = pause::pause(&site.portcullis, Scope::Everything, "everything", operator.name()).await;
    told(&site, &operator, paused, "Everything is paused: no agent reads anything.")
}

#[derive(Deserialize)]
pub(in crate::http) struct Held {
    kind: String,
    #[serde(default)]
    key: String,
}

pub(in crate::http) async fn resume(
    State(site): State<Site>,
    Administrator(operator): Administrator,
    Form(Held { kind, key }): Form<Held>,
) -> Response {
    let Some(scope) = Scope::named(&kind, &key) else { return problem::no_page() };
    let resumed = pause::resume(&site.portcullis, &scope, operator.name()).await;
    told(&site, &operator, resumed, "It may read again.")
}

fn told(site: &Site, operator: &Operator, result: Result<Change, Failure>, done: &str) -> Response {
    match result {
        Ok(Change::Made) => operator.done(site, done, PATH),
        Ok(Change::NotNeeded) => operator.done(site, "Nothing had to change: it was so before.", PATH),
        Err(failure) => problem::failed(&failure),
    }
}
