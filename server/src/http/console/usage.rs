//! How much each person's agents read.

use super::audit::listing::Address;
use super::audit::{call_row, count};
use super::frame::{Teller, shell};
use crate::flow::budget;
use crate::flow::review_calls::{Look, review_calls};
use crate::flow::usage::{Conduct, PersonUsage, Sums, add_trends, usage, usage_of};
use crate::flow::{Failure, Portcullis, people};
use crate::http::extract::operator::{Auditor, Operator};
use crate::http::page::page;
use crate::http::problem;
use crate::http::router::Site;
use crate::model::budget::{Force, Measured};
use crate::model::person::{Person, Username};
use crate::model::review::CallFilter;
use crate::model::tripwire::Watched;
use crate::model::window::Window;
use app::parts::{Bucket, BudgetRow, Order, Ranked, Section, Spent, Window as Shown};
use app::usage::{Measure, UsageFigures, UsageModel, UsagePage, UsageRow, UsageSort};
use app::usage_person::{UsagePersonModel, UsagePersonPage};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::time::Duration;

const PATH: &str = "/usage";
/// People on a page.
const LINES: usize = 40;
/// Calls, and relations, on the page of a person.
const MOST: usize = 10;

/// How the page is wanted.
struct Wish {
    window: Window,
    sort: UsageSort,
    order: Order,
    /// So many people are left out, since they were on earlier pages.
    skip: usize,
}

impl Wish {
    /// `None` where an address asks for what there is not.
    fn read(address: &Address) -> Option<Self> {
        let sort = match address.typed("sort").as_str() {
            "" => UsageSort::Allowed,
            code => UsageSort::ALL.into_iter().find(|sort| sort.code() == code)?,
        };
        let order = match address.typed("order").as_str() {
            "" if sort == UsageSort::Person => Order::Ascending,
            "" | "desc" => Order::Descending,
            "asc" => Order::Ascending,
            _ => return None,
        };
        let skip = match address.typed("skip").as_str() {
            "" => 0,
            number => number.parse().ok()?,
        };
        Some(Self { window: window(address)?, sort, order, skip })
    }
}

/// The window that an address asks for, a day by default; `None` where there is no such window.
pub(super) fn window(address: &Address) -> Option<Window> {
    match address.typed("window").as_str() {
        "" => Some(Window::Day),
        code => Window::named(code),
    }
}

/// The same window, for a page.
pub(super) const fn shown(window: Window) -> Shown {
    match window {
        Window::Hour => Shown::Hour,
        Window::Day => Shown::Day,
        Window::Week => Shown::Week,
    }
}

/// What an address asks for is not to be had.
pub(super) fn not_to_be_had() -> Response {
    let text = "The address is mistyped: it asks for a time or an order that there is not.";
    problem::rendered(StatusCode::UNPROCESSABLE_ENTITY, "This cannot be shown", text)
}

