//! The record, for those who may look into it.

pub(in crate::http) mod denials;
pub(in crate::http) mod events;
pub(in crate::http) mod export;
mod fields;
pub(in crate::http) mod listing;
pub(in crate::http) mod queries;
pub(in crate::http) mod query;

use super::frame::{Teller, decision};
use crate::flow::review_calls::CallLine;
use crate::http::extract::operator::Operator;
use crate::http::problem;
use app::parts::CallRow;
use app::query::Link;
use axum::http::StatusCode;
use axum::response::Response;
use std::fmt::Display;

/// Lists are called for from a place that is none.
fn no_such_place() -> Response {
    let text = "The address is mistyped: it does not say where in the list to go on.";
    problem::rendered(StatusCode::UNPROCESSABLE_ENTITY, "There is no such place in the list", text)
}

/// A call as a line of a list, which leads to everything that is recorded about it.
pub(in crate::http) fn call_row(call: CallLine, teller: Teller<'_>) -> CallRow {
    CallRow {
        at: teller.moment(call.at),
        href: Some(format!("/audit/queries/{}", call.id)),
        person: Some(call.person),
        client: call.client,
        tool: call.tool,
        profile: call.profile,
        decision: decision(&call.decision),
        reason: call.reason,
        asked: call.asked,
        rows: count(call.row_count),
        bytes: count(call.byte_count),
        duration_us: count(call.duration_us),
    }
}

/// Counts of the record are never negative.
pub(in crate::http) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A person: their own page for those who administer people, what their agents do for others.
fn person(operator: &Operator, username: &str) -> Link {
    let page = if operator.person().powers.admin { "people" } else { "usage" };
    Link::to(username, &format!("/{page}/{username}"))
}

fn client(operator: &Operator, id: impl Display, name: &str) -> Link {
    let href = operator.person().powers.admin.then(|| format!("/clients/{id}"));
    Link { text: name.to_owned(), href }
}

/// A token, which can be revoked on the page of its person.
fn token(operator: &Operator, id: impl Display, username: &str) -> Link {
    let href = operator.person().powers.admin.then(|| format!("/people/{username}"));
    Link { text: id.to_string(), href }
}

fn profile(name: &str) -> Link {
    Link::to(name, &format!("/surface#profile-{name}"))
}
