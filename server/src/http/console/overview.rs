//! The front page: what goes on, for those who may know; what this is, for everybody else.

use super::audit::{count, rows};
use super::frame::{Teller, shell};
use super::usage::{buckets, shown, with};
use crate::flow::health::ready;
use crate::flow::overview::{Figures, overview};
use crate::flow::surface::surface;
use crate::flow::usage::Sums;
use crate::flow::{Failure, Portcullis, alert};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::router::Site;
use crate::http::{problem, welcome};
use crate::model::window::Window;
use app::overview::{
    AlertLine, Figure, Health, HealthLine, Latency, OverviewFigures, OverviewModel, OverviewPage,
};
use app::parts::{Ranked, Section};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::time::Duration;

/// Alerts that are shown.
const ALERTS: usize = 5;

/// What the address tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    window: String,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    auditor: Result<Auditor, Response>,
    Query(asked): Query<Asked>,
) -> Response {
    let Ok(Auditor(operator)) = auditor else { return welcome::show(State(site)).await };
    let window = Window::named(&asked.window).unwrap_or(Window::Day);
    match model(&site, &operator, window).await {
        Ok(model) => page(StatusCode::OK, "Overview", || OverviewPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn model(site: &Site, operator: &Operator, window: Window) -> Result<OverviewModel, Failure> {
    let portcullis = &site.portcullis;
    let overview = overview(portcullis, window).await?;
    let teller = Teller::new(portcullis, operator);
    let found = overview.figures;
    let relations = found.top_relations.iter().map(|ranked| Ranked {
        name: ranked.name.clone(),
        count: count(ranked.calls),
        href: with("/audit/queries", "relation", &ranked.name),
    });
    let people = found.top_people.iter().map(|(name, calls)| Ranked {
        name: name.clone(),
        count: count(*calls),
        href: format!("/usage/{name}"),
    });
    let alerts = alert::board(portcullis).await?.open.into_iter().take(ALERTS);
    Ok(OverviewModel {
        shell: shell(site, operator, Section::Overview).await?,
        window: shown(window),
        calls: buckets(&found.trend),
        latency: found.latency.map(|latency| Latency {
            p50_us: micros(latency.p50),
            p95_us: micros(latency.p95),
            p99_us: micros(latency.p99),
        }),
        relations: relations.collect(),
        people: people.collect(),
        refusals: rows(teller, overview.refused),
        alerts: alerts
            .map(|alert| AlertLine { text: alert.message(), at: teller.moment(alert.at) })
            .collect(),
        health: health(portcullis).await,
        figures: figures(&found),
    })
}

fn figures(found: &Figures) -> OverviewFigures {
    let figure = |of: fn(&Sums) -> i64| Figure {
        total: count(of(&found.sums)),
        trend: found.trend.iter().map(|sums| count(of(sums))).collect(),
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

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// What is known without asking for long: the warehouse's catalogue was read within the last minute.
async fn health(portcullis: &Portcullis) -> Vec<HealthLine> {
    let line = |name: String, health: Health, words: String| HealthLine { name, health, words };
    let mut lines = vec![match ready(portcullis).await {
        Ok(()) => line("Store".to_owned(), Health::Good, "answers, and is up to date".to_owned()),
        Err(fault) => line("Store".to_owned(), Health::Fault, fault.to_string()),
    }];
    for profile in portcullis.profiles() {
        let name = format!("Warehouse, profile {}", profile.name);
        lines.push(match surface(profile).await {
            Ok(reading) => {
                let gaps = reading.catalog.gaps.len();
                let relations = reading.catalog.relations.len();
                if gaps == 0 {
                    line(name, Health::Good, format!("answers; {relations} relations can be read"))
                } else {
                    line(name, Health::Warning, format!("{gaps} of what it declares cannot be read"))
                }
            }
            Err(fault) => line(name, Health::Fault, format!("{fault:#}")),
        });
    }
    let words = "the page of the surface tells what each role can really reach";
    lines.push(line("Roles and grants".to_owned(), Health::NotChecked, words.to_owned()));
    lines
}