pub(in crate::http) async fn list(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    address: Address,
) -> Response {
    let Some(wish) = Wish::read(&address) else { return not_to_be_had() };
    match everybody(&site, &operator, (&address, wish)).await {
        Ok(model) => page(StatusCode::OK, "Usage", || UsagePage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn everybody(
    site: &Site,
    operator: &Operator,
    (address, wish): (&Address, Wish),
) -> Result<UsageModel, Failure> {
    let Wish { window, sort, order, skip } = wish;
    let found = usage(&site.portcullis, window).await?;
    let all = found.people.len();
    let mut people = found.people;
    people.sort_by_key(|person| key(person, sort));
    if order == Order::Descending {
        people.reverse();
    }
    let mut people: Vec<_> = people.into_iter().skip(skip).take(LINES).collect();
    add_trends(&site.portcullis, found.since, &mut people).await?;
    let rows: Vec<_> = people.iter().map(|person| row(&site.portcullis, person, window)).collect();
    let first = address.without("skip");
    let beyond = skip.saturating_add(rows.len());
    let teller = Teller::new(&site.portcullis, operator);
    Ok(UsageModel {
        shell: shell(site, operator, Section::Usage).await?,
        window: shown(window),
        sort,
        order,
        shown: if all > rows.len() { format!("{} of {all} people", rows.len()) } else { String::new() },
        rows,
        first: (skip > 0).then(|| first.to_string()),
        next: (beyond < all).then(|| first.with("skip", beyond).to_string()),
        behind: found.behind.map(|until| teller.moment(until)),
    })
}

/// Names make every order a certain one.
fn key(person: &PersonUsage, sort: UsageSort) -> (i64, String) {
    let sums = &person.sums;
    let number = match sort {
        UsageSort::Person => 0,
        UsageSort::Allowed => sums.allowed,
        UsageSort::Refused => sums.refused,
        UsageSort::Failed => sums.failed,
        UsageSort::Denied => sums.denied,
        UsageSort::Rows => sums.rows,
        UsageSort::Bytes => sums.bytes,
    };
    (number, person.username.clone())
}

fn row(portcullis: &Portcullis, person: &PersonUsage, window: Window) -> UsageRow {
    UsageRow {
        href: format!("{PATH}/{}", person.username),
        figures: figures(portcullis, &person.sums, window),
        trend: person.trend.iter().map(|point| count(point.calls())).collect(),
        person: person.username.clone(),
    }
}

/// What one person's agents did, beside the thresholds of the same window.
fn figures(portcullis: &Portcullis, sums: &Sums, window: Window) -> UsageFigures {
    let length = Duration::try_from(window.length()).unwrap_or_default();
    let measure = |watched, number| {
        let threshold = portcullis.tripwires().threshold(watched, length);
        let value = count(number);
        Measure { value, threshold, is_over: threshold.is_some_and(|threshold| value >= threshold) }
    };
    UsageFigures {
        allowed: measure(Watched::Allowed, sums.allowed),
        refused: measure(Watched::Refused, sums.refused),
        failed: count(sums.failed + sums.unfinished),
        denied: measure(Watched::Denied, sums.denied),
        rows: count(sums.rows),
        bytes: count(sums.bytes),
    }
}

/// What became of the calls of each stretch.
pub(super) fn buckets(trend: &[Sums]) -> Vec<Bucket> {
    let bucket = |point: &Sums| Bucket {
        allowed: count(point.allowed),
        refused: count(point.refused),
        failed: count(point.failed + point.unfinished),
    };
    trend.iter().map(bucket).collect()
}

pub(in crate::http) async fn show(
    State(site): State<Site>,
    Auditor(operator): Auditor,
    Path(username): Path<String>,
) -> Response {
    let Ok(username) = username.parse::<Username>() else { return problem::no_page() };
    let person = match people::find(&site.portcullis, &username).await {
        Ok(Some(person)) => person,
        Ok(None) => return problem::no_page(),
        Err(failure) => return problem::failed(&failure),
    };
    let title = format!("Usage of {username}");
    match one(&site, &operator, person).await {
        Ok(model) => page(StatusCode::OK, &title, || UsagePersonPage(model)),
        Err(failure) => problem::failed(&failure),
    }
}

async fn one(site: &Site, operator: &Operator, person: Person) -> Result<UsagePersonModel, Failure> {
    let portcullis = &site.portcullis;
    let teller = Teller::new(portcullis, operator);
    let Conduct { windows, habits } = usage_of(portcullis, &person).await?;
    let of = |window: Window| {
        let usage = Window::ALL.iter().zip(&windows).find(|(one, _)| **one == window);
        figures(portcullis, &usage.map(|(_, usage)| usage.sums).unwrap_or_default(), window)
    };
    let calls = Address::new("/audit/queries").with("person", &person.username);
    let relations = habits.into_iter().filter(|habit| habit.kind == "relation").take(MOST);
    let filter = CallFilter { person_id: Some(person.id), ..CallFilter::default() };
    let latest = review_calls(portcullis, &filter, Look::at(None)).await?.page.lines;
    let budgets = budgets(portcullis, &person, teller).await?;
    Ok(UsagePersonModel {
        shell: shell(site, operator, Section::Usage).await?,
        windows: Window::ALL.map(of),
        budgets,
        week: windows.last().map(|week| buckets(&week.trend)).unwrap_or_default(),
        relations: relations
            .map(|habit| Ranked {
                href: calls.with("relation", &habit.name).to_string(),
                count: count(habit.calls),
                name: habit.name,
            })
            .collect(),
        latest: latest.into_iter().take(MOST).map(|line| call_row(line, teller)).collect(),
        person_href: operator.person().powers.admin.then(|| format!("/people/{}", person.username)),
        calls_href: calls.to_string(),
        username: person.username.to_string(),
        display_name: person.display_name,
    })
}

/// How the budgets of whatever a person holds stand.
pub(super) async fn budgets(
    portcullis: &Portcullis,
    person: &Person,
    teller: Teller<'_>,
) -> Result<Vec<BudgetRow>, Failure> {
    let standings = budget::standings(portcullis, person.id).await?;
    let row = |standing: budget::Standing| BudgetRow {
        measured: match standing.budget.measured {
            Measured::Calls => Spent::Calls,
            Measured::Rows => Spent::Rows,
            Measured::Bytes => Spent::Bytes,
        },
        window: humantime::format_duration(standing.budget.window).to_string(),
        used: standing.used.of(standing.budget.measured),
        most: standing.budget.most,
        is_hard: standing.budget.force == Force::Hard,
        resets: teller.moment(standing.used.resets_at()),
        profile: standing.profile,
    };
    Ok(standings.into_iter().map(row).collect())
}
