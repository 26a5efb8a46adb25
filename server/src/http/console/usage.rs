//! How much people's agents read, beside the thresholds that raise an alert.

use super::audit::{count, rows};
use super::frame::{Teller, shell};
use crate::flow::usage::{PersonUsage, Sums, usage, usage_of};
use crate::flow::{Failure, people};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::person::Person;
use crate::model::tripwire::Watched;
use crate::model::window::Window;
use app::parts::{Bucket, Order, Ranked, Section, Window as Shown};
use app::usage::{Measure, UsageFigures, UsageModel, UsagePage, UsageRow, UsageSort};
use app::usage_person::{UsagePersonModel, UsagePersonPage};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use std::cmp::Reverse;

/// People of a page: those that stand first in the order that was asked for.
const ROWS: usize = 50;
/// Relations of a person.
const RELATIONS: usize = 10;

/// What the address tells.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http) struct Asked {
    window: String,
    sort: String,
    order: String,
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Query(asked): Query<Asked>,
) -> Response {
    match of_everybody(&site, &operator, &asked).await {
        Ok(model) => page(StatusCode::OK, "Usage", || UsagePage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn of_everybody(site: &Site, operator: &Operator, asked: &Asked) -> Result<UsageModel, Failure> {
    let window = Window::named(&asked.window).unwrap_or(Window::Day);
    let (sort, order) = (sort(&asked.sort), order(asked));
    let mut usage = usage(&site.portcullis, window).await?;
    sorted(&mut usage.people, sort, order);
    usage.people.truncate(ROWS);
    let row = |usage: PersonUsage| UsageRow {
        href: format!("/usage/{}", usage.username),
        figures: figures(site, window, &usage.sums),
        trend: usage.trend.iter().map(|sums| count(sums.calls())).collect(),
        person: usage.username,
    };
    Ok(UsageModel {
        shell: shell(site, operator, Section::Usage).await?,
        window: shown(window),
        sort,
        order,
        rows: usage.people.into_iter().map(row).collect(),
    })
}

fn sort(code: &str) -> UsageSort {
    let all = [
        UsageSort::Person,
        UsageSort::Refused,
        UsageSort::Failed,
        UsageSort::Denied,
        UsageSort::Rows,
        UsageSort::Bytes,
    ];
    all.into_iter().find(|sort| sort.code() == code).unwrap_or(UsageSort::Allowed)
}

/// Names from the first, numbers from the largest, unless it is asked for otherwise.
fn order(asked: &Asked) -> Order {
    match (asked.order.as_str(), sort(&asked.sort)) {
        ("asc", _) | ("", UsageSort::Person) => Order::Ascending,
        _ => Order::Descending,
    }
}

/// Those who are equal stand by name.
fn sorted(people: &mut [PersonUsage], sort: UsageSort, order: Order) {
    let number = |usage: &PersonUsage| match sort {
        UsageSort::Person => 0,
        UsageSort::Allowed => usage.sums.allowed,
        UsageSort::Refused => usage.sums.refused,
        UsageSort::Failed => usage.sums.failed + usage.sums.unfinished,
        UsageSort::Denied => usage.sums.denied,
        UsageSort::Rows => usage.sums.rows,
        UsageSort::Bytes => usage.sums.bytes,
    };
    people.sort_by(|one, other| one.username.cmp(&other.username));
    match order {
        Order::Ascending => people.sort_by_key(number),
        Order::Descending if sort == UsageSort::Person => people.reverse(),
        Order::Descending => people.sort_by_key(|usage| Reverse(number(usage))),
    }
}

fn figures(site: &Site, window: Window, sums: &Sums) -> UsageFigures {
    let measure = |watched: Watched, value: i64| {
        let length = window.length().unsigned_abs();
        let threshold = site.portcullis.tripwires().threshold(watched, length);
        let value = count(value);
        Measure { value, threshold, is_over: threshold.is_some_and(|threshold| value >= threshold) }
    };
    UsageFigures {
        allowed: measure(Watched::Allowed, sums.allowed),
        refused: measure(Watched::Refused, sums.refused),
        failed: count(sums.failed + sums.unfinished),
        denied: count(sums.denied),
        rows: count(sums.rows),
        bytes: count(sums.bytes),
    }
}

pub(in crate::http) async fn show_person(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(username): Path<String>,
) -> Response {
    let Ok(username) = username.parse() else { return problem::no_page() };
    let shown = match people::find(&site.portcullis, &username).await {
        Ok(Some(person)) => of_person(&site, &operator, &person).await,
        Ok(None) => return problem::no_page(),
        Err(failure) => Err(failure),
    };
    match shown {
        Ok(model) => page(StatusCode::OK, "Usage of a person", || UsagePersonPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn of_person(site: &Site, operator: &Operator, person: &Person) -> Result<UsagePersonModel, Failure> {
    let conduct = usage_of(&site.portcullis, person).await?;
    let figures = |window: Window| {
        let usage = Window::ALL.into_iter().zip(&conduct.windows).find(|(known, _)| *known == window);
        figures(site, window, &usage.map(|(_, usage)| usage.sums).unwrap_or_default())
    };
    let name = &person.username;
    let calls_href = format!("/audit/queries?person={name}");
    let read = conduct.habits.iter().filter(|habit| habit.kind == "relation").take(RELATIONS);
    let relations = read.map(|habit| Ranked {
        name: habit.name.clone(),
        count: count(habit.calls),
        href: with(&calls_href, "relation", &habit.name),
    });
    Ok(UsagePersonModel {
        shell: shell(site, operator, Section::Usage).await?,
        username: name.to_string(),
        display_name: person.display_name.clone(),
        person_href: operator.person().powers.admin.then(|| format!("/people/{name}")),
        windows: Window::ALL.map(figures),
        week: conduct.windows.last().map(|week| buckets(&week.trend)).unwrap_or_default(),
        relations: relations.collect(),
        latest: rows(Teller::new(&site.portcullis, operator), conduct.latest),
        calls_href,
    })
}

pub(super) fn buckets(trend: &[Sums]) -> Vec<Bucket> {
    let bucket = |sums: &Sums| Bucket {
        allowed: count(sums.allowed),
        refused: count(sums.refused),
        failed: count(sums.failed + sums.unfinished),
    };
    trend.iter().map(bucket).collect()
}

pub(super) fn shown(window: Window) -> Shown {
    match window {
        Window::Hour => Shown::Hour,
        Window::Day => Shown::Day,
        Window::Week => Shown::Week,
    }
}

/// An address with one more filter.
pub(super) fn with(address: &str, name: &str, value: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{name}={value}")
}
