//! The first page: what goes on for those who may look into the record, one's account for everybody else, and what this
//! is for strangers.

use super::HOME;
use super::audit::listing::Address;
use super::audit::{call_row, count};
use super::frame::{Teller, shell};
use super::usage::{buckets, not_to_be_had, shown, window};
use crate::flow::check::Finding;
use crate::flow::health::{Condition, Found, conditions};
use crate::flow::overview::{Figures, overview};
use crate::flow::seal_state::{LastCheckpoint, LastVerified, PATIENCE, SealState, seal_state};
use crate::flow::usage::Sums;
use crate::flow::{Failure, alert};
use crate::http::extract::operator::Operator;
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, welcome};
use crate::model::window::Window;
use app::overview::{
    AlertLine, Figure, Health, HealthLine, Latency, OverviewFigures, OverviewModel, OverviewPage,
};
use app::parts::number::{counted, duration_us};
use app::parts::{Ranked, Section};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::time::Duration;

/// Alerts that are told here; their own page has them all.
const ALERTS: i64 = 5;

pub(in crate::http) async fn show(
    State(site): State<Site>,
    operator: Option<Operator>,
    address: Address,
) -> Response {
    let Some(operator) = operator else { return welcome::show(&site) };
    if !operator.person().powers.can_audit() {
        return Redirect::to(HOME).into_response();
    }
    let Some(window) = window(&address) else { return not_to_be_had() };
    match model(&site, &operator, window).await {
        Ok(model) => page(StatusCode::OK, "Overview", || OverviewPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator, window: Window) -> Result<OverviewModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let (found, conditions) = tokio::join!(overview(portcullis, window), conditions(portcullis));
    let found = found?;
    let alerts = alert::newest_open(portcullis, ALERTS).await?;
    let mut health: Vec<_> = conditions.into_iter().map(health).collect();
    if let Some(until) = found.behind {
        let words = format!(
            "many calls came in at once; those after {} are not counted yet",
            teller.moment(until).shown
        );
        health.push(HealthLine { name: "Record".to_owned(), health: Health::Warning, words });
    }
    health.push(seals(seal_state(portcullis).await.map_err(Failure::from)?, teller));
    let Figures { trend, latency, top_relations, top_people, .. } = &found.figures;
    // The record is asked by moments of the clock, not by stretches that move on.
    let calls =
        Address::new("/audit/queries").with("from", operator.person().zone.write(found.figures.since));
    let relation = |name: &str| calls.with("relation", name).to_string();
    Ok(OverviewModel {
        shell: shell(site, operator, Section::Overview).await?,
        window: shown(window),
        figures: figures(&found.figures),
        calls: buckets(trend),
        latency: latency.map(|latency| Latency {
            p50_us: micros(latency.p50),
            p95_us: micros(latency.p95),
            p99_us: micros(latency.p99),
        }),
        relations: top_relations
            .iter()
            .map(|one| Ranked { name: one.name.clone(), count: count(one.calls), href: relation(&one.name) })
            .collect(),
        people: top_people
            .iter()
            .map(|(name, calls)| Ranked {
                name: name.clone(),
                count: count(*calls),
                href: format!("/usage/{name}"),
            })
            .collect(),
        refusals: found.refused.into_iter().map(|line| call_row(line, teller)).collect(),
        alerts: alerts
            .iter()
            .map(|alert| AlertLine { text: alert.message(), at: teller.moment(alert.at) })
            .collect(),
        health,
    })
}

fn figures(found: &Figures) -> OverviewFigures {
    let figure = |part: fn(&Sums) -> i64| Figure {
        total: count(part(&found.sums)),
        trend: found.trend.iter().map(|point| count(part(point))).collect(),
    };
    OverviewFigures {
        calls: figure(Sums::calls),
        refusals: figure(|sums| sums.refused),
        failures: figure(|sums| sums.failed + sums.unfinished),
        denials: figure(|sums| sums.denied),
        rows: figure(|sums| sums.rows),
        bytes: figure(|sums| sums.bytes),
        people: Figure { total: u64::try_from(found.people).unwrap_or(u64::MAX), trend: Vec::new() },
    }
}

/// How the chain over the record stands.
fn seals(state: SealState, teller: Teller<'_>) -> HealthLine {
    let behind = state.behind.map(Duration::try_from).and_then(Result::ok);
    let sealed = match behind {
        Some(behind) => {
            format!("{} sealed, {} s behind", counted(state.rows, "row", "rows"), behind.as_secs())
        }
        None => "nothing was sealed yet".to_owned(),
    };
    let checkpoint = match &state.checkpoint {
        Some(LastCheckpoint { at, key_id: Some(key), .. }) => {
            format!("the last checkpoint, of {}, is signed by key {key}", teller.moment(*at).shown)
        }
        Some(LastCheckpoint { at, .. }) => {
            format!("the last checkpoint, of {}, is not signed: there is no key", teller.moment(*at).shown)
        }
        None => "there is no checkpoint yet".to_owned(),
    };
    let verified = match &state.verified {
        Some(LastVerified { at, finding: None }) => {
            format!("verified {}: every row was as it was sealed", teller.moment(*at).shown)
        }
        Some(LastVerified { at, finding: Some(finding) }) => {
            format!("verified {}: {finding}", teller.moment(*at).shown)
        }
        None => "never verified".to_owned(),
    };
    let health = if state.verified.is_some_and(|verified| verified.finding.is_some()) {
        Health::Fault
    } else if state.behind.is_none_or(|behind| behind > PATIENCE) {
        Health::Warning
    } else {
        Health::Good
    };
    HealthLine {
        name: "Seals of the record".to_owned(),
        health,
        words: format!("{sealed}; {checkpoint}; {verified}"),
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn health(Condition { part, found }: Condition) -> HealthLine {
    let name = match part.strip_prefix("profiles.") {
        Some(profile) => format!("Profile {profile}"),
        None => "Store".to_owned(),
    };
    let (health, words) = match found {
        Found::Well(took) => (Health::Good, format!("looked through within {}", duration_us(micros(took)))),
        Found::NoAnswer => (Health::Warning, "gave no answer in time: it is busy, or away".to_owned()),
        Found::Wrong(findings) => {
            let health = if findings.iter().any(Finding::is_fault) { Health::Fault } else { Health::Warning };
            let more = findings.len().saturating_sub(1);
            let first = findings.into_iter().next().map(|finding| finding.message).unwrap_or_default();
            let more = u64::try_from(more).ok().filter(|more| *more > 0);
            let more = more.map(|more| format!("; and {}", counted(more, "more finding", "more findings")));
            (health, format!("{first}{}", more.unwrap_or_default()))
        }
    };
    HealthLine { name, health, words }
}
