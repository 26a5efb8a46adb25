//! The pages of the record: calls, denials, events, and all of them as files.

pub(in crate::http) mod denials;
pub(in crate::http) mod events;
mod export;
mod list;
pub(in crate::http) mod queries;
pub(in crate::http) mod query;

use crate::flow::review_calls::CallLine;
use crate::http::console::frame::Teller;
use crate::http::extract::operator::Operator;
use app::parts::{CallRow, Decision};
use app::query::Link;

/// Calls as every list of the console shows them.
pub(in crate::http) fn rows(teller: Teller<'_>, lines: Vec<CallLine>) -> Vec<CallRow> {
    let row = |line: CallLine| CallRow {
        at: teller.moment(line.at),
        href: Some(format!("/audit/queries/{}", line.id)),
        person: line.person,
        client: line.client,
        tool: line.tool,
        profile: line.profile,
        decision: decision(&line.decision),
        reason: line.reason,
        asked: line.sql,
        rows: count(line.row_count),
        bytes: count(line.byte_count),
        duration_us: count(line.duration_us),
    };
    lines.into_iter().map(row).collect()
}

pub(in crate::http) fn decision(code: &str) -> Decision {
    [Decision::Allowed, Decision::Refused, Decision::Failed]
        .into_iter()
        .find(|decision| decision.word() == code)
        .unwrap_or(Decision::Unfinished)
}

/// The store counts with a sign; nothing that it counts is negative.
pub(in crate::http) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A link to a page for administrators; for others only its text.
fn for_administrators(operator: &Operator, text: &str, href: &str) -> Link {
    if operator.person().powers.admin {
        Link::to(text, href)
    } else {
        Link { text: text.to_owned(), href: None }
    }
}
