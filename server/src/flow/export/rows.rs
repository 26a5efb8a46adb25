//! What each row of an export is called and holds.

use super::Wanted;
use crate::model::call::Ending;
use crate::model::review::ClientChoice;
use crate::store::denials::DenialLine;
use crate::store::events::EventLine;
use crate::store::record::WholeCall;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The columns of a call, in order.
const CALL: [&str; 28] = [
    "id",
    "at",
    "request_id",
    "person_id",
    "person",
    "profile",
    "token_id",
    "client_id",
    "client",
    "redirect",
    "ip",
    "user_agent",
    "tool",
    "arguments",
    "sql",
    "decision",
    "reason",
    "subject",
    "canonical_sql",
    "executed_sql",
    "relations",
    "functions",
    "row_count",
    "byte_count",
    "truncated",
    "duration_us",
    "ended_at",
    "error",
];

const DENIAL: [&str; 12] = [
    "id",
    "at",
    "request_id",
    "reason",
    "person_id",
    "person",
    "profile",
    "token_id",
    "client_id",
    "client",
    "ip",
    "user_agent",
];

const EVENT: [&str; 8] = ["id", "at", "kind", "actor", "person_id", "person", "subject", "detail"];

pub(super) fn of_call(call: &WholeCall) -> Value {
    json!({
        "id": call.id,
        "at": instant(call.at),
        "request_id": call.request_id,
        "person_id": call.person_id,
        "person": call.person,
        "profile": call.profile,
        "token_id": call.token_id,
        "client_id": call.client_id,
        "client": call.client,
        "redirect": call.redirect,
        "ip": call.ip,
        "user_agent": call.user_agent,
        "tool": call.tool,
        "arguments": call.arguments,
        "sql": call.sql,
        "decision": call.decision.as_deref().unwrap_or(Ending::Unfinished.code()),
        "reason": call.reason,
        "subject": call.subject,
        "canonical_sql": call.canonical_sql,
        "executed_sql": call.executed_sql,
        "relations": call.relations,
        "functions": call.functions,
        "row_count": call.row_count,
        "byte_count": call.byte_count,
        "truncated": call.truncated,
        "duration_us": call.duration_us,
        "ended_at": call.ended_at.map(instant),
        "error": call.error,
    })
}

pub(super) fn of_denial(denial: &DenialLine) -> Value {
    json!({
        "id": denial.id,
        "at": instant(denial.at),
        "request_id": denial.request_id,
        "reason": denial.reason,
        "person_id": denial.person_id,
        "person": denial.person,
        "profile": denial.profile,
        "token_id": denial.token_id,
        "client_id": denial.client_id,
        "client": denial.client,
        "ip": denial.ip,
        "user_agent": denial.user_agent,
    })
}

pub(super) fn of_event(event: &EventLine) -> Value {
    json!({
        "id": event.id,
        "at": instant(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "person_id": event.person_id,
        "person": event.person,
        "subject": event.subject,
        "detail": event.detail,
    })
}

impl Wanted {
    /// The word for it in addresses and in the record.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Calls(_) => "queries",
            Self::Denials(_) => "denials",
            Self::Events(_) => "events",
        }
    }

    pub(super) const fn columns(&self) -> &'static [&'static str] {
        match self {
            Self::Calls(_) => &CALL,
            Self::Denials(_) => &DENIAL,
            Self::Events(_) => &EVENT,
        }
    }

    /// The filter as the record keeps it.
    pub(super) fn told(&self) -> Value {
        let mut told = match self {
            Self::Calls(filter) => {
                let (client_id, client) = ClientChoice::parts(filter.client.as_ref());
                json!({
                    "person_id": filter.person_id,
                    "profile": filter.profile,
                    "client_id": client_id,
                    "client": client,
                    "tool": filter.tool,
                    "decision": filter.ending.map(Ending::code),
                    "reason": filter.reason,
                    "relation": filter.relation,
                    "from": filter.from.map(instant),
                    "until": filter.until.map(instant),
                    "words": filter.text,
                })
            }
            Self::Denials(filter) => {
                let (client_id, client) = ClientChoice::parts(filter.client.as_ref());
                json!({
                    "person_id": filter.person_id,
                    "profile": filter.profile,
                    "client_id": client_id,
                    "client": client,
                    "reason": filter.reason,
                    "from": filter.from.map(instant),
                    "until": filter.until.map(instant),
                })
            }
            Self::Events(filter) => json!({
                "person_id": filter.person_id,
                "kind": filter.kind,
                "actor": filter.actor,
                "from": filter.from.map(instant),
                "until": filter.until.map(instant),
            }),
        };
        if let Value::Object(members) = &mut told {
            members.retain(|_, value| !value.is_null());
        }
        told
    }
}

fn instant(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Wanted, of_denial, of_event};
    use crate::model::review::{CallFilter, DenialFilter, EventFilter};
    use crate::store::denials::DenialLine;
    use crate::store::events::EventLine;
    use serde_json::{Value, json};
    use time::OffsetDateTime;
    use uuid::Uuid;

    fn names(row: &Value) -> Vec<&str> {
        row.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn every_value_has_its_column() {
        let (id, at) = (Uuid::nil(), OffsetDateTime::UNIX_EPOCH);
        let text = String::new;
        let denial = DenialLine {
            id,
            at,
            request_id: id,
            reason: text(),
            person_id: id,
            person: text(),
            profile: None,
            token_id: None,
            client_id: id,
            client: text(),
            ip: None,
            user_agent: None,
        };
        assert_eq!(names(&of_denial(&denial)), Wanted::Denials(DenialFilter::default()).columns());
        let event = EventLine {
            id,
            at,
            kind: text(),
            actor: text(),
            person_id: None,
            person: None,
            subject: text(),
            detail: Value::Null,
        };
        assert_eq!(names(&of_event(&event)), Wanted::Events(EventFilter::default()).columns());
    }

    #[test]
    fn what_is_not_filtered_is_not_told() {
        let filter = CallFilter { tool: Some("run_query".to_owned()), ..CallFilter::default() };
        assert_eq!(Wanted::Calls(filter).told(), json!({ "tool": "run_query" }));
    }
}
